//! The environment variables that tell a function of its granted buckets.

use crate::values::names::LogicalName;

const BUCKET: &str = "BUCKET_";
const GRANTS: &str = "GRANTS_";
const PREFIX: &str = "PREFIX_";

/// The names of the variables of one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketVariables {
    /// Holds the bucket's name in AWS.
    pub name: String,
    /// Holds the granted operations.
    pub grants: String,
    /// Holds the prefix of the keys; only set where the file has one.
    pub prefix: String,
    /// Holds the access rules; only set where the file has some.
    pub access: String,
}

impl BucketVariables {
    /// Those of the bucket with this name in the file: `my-files` has `BUCKET_MY_FILES`.
    pub fn of(bucket: &LogicalName) -> BucketVariables {
        let key = bucket.as_str().to_uppercase().replace('-', "_");
        BucketVariables {
            name: format!("{BUCKET}{key}"),
            grants: format!("{GRANTS}{key}"),
            prefix: format!("{PREFIX}{key}"),
            access: format!("ACCESS_{key}"),
        }
    }

    /// Whether a variable is named like one of a bucket.
    pub fn is_one(variable: &str) -> bool {
        [BUCKET, GRANTS, PREFIX].iter().any(|it| variable.starts_with(it))
    }
}
