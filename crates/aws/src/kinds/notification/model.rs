//! The desired events of a bucket, their live state, and the actions between them.

use std::collections::BTreeMap;

use stackctl_aws_data::invoke_permission::BucketSource;
use stackctl_engine::Ref;
use stackctl_lambda::function::Function;
use stackctl_s3::bucket::{
    Bucket,
    notifications::{Call, Notifications},
};

/// The functions that S3 calls when objects of a bucket are created or deleted.
pub struct Notification {
    /// The bucket.
    pub bucket: Ref<Bucket>,
    /// The name of the bucket in AWS.
    pub bucket_name: String,
    /// The bucket, as the permissions name it.
    pub source: BucketSource,
    /// The id of the statement that lets S3 invoke, the same at every function.
    pub statement: String,
    /// The calls.
    pub calls: Vec<Call>,
    /// The functions that are called, by their names in AWS.
    pub functions: BTreeMap<String, Ref<Function>>,
}

/// The live events of a bucket.
#[derive(Debug, Clone)]
pub struct Live {
    /// The name of the bucket in AWS.
    pub(super) bucket_name: String,
    /// All entries of the bucket, also those of others.
    pub(super) notifications: Notifications,
    /// The id of the statement that lets S3 invoke.
    pub(super) statement: String,
    /// The functions that have such a statement, by their names in AWS; `None` for a statement of another form. Empty if
    /// they were not read.
    pub(super) permissions: BTreeMap<String, Option<BucketSource>>,
}

/// The values that other resources refer to: none.
#[derive(Debug, Clone)]
pub struct Outputs;

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    /// `first`: nothing exists before.
    Permit {
        function: String,
        first: bool,
    },
    /// `replaced`: a permission of this run follows.
    Forbid {
        function: String,
        source: Option<BucketSource>,
        replaced: bool,
    },
    SetEvents {
        from: BTreeMap<String, String>,
        to: BTreeMap<String, String>,
    },
}

impl Live {
    /// Whether S3 calls no function of stackctl, and may call none.
    pub(super) fn is_empty(&self) -> bool {
        self.notifications.own().is_empty() && self.permissions.is_empty()
    }
}
