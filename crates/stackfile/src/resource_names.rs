//! The names in AWS that follow from the file, where it gives no other.

use crate::values::names::{LogicalName, RegionName, StackName};

/// `{stack}-{logical}`: what is unique in an account, user pools and APIs.
pub fn resource_name(stack: &StackName, logical: &LogicalName) -> String {
    format!("{stack}-{logical}")
}

/// `{stack}-{logical}-{account}-{region}`: bucket names are unique in the world.
pub fn bucket_name(stack: &StackName, logical: &LogicalName, account: &str, region: &RegionName) -> String {
    format!("{stack}-{logical}-{account}-{region}")
}

/// `{stack}-{pool}-{client}`: an app client of a user pool.
pub fn client_name(stack: &StackName, pool: &LogicalName, client: &LogicalName) -> String {
    format!("{stack}-{pool}-{client}")
}

/// `{bucket}-webhook`: the logical name of the function of a bucket's webhook.
pub fn webhook_function(bucket: &LogicalName) -> String {
    format!("{bucket}{WEBHOOK}")
}

/// The logical name of the bucket of a webhook's function, by the function's computed name; none for another name.
pub fn webhook_bucket<'a>(stack: &StackName, function: &'a str) -> Option<&'a str> {
    let logical = function.strip_prefix(stack.as_str())?.strip_prefix('-')?;
    logical.strip_suffix(WEBHOOK).filter(|it| !it.is_empty())
}

const WEBHOOK: &str = "-webhook";

/// `/stackctl/{stack}/{bucket}/webhook`: the parameter with the secret of a bucket's webhook.
pub fn webhook_secret_name(stack: &StackName, bucket: impl std::fmt::Display) -> String {
    format!("/stackctl/{stack}/{bucket}/webhook")
}
