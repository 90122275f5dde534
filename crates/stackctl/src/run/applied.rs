//! Whether a stack is applied.

use std::collections::BTreeMap;

use stackctl_aws::session::NoSession;
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

/// The addresses of resources with outputs that AWS does not have.
fn missing(stack: &Stack, outputs: &Outputs) -> Vec<String> {
    fn lacking<'a, T>(
        kind: &str,
        wanted: impl Iterator<Item = &'a str>,
        found: &BTreeMap<String, T>,
    ) -> Vec<String> {
        wanted.filter(|name| !found.contains_key(*name)).map(|name| format!("{kind}.{name}")).collect()
    }
    let mut missing = lacking("bucket", stack.buckets.keys().map(|it| it.as_str()), &outputs.buckets);
    for (name, pool) in &stack.user_pools {
        let clients = pool.clients.keys().map(|it| it.as_str());
        match outputs.user_pools.get(name.as_str()) {
            Some(found) => {
                missing.extend(lacking(&format!("user_pool_client.{name}/"), clients, &found.clients))
            }
            None => missing.push(format!("user_pool.{name}")),
        }
    }
    missing.extend(lacking("rest_api", stack.apis.keys().map(|it| it.as_str()), &outputs.apis));
    missing
}
