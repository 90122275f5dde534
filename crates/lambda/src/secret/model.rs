//! The desired secret, its live state, and the actions between them.

use stackctl_aws_client::request::error::AwsError;
use stackctl_aws_data::tags::{TagChange, Tags};

/// The secret of a webhook.
pub struct Secret {
    /// The name of its parameter.
    pub name: String,
    /// Its tags.
    pub tags: Tags,
}

/// The live secret, without its value.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) name: String,
    pub(super) tags: Tags,
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// The name of its parameter.
    pub name: String,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Create,
    ChangeTags(TagChange),
}

/// The error when the operating system has no random bytes for a secret.
pub(super) fn no_randomness(error: getrandom::Error) -> AwsError {
    AwsError::unreadable("random bytes", error)
}
