//! The bucket that keeps events whose function failed. A stack has it when an event calls a function.

use stackctl_stackfile::{names::LogicalName, stack::Stack};

use super::bucket::Lifecycle;
use crate::account::{Account, digest};

/// Its logical name. The file can't give a bucket this name, because of the `_`.
pub const LOGICAL: &str = "failed_events";

/// The beginning of the keys of all records (LAM-77).
pub const PREFIX: &str = "aws/lambda/async/";

/// How many days S3 keeps a record.
pub const DAYS: u32 = 30;

/// Its name. S3 takes 63 characters, which a long stack name in a region with a long name exceeds.
pub fn bucket_name(account: &Account) -> String {
    let name = |region: &str| format!("{}--failed-{}-{region}", account.stack, account.id);
    let whole = name(account.region.as_str());
    if whole.len() <= 63 { whole } else { name(&digest(account.region.as_str())) }
}

/// What S3 keeps in it.
pub fn lifecycle() -> Lifecycle {
    Lifecycle { versioning: false, expire: Some(DAYS), abort_unfinished: 7 }
}

/// Whether an event calls the function.
pub fn is_called(stack: &Stack, function: &LogicalName) -> bool {
    stack.buckets.values().flat_map(|it| &it.events).any(|event| event.call == *function)
}

/// Whether the stack has the bucket.
pub fn is_needed(stack: &Stack) -> bool {
    // Lambda keeps the failed events of other functions where their owners say.
    stack.buckets.values().flat_map(|it| &it.events).any(|event| stack.functions.contains_key(&event.call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ones_that_s3_takes() {
        let check = |stack: &str, region: &str, expected: &str| {
            let text = format!("{{ stack: {stack}, region: {region} }}");
            let stack = stackctl_stackfile::parse(&text, None).unwrap();
            let name = bucket_name(&Account::offline(&stack, "123456789012".to_owned()));
            assert_eq!(name, expected);
            assert!(name.len() <= 63, "{name}");
        };
        check("photos", "eu-west-1", "photos--failed-123456789012-eu-west-1");
        let long = "a".repeat(32);
        let cut = format!("{long}--failed-123456789012-{}", digest("ap-southeast-2"));
        check(&long, "ap-southeast-2", &cut);
    }
}
