//! The desired app client, its live state, and the actions between them.

use std::collections::BTreeSet;

use aws_sdk_cognitoidentityprovider::{error::BuildError, types::UserPoolClientType};
use stackctl_aws_client::request::error::AwsError;
use stackctl_engine::Ref;
use stackctl_stackfile::{units::Seconds, user_pool::Client as ClientOfFile};

use crate::user_pool::UserPool;

/// An app client without a secret.
pub struct UserPoolClient {
    /// Its name, which is unique among the pool's clients that stackctl creates.
    pub name: String,
    /// The pool.
    pub pool: Ref<UserPool>,
    /// Its section of the file.
    pub desired: ClientOfFile,
}

/// The live resource.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) pool: String,
    pub(super) id: String,
    pub(super) settings: ClientSettings,
    /// The whole description without the secret, which an update has to send back (COG-20).
    pub(super) described: UserPoolClientType,
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its id.
    pub id: String,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Refuse,
    Create,
    Update { from: ClientSettings, to: Box<ClientSettings> },
}

impl Live {
    /// The live client with the fields of the pool's listing.
    pub(super) fn listed(pool: String, name: String, id: String) -> Result<Live, AwsError> {
        Live::new(pool, Some(UserPoolClientType::builder().client_id(id).client_name(name).build()))
    }

    pub(super) fn new(pool: String, described: Option<UserPoolClientType>) -> Result<Live, AwsError> {
        let missing = || BuildError::missing_field("ClientId", "an app client has an id");
        let described = described.filter(|client| client.client_id.is_some());
        let mut described = described.ok_or_else(|| AwsError::unreadable("the app client", missing()))?;
        let settings = ClientSettings::read(&described);
        described.client_secret = None;
        Ok(Live { pool, id: described.client_id.clone().unwrap_or_default(), settings, described })
    }
}

/// The fields that a diff compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSettings {
    /// The lifetime of access tokens.
    pub access_token: Seconds,
    /// The lifetime of id tokens.
    pub id_token: Seconds,
    /// The lifetime of refresh tokens.
    pub refresh_token: Seconds,
    /// The ways to sign in (COG-25).
    pub flows: BTreeSet<String>,
    /// Whether the answer to a wrong user name hides that the user does not exist.
    pub hides_users: bool,
    /// Whether signing out revokes refresh tokens.
    pub revocation: bool,
    /// How long a refresh token works after the next one was given; `None`: refresh tokens do not rotate (COG-118).
    pub rotation: Option<Seconds>,
    /// The OAuth settings if OAuth is on; it is off in every client of stackctl (COG-61).
    pub oauth: Option<OAuth>,
    /// Whether it has a secret (COG-22).
    pub secret: bool,
}

/// Sign-in by the pages of a user pool's domain, which send tokens or codes to the callback URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    pub(super) flows: BTreeSet<String>,
    pub(super) callbacks: BTreeSet<String>,
    pub(super) providers: BTreeSet<String>,
}
