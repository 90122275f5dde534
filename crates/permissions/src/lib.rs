//! The IAM policies that follow from the operations that stackctl sends.

mod amounts;
pub mod github;
pub mod operations;
pub mod simulation;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stackctl_stackfile::{names::PolicyArn, stack::Stack};

pub use self::amounts::amounts_to;
pub use stackctl_aws_client::request::operation::Purpose;
use stackctl_aws_client::request::operation::{Operation, Permission, Scope, Target};
use stackctl_aws_data::account::Account;

/// The key of the condition that a resource has a tag.
const RESOURCE_TAG: &str = "aws:ResourceTag/";

/// The policy for a purpose, one statement for each kind of target. With a boundary no role can be made or widened
/// that does not have it, and it can't be removed.
pub fn policy(purpose: Purpose, stack: &Stack, account: &Account, boundary: Option<&PolicyArn>) -> Value {
    let scope = Scope { stack, account, boundary };
    let statements = allowed(purpose, boundary).into_values().filter_map(|(target, actions)| {
        let Target { sid, resources, condition, is_new } = target;
        let resources = resources(&scope);
        if resources.is_empty() {
            return None;
        }
        let mut statement = json!({ "Sid": sid, "Effect": "Allow", "Action": actions });
        statement[if *is_new { "NotResource" } else { "Resource" }] = json!(resources);
        // What is adopted does not have the tag of the stack yet.
        let needs = |(key, _): &(String, String)| purpose != Purpose::Adopt || !key.starts_with(RESOURCE_TAG);
        if let Some((key, value)) = condition(&scope).filter(needs) {
            statement["Condition"] = json!({ "StringEquals": { key: value } });
        }
        Some(statement)
    });
    json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() })
}

/// A target, and the actions that are needed on it.
type Allowed = (&'static Target, BTreeSet<&'static str>);

/// The actions that a purpose needs on each target, by the id of the target.
fn allowed(purpose: Purpose, boundary: Option<&PolicyArn>) -> BTreeMap<&'static str, Allowed> {
    let is_needed = |operation: &Operation| match operation.name {
        "iam:PutRolePermissionsBoundary" => boundary.is_some(),
        "iam:DeleteRolePermissionsBoundary" => boundary.is_none(),
        _ => true,
    };
    let mut allowed: BTreeMap<&str, Allowed> = BTreeMap::new();
    for operation in operations::all().filter(|it| is_needed(it)) {
        for Permission { purposes, actions, on } in operation.permissions {
            if purposes.contains(&purpose) {
                allowed.entry(on.sid).or_insert((on, BTreeSet::new())).1.extend(*actions);
            }
        }
    }
    allowed
}

#[cfg(test)]
mod tests;
