//! The desired log group, its live state, and the actions between them.

use stackctl_aws_data::{
    account::Arn,
    tags::{TagChange, Tags},
};
use stackctl_stackfile::units::RetentionDays;

/// A log group.
pub struct LogGroup {
    /// Its name, which follows from the function's name.
    pub name: String,
    /// The retention of its logs.
    pub retention: RetentionDays,
    /// Its tags.
    pub tags: Tags,
}

/// The live log group.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) settings: LogGroupSettings,
    /// Whether it has no tags at all, not even AWS's own: then Lambda created it.
    pub(super) has_no_tags: bool,
}

/// The fields that a diff compares.
#[derive(Debug, Clone)]
pub(super) struct LogGroupSettings {
    /// Days; `None` if logs never expire.
    pub(super) retention: Option<i32>,
    pub(super) tags: Tags,
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its ARN.
    pub arn: Arn,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Create,
    /// `deletes`: the events of an adopted group that are older.
    SetRetention {
        from: Option<i32>,
        deletes: bool,
    },
    ChangeTags(TagChange),
}
