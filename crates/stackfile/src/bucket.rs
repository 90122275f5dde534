//! A private bucket that browsers may PUT into.

pub mod access;
pub mod events;
pub mod webhook;

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use self::{
    access::Access,
    events::{Event, Events},
    webhook::Webhook,
};

use stackctl_yaml::{
    problem::Problem,
    tree::{Node, Value},
};

use crate::{
    read::{
        choice::choice,
        definitions::Definitions,
        existing::refuse_others,
        kind::Kind,
        reader::{NonEmpty, Read, Reader},
        record::record,
        reference::Named,
    },
    values::{
        names::{BucketName, LogicalName},
        origin::Origins,
        range::{Days, Lasting},
        units::Seconds,
    },
};

record! {
    "a bucket";
    /// A private bucket.
    pub struct Bucket {
        /// Its name in AWS, when it is not the computed one.
        pub name: Option<BucketName>,
        /// The name of a bucket that others made. The stack uses it, and changes and deletes nothing of it; only `access`
        /// may stand beside it. Default: the bucket is the stack's own.
        pub existing: Option<BucketName>,
        /// The pages that may reach it from a browser. Without this key no page may.
        pub cors: Option<BucketCors>,
        /// Whether S3 keeps what is overwritten or deleted, as older versions. S3 can suspend this later, never undo it.
        /// Default: false.
        pub versioning: bool = "false",
        /// How long after its upload S3 deletes an object, whole days, 1 to 36500; with versioning, an older version as
        /// long after it was replaced. Default: never.
        pub expire: Option<Seconds> as Option<Days<1, 36_500>>,
        /// How long after its start S3 deletes the parts of an upload that was not finished, whole days, 1 to 365.
        /// Default: 7 days.
        pub abort_unfinished: Seconds as Days<1, 365> = "7d",
        /// The functions that are called when an object was created or deleted: `{ created: FUNCTION }`, or a list whose
        /// events have filters.
        pub events: Vec<Event> as Events,
        /// What people may do with objects, by path: `uploads/{sub}/: {owner: [put, get]}`. The built-in presign function
        /// evaluates it. Default: each person has `uploads/{sub}/`, with the function's grants.
        pub access: Access,
        /// The web server that gets a signed request when an object was created or deleted. stackctl adds the function
        /// that sends it, `NAME-webhook`.
        pub webhook: Option<Webhook>,
        /// What `destroy` does with objects in it.
        pub on_destroy: OnDestroy = "refuse",
    }
    check = |it: &Bucket, node: &Node, reader: &mut Reader<'_>| {
        if it.existing.is_some() {
            refuse_others(node, reader, "bucket", &Bucket::fields(), &["access"], |key| {
                ["events", "webhook"].contains(&key).then_some(NOTIFICATIONS)
            });
        }
    };
}

/// The way out of events of a bucket that others made.
const NOTIFICATIONS: &str = "S3 has one configuration of notifications for a bucket, and it is its owner's: have the \
                             owner call the function, or use a bucket of the stack's own";

impl Named for Bucket {
    const KIND: Kind = Kind::Bucket;
}

record! {
    "CORS of a bucket";
    /// CORS of a bucket. Which methods it opens follows from the grants of the stack's functions, PUT when there are none.
    pub struct BucketCors {
        /// Pages that may reach the bucket.
        pub origins: Origins,
        /// Request headers a page may send (`*`: any). Default: any.
        pub headers: BTreeSet<String> as Headers = "*",
        /// How long a browser may keep the answer of a preflight. Default: 5 minutes.
        pub max_age: Seconds as Lasting<0, 86_400> = "5m",
    }
}

choice! {
    "a value of `on_destroy`";
    /// What `destroy` does with a bucket that has objects.
    #[derive(Default)]
    pub enum OnDestroy {
        /// `refuse`: it stays, and destroy says so. The default.
        #[default]
        Refuse = "refuse",
        /// `empty`: every object and version is deleted, then the bucket.
        Empty = "empty",
        /// `keep`: the bucket stays, silently and on purpose.
        Keep = "keep",
    }
}

/// A logical name that can be part of a bucket's name.
pub(crate) struct BucketKey;

impl Read for BucketKey {
    type Value = LogicalName;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<LogicalName> {
        let name = <LogicalName as Read>::read(node, reader)?;
        if name.as_str().contains('_') {
            let problem = Problem::new(node.span, "not a bucket's name", "S3 takes no `_` in names");
            reader.tell(problem.help(format!("write `{}`", name.as_str().replace('_', "-"))));
            return None;
        }
        Some(name)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": 32, "pattern": "^[a-z][a-z0-9-]*$" })
    }
}

/// `"*"`, or a list of names of headers; a name may hold one `*`.
pub(crate) struct Headers;

impl Read for Headers {
    type Value = BTreeSet<String>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<BTreeSet<String>> {
        match &node.value {
            Value::Scalar { text, .. } if text == "*" => Some(BTreeSet::from([text.clone()])),
            _ => NonEmpty::<BTreeSet<Header>>::read(node, reader),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "const": "*" }, NonEmpty::<BTreeSet<Header>>::schema(definitions)] })
    }
}

struct Header;

impl Read for Header {
    type Value = String;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<String> {
        const WHAT: &str = "a header's name";
        let text = reader.text(node, WHAT)?;
        // RFC 9110, 5.6.2; `*` is S3's pattern.
        let is_token = |it: char| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(it);
        let (why, help) = if text.is_empty() {
            ("nothing in it", "write a name, such as `content-type`")
        } else if text.chars().count() > 255 {
            ("far too long", "write a name, such as `content-type`")
        } else if !text.chars().all(is_token) {
            ("a character that no header has", "write a name, such as `content-type`")
        } else if text.matches('*').count() > 1 {
            ("S3 takes one `*` in a name", "write it as `x-amz-*`")
        } else {
            return Some(text.to_owned());
        };
        reader.tell(Problem::new(node.span, format!("not {WHAT}"), why).help(help));
        None
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": 255 })
    }
}
