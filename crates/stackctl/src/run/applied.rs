//! Whether a stack is applied.

use stackctl_aws::{outputs::missing, session::NoSession};
use stackctl_aws_data::outputs::Outputs;
use stackctl_engine::Failure;
use stackctl_stackfile::stack::Stack;

use crate::error::Error;

/// Fails unless every resource with outputs exists.
///
/// # Errors
/// The missing resources; or those of other owners that have their names.
pub fn require(stack: &Stack, outputs: &Outputs, not_ours: Vec<Failure>) -> Result<(), Error> {
    let missing = missing(stack, outputs);
    if missing.is_empty() { Ok(()) } else { Err(not_applied(missing, not_ours)) }
}

/// The error of missing resources; when resources of other owners have their names, the failures of these.
pub fn not_applied(missing: Vec<String>, not_ours: Vec<Failure>) -> Error {
    let in_the_way: Vec<Failure> =
        not_ours.into_iter().filter(|it| missing.contains(&it.address.to_string())).collect();
    if in_the_way.is_empty() { Error::NotApplied { missing } } else { NoSession::Unseen(in_the_way).into() }
}
