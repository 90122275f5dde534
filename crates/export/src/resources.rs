//! The resources of a stack, and its outputs.

mod bucket;
mod events;
mod function;
mod rest_api;
mod user_pool;

use stackctl_aws_data::{account::Account, desired::failures};
use stackctl_stackfile::stack::Stack;

use crate::{
    draft::Draft,
    error::Unsupported,
    files::CodeFiles,
    resource::{Output, Owner, Resource},
};

/// All resources of a stack, and the outputs. A new section or key of the file is an error of the compiler in this module
/// and its children, until it is exported, or refused with [`Draft::refuse`].
///
/// # Errors
/// What has no form in the template.
pub fn of(
    stack: &Stack,
    account: &Account,
    code: &CodeFiles,
    owner: Owner,
) -> Result<(Vec<Resource>, Vec<Output>), Unsupported> {
    // Routes name the functions that others made by their ARNs.
    let Stack {
        name: _,
        region: _,
        tags: _,
        boundary: _,
        buckets,
        functions,
        user_pools,
        apis,
        dev: _,
        existing_functions: _,
    } = stack;
    let mut draft = Draft::default();
    for (name, bucket) in buckets {
        bucket::resources(name, bucket, stack, account, owner, &mut draft);
    }
    if failures::is_needed(stack) {
        bucket::of_failures(account, owner, &mut draft);
    }
    for (name, pool) in user_pools {
        user_pool::resources(name, pool, account, owner, &mut draft);
    }
    for (name, function) in functions {
        function::resources(name, function, stack, account, code, owner, &mut draft);
    }
    for (name, api) in apis {
        rest_api::resources(name, api, stack, account, owner, &mut draft);
    }
    draft.end()
}
