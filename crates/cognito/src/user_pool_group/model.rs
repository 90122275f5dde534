//! The desired group, its live state, and the action between them.

use stackctl_engine::Ref;
use stackctl_stackfile::names::StackName;

use crate::user_pool::UserPool;

/// A group without a role of IAM.
pub struct UserPoolGroup {
    /// Its name, which is unique in the pool.
    pub name: String,
    /// The pool.
    pub pool: Ref<UserPool>,
}

/// The live resource.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) pool: String,
    pub(super) name: String,
}

/// Nothing refers to a group.
#[derive(Debug, Clone)]
pub struct Outputs;

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Create,
}

/// The description of the groups that stackctl makes. Groups have no tags.
pub(super) fn marker(stack: &StackName) -> String {
    format!("Made by stackctl for the stack {stack}")
}
