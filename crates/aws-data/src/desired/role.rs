//! A role's policies.

use std::collections::BTreeSet;

use serde_json::json;
use stackctl_stackfile::{
    function::{Function, reach::reach},
    grants::{BucketGrants, Grant},
    names::{KeyPrefix, LogicalName},
    stack::Stack,
};

use super::failures;
use crate::{
    account::{Account, Arn},
    policy::{self, Policy},
};

/// The name of the one inline policy.
pub const POLICY: &str = "stackctl";

/// The description of a role.
pub fn description(account: &Account) -> String {
    format!("What a function of the stack {} may do in {}", account.stack, account.region)
}

/// Lets Lambda assume the role.
pub fn trust() -> Policy {
    policy::trust("lambda.amazonaws.com")
}

/// What a function may do with the objects of buckets, each with its ARN. A function that events call may also keep the
/// events that failed (LAM-77).
pub fn grants(
    stack: &Stack,
    name: &LogicalName,
    function: &Function,
    account: &Account,
) -> Vec<(Arn, BucketGrants)> {
    let grants = function.buckets.iter().flat_map(|(name, grants)| {
        let bucket = &stack.buckets[name];
        let arn = account.bucket_arn(&account.bucket_name(name, bucket));
        reach(&function.source, bucket, grants).into_iter().map(move |it| (arn.clone(), it))
    });
    let failures = failures::is_called(stack, name).then(|| {
        let bucket = account.bucket_arn(&failures::bucket_name(account));
        (bucket, BucketGrants { prefix: None, allow: BTreeSet::from([Grant::Put, Grant::List]), read: None })
    });
    grants.chain(failures).collect()
}

/// The policy of a function's grants, of the parameters that it reads, and of its log.
pub fn policy(grants: &[(Arn, BucketGrants)], parameters: &[Arn], log_group: &Arn) -> Policy {
    let allow = |actions: BTreeSet<&str>, resource: String| json!({ "Effect": "Allow", "Action": actions, "Resource": resource });
    let log = BTreeSet::from(["logs:CreateLogStream", "logs:PutLogEvents"]);
    let mut statements = vec![allow(log, format!("{log_group}:*"))];
    let read = BTreeSet::from(["ssm:GetParameter"]);
    statements.extend(parameters.iter().map(|it| allow(read.clone(), it.to_string())));
    // `read` is a grant of its own here.
    for (bucket, BucketGrants { prefix, allow: grants, read: _ }) in grants {
        let keys = format!("{}*", prefix.as_ref().map_or("", KeyPrefix::as_str));
        let objects: BTreeSet<&str> =
            grants.iter().flat_map(|grant| object_actions(*grant)).copied().collect();
        if !objects.is_empty() {
            statements.push(allow(objects, format!("{bucket}/{keys}")));
        }
        if grants.contains(&Grant::List) {
            let mut list = allow(BTreeSet::from(["s3:ListBucket"]), bucket.to_string());
            // S3 still answers 404 for an absent object below the prefix (S3-70).
            if prefix.is_some() {
                list["Condition"] = json!({ "StringLike": { "s3:prefix": keys } });
            }
            statements.push(list);
        }
    }
    Policy::of(statements)
}

fn object_actions(grant: Grant) -> &'static [&'static str] {
    match grant {
        Grant::Put => &["s3:PutObject"],
        Grant::Get => &["s3:GetObject"],
        Grant::List => &[],
        Grant::Delete => &["s3:DeleteObject"],
        Grant::Multipart => &["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
    }
}
