//! A Cognito user pool and its app clients.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use self::email::Email;

use stackctl_yaml::{problem::Problem, tree::Node};

use crate::{
    read::{
        choice::choice,
        definitions::Definitions,
        existing::{EXISTING, refuse_others},
        kind::Kind,
        reader::{Read, Reader},
        record::record,
        reference::Named,
    },
    values::{
        names::{ClientId, ClientName, GroupName, LogicalName, UserPoolId, UserPoolName},
        range::{Days, Lasting, Whole},
        units::Seconds,
    },
};

pub mod email;
mod sign_in;

pub use self::sign_in::UsernameAttribute;

record! {
    "a user pool";
    /// A user pool: who may sign in.
    pub struct UserPool {
        /// Its name in AWS, when it is not the computed one.
        pub name: Option<UserPoolName>,
        /// The id of a user pool that others made. The stack uses it, and changes and deletes nothing of it; only `clients`
        /// may stand beside it. Default: the pool is the stack's own.
        pub existing: Option<UserPoolId>,
        /// Who may make an account. Default: `admin`.
        pub sign_up: SignUp = "admin",
        /// How people set another password when they forgot theirs. Default: as it is in AWS; a new pool sends a code to
        /// a verified address.
        pub recovery: Option<Recovery>,
        /// Whether people sign in with a second factor, an authenticator app. Default: as it is in AWS; off in a new pool.
        pub mfa: Option<Mfa>,
        /// Who sends the mails. Default: as it is in AWS; Cognito itself in a new pool, with 50 mails a day at most.
        pub email: Option<Email>,
        /// Which features the pool has, and what a user costs. Default: as it is in AWS; `essentials` in a new pool.
        pub tier: Option<Tier>,
        /// The password policy.
        pub password: PasswordPolicy,
        /// Whether AWS refuses to delete the pool until it is lifted. Default: true.
        pub deletion_protection: bool = "true",
        /// Its groups. People join them by `stackctl group add`.
        pub groups: BTreeSet<GroupName>,
        /// Its app clients.
        pub clients: BTreeMap<LogicalName, Client>,
    }
    group {
        /// What people sign in with besides a user name.
        pub sign_in_with: BTreeSet<UsernameAttribute>,
    }
    check = |it: &UserPool, node: &Node, reader: &mut Reader<'_>| match it.existing {
        Some(_) => refuse_others(node, reader, "user pool", &UserPool::fields(), &["clients"], |_| None),
        None => {
            for name in it.clients.iter().filter(|(_, it)| it.existing.is_some()).map(|(name, _)| name) {
                let span = node.key_span_at(&["clients", name.as_str(), EXISTING]);
                let label = "the pool is the stack's own";
                let problem = Problem::new(span, "an existing app client of another pool", label);
                reader.tell(problem.help("name the client's pool too: `existing: POOL-ID` beside `clients`"));
            }
        }
    };
}

impl Named for UserPool {
    const KIND: Kind = Kind::UserPool;
}

choice! {
    "a value of `sign_up`";
    /// Who may make an account in a user pool.
    #[derive(Default)]
    pub enum SignUp {
        /// `admin`: only an administrator. The default.
        #[default]
        Admin = "admin",
        /// `open`: anyone.
        Open = "open",
    }
}

choice! {
    "a value of `recovery`";
    /// How people set another password when they forgot theirs.
    pub enum Recovery {
        /// `email`: with a code that Cognito sends to their verified address.
        Email = "email",
        /// `admin`: only an administrator gives them another one.
        Admin = "admin",
    }
}

choice! {
    "a value of `mfa`";
    /// Whether people sign in with a second factor, the code of an authenticator app.
    pub enum Mfa {
        /// `off`: no user does.
        Off = "off",
        /// `optional`: users who set it up.
        Optional = "optional",
        /// `required`: every user, who sets it up at a sign-in.
        Required = "required",
    }
}

choice! {
    "a tier of user pools";
    /// The features of a user pool, and its price.
    pub enum Tier {
        /// `lite`: the cheapest.
        Lite = "lite",
        /// `essentials`: AWS's default.
        Essentials = "essentials",
        /// `plus`: with threat protection.
        Plus = "plus",
    }
}

record! {
    "a password policy";
    /// The password policy.
    pub struct PasswordPolicy {
        /// 6 to 99 characters. Default: 8.
        pub minimum_length: u8 as Whole<u8, 6, 99> = "8",
        /// A lower-case letter. Default: true.
        pub lowercase: bool = "true",
        /// An upper-case letter. Default: true.
        pub uppercase: bool = "true",
        /// A digit. Default: true.
        pub digits: bool = "true",
        /// A symbol. Default: true.
        pub symbols: bool = "true",
        /// How long a temporary password works, whole days, 1 to 365. Default: 7 days.
        pub temporary_validity: Seconds as Days<1, 365> = "7d",
    }
}

record! {
    "an app client";
    /// An app client for a web page: SRP sign-in and refresh, no secret.
    pub struct Client {
        /// The id of an app client that others made, of a user pool with `existing`. No other key may stand beside it.
        /// Default: the client is the stack's own.
        pub existing: Option<ClientId>,
        /// Its name in AWS, when it is not the computed one.
        pub name: Option<ClientName>,
        /// How long an access token lives, 5 minutes to 1 day. Default: 1 hour.
        pub access_token: Seconds as Lasting<300, 86_400> = "1h",
        /// How long an id token lives, 5 minutes to 1 day. Default: 1 hour.
        pub id_token: Seconds as Lasting<300, 86_400> = "1h",
        /// How long a session can be renewed, 1 hour to 10 years. Default: 30 days.
        pub refresh_token: Seconds as Lasting<3_600, 315_360_000> = "30d",
        /// Whether each renewal of a session gives another refresh token. Default: no.
        pub refresh_token_rotation: Option<Rotation>,
    }
    check = |it: &Client, node: &Node, reader: &mut Reader<'_>| match it.existing {
        Some(_) => refuse_others(node, reader, "app client", &Client::fields(), &[], |_| None),
        None => refresh_is_longest(it, node, reader),
    };
}

record! {
    "a rotation of refresh tokens";
    /// The rotation of refresh tokens: each works once, and renewing a session gives the next.
    pub struct Rotation {
        /// How long the former token still works, 0 to 60 seconds: two tabs of a browser may renew at once. Default: 10 seconds.
        pub grace: Seconds as Lasting<0, 60> = "10s",
    }
}

fn refresh_is_longest(client: &Client, node: &Node, reader: &mut Reader<'_>) {
    let Client { existing: _, name: _, access_token, id_token, refresh_token, refresh_token_rotation: _ } =
        client;
    let longest = access_token.max(id_token);
    if refresh_token <= longest {
        let label = format!("{refresh_token} is not longer than the {longest} of the tokens it renews");
        let problem =
            Problem::new(node.span_at(&["refresh_token"]), "a session shorter than its tokens", label);
        reader
            .tell(problem.help(format!("make `refresh_token` longer than {longest}, or the others shorter")));
    }
}

/// The logical name of a user pool.
pub(crate) struct UserPoolKey;

impl Read for UserPoolKey {
    type Value = LogicalName;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<LogicalName> {
        let name = <LogicalName as Read>::read(node, reader)?;
        if name.as_str() == "none" {
            let label = "`authorizer: none` means that there is no authorizer";
            let problem = Problem::new(node.span, "not a user pool's name", label);
            reader.tell(problem.help("choose another name"));
            return None;
        }
        Some(name)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let mut schema = <LogicalName as Read>::schema(definitions);
        schema["not"] = serde_json::json!({ "const": "none" });
        schema
    }
}
