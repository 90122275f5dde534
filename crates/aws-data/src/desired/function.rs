//! A function's description, its environment variables, and the secret that it reads.

use std::collections::BTreeMap;

use stackctl_stackfile::{
    bucket_variables::BucketVariables,
    function::{Function, reach::evaluates_access},
    grants::Grant,
    names::LogicalName,
    resource_names::webhook_function,
    stack::Stack,
};

use crate::account::Account;

/// The text before the role's id in the description. The id is the only sign that the role is not the one that Lambda
/// lets read the function's variables (LAM-40).
pub const RUNS_AS: &str = "Runs as the role ";

/// The description of a function whose role has this id.
pub fn description(role_id: &str) -> String {
    format!("{RUNS_AS}{role_id}")
}

/// The file's variables, and for each granted bucket its name, the operations, the prefix of the keys and the access
/// rules.
pub fn environment(stack: &Stack, function: &Function, account: &Account) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> =
        function.environment.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    for (bucket, grants) in &function.buckets {
        let variables = BucketVariables::of(bucket);
        let names: Vec<&str> = grants.allow.iter().map(Grant::as_str).collect();
        all.insert(variables.name, account.bucket_name(bucket, &stack.buckets[bucket]));
        all.insert(variables.grants, names.join(","));
        if let Some(prefix) = &grants.prefix {
            all.insert(variables.prefix, prefix.to_string());
        }
        let access = &stack.buckets[bucket].access;
        if evaluates_access(&function.source) && !access.is_empty() {
            all.insert(variables.access, access.to_json());
        }
    }
    all
}

/// The name of the parameter that a function reads: the secret of the bucket whose webhook it is. Other functions read
/// none.
pub fn secret(stack: &Stack, function: &LogicalName, account: &Account) -> Option<String> {
    let mut buckets = stack.buckets.iter().filter(|(_, it)| it.webhook.is_some());
    let of = buckets.find(|(bucket, _)| webhook_function(bucket) == function.as_str());
    of.map(|(bucket, _)| account.webhook_secret_name(bucket))
}
