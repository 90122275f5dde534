//! The target of a run: a stack in an account.

use serde::Serialize;
use stackctl_aws_data::account::Account;
use stackctl_stackfile::stack::Stack;

use crate::exposures;

/// A stack in an account, and what its file exposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The stack's name.
    pub stack: String,
    /// The region.
    pub region: String,
    /// The account's id.
    pub account: String,
    /// The endpoint, unless requests go to AWS's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// One sentence for each setting of the file that widens access.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
}

impl Target {
    /// The target of a stack in an account.
    pub fn of(account: &Account, wanted: &Stack) -> Target {
        let Account { id, region, stack, endpoint, partition: _, file_tags: _ } = account;
        Target {
            stack: stack.to_string(),
            region: region.to_string(),
            account: id.clone(),
            endpoint: endpoint.clone(),
            open: exposures::of(wanted),
        }
    }
}
