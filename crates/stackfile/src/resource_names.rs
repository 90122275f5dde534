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
