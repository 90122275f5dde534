//! The desired bucket, its live state, and the actions between them.

use std::collections::BTreeMap;

use aws_sdk_s3::types::CorsRule;
use stackctl_aws_data::{
    account::Arn,
    desired::bucket::{Cors, ENCRYPTION, Lifecycle, OWNERSHIP},
    policy::Policy,
    tags::Tags,
};
use stackctl_stackfile::bucket::OnDestroy;

use super::{cors::Change, exposures::Added, lifecycle::Kept, notifications::Notifications};

/// A private bucket: nothing public, owner enforced, encrypted, TLS only.
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Arn,
    /// The CORS rule for web pages.
    pub cors: Option<Cors>,
    /// Its tags.
    pub tags: Tags,
    /// What S3 keeps, and when it deletes objects by itself.
    pub lifecycle: Lifecycle,
    /// What destroy does with objects.
    pub on_destroy: OnDestroy,
}

/// The region of each bucket of the account whose name has the stack's prefix; `None` if S3 did not return it (S3-19).
pub struct BucketRegions(pub(super) BTreeMap<String, Option<String>>);

/// The live bucket.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) name: String,
    /// All CORS rules; stackctl sets at most one.
    pub(super) cors: Vec<CorsRule>,
    /// Whether all public access is blocked.
    pub(super) private: bool,
    /// Whether S3 refuses public policies, which is one of the four blocks.
    pub(super) blocks_policies: bool,
    pub(super) ownership: Option<String>,
    pub(super) encryption: Option<String>,
    pub(super) policy: Option<Policy>,
    pub(super) tags: Tags,
    /// The tags of AWS's own, which a change of the others sends along (S3-26).
    pub(super) tags_of_aws: Tags,
    /// Versioning and lifecycle rules; as in a new bucket if they were not read.
    pub(super) kept: Kept,
    /// The settings that others made; empty if they were not read.
    pub(super) added: Added,
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its name.
    pub name: String,
    /// Its event notifications; `None` if they were not read.
    pub notifications: Option<Notifications>,
    /// Whether it has, or had, events of the file.
    pub has_events: bool,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Create,
    SetTags { from: Tags, to: Tags },
    BlockPublicAccess { note: Option<&'static str> },
    EnforceOwnership { from: Option<String>, note: Option<&'static str> },
    Encrypt { from: Option<String> },
    SetPolicy { from: Option<Policy>, to: Policy },
    ChangeCors(Change),
    EnableVersioning { suspended: bool },
    SetLifecycle { from: BTreeMap<String, String>, to: BTreeMap<String, String> },
}

impl Live {
    /// The bucket right after its creation (S3-10).
    pub(super) fn as_created(bucket: &Bucket) -> Live {
        Live {
            name: bucket.name.clone(),
            cors: Vec::new(),
            private: true,
            blocks_policies: true,
            ownership: Some(OWNERSHIP.to_owned()),
            encryption: Some(ENCRYPTION.to_owned()),
            policy: None,
            tags: bucket.tags.clone(),
            tags_of_aws: Tags::default(),
            kept: Kept::default(),
            added: Added::default(),
        }
    }
}
