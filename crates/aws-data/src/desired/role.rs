//! A role's policies.

use std::collections::BTreeSet;

use serde_json::{Value, json};
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

/// The use of KMS keys, by S3 alone and only for the objects of these buckets (S3-98).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// The actions of KMS.
    actions: BTreeSet<&'static str>,
    /// All keys of the account and region.
    keys: Arn,
    /// S3 as KMS calls it.
    service: String,
    /// The buckets.
    buckets: BTreeSet<Arn>,
}

/// The use of KMS keys that a function's grants need. Buckets of the stack have no key; one that others made may have one,
/// that is, one with `existing`, and one with `name`, which may be adopted.
pub fn key_use(stack: &Stack, function: &Function, account: &Account) -> Option<KeyUse> {
    let of_others = function.buckets.iter().filter_map(|(name, grants)| {
        let bucket = &stack.buckets[name];
        (bucket.existing.is_some() || bucket.name.is_some()).then_some((name, bucket, grants))
    });
    let (mut actions, mut buckets) = (BTreeSet::new(), BTreeSet::new());
    for (name, bucket, grants) in of_others {
        let reached = reach(&function.source, bucket, grants);
        let needed: BTreeSet<&str> =
            reached.iter().flat_map(|it| &it.allow).flat_map(|it| key_actions(*it)).copied().collect();
        if !needed.is_empty() {
            actions.extend(needed);
            buckets.insert(account.bucket_arn(&account.bucket_name(name, bucket)));
        }
    }
    let service = format!("s3.{}.{}", account.region, account.dns_suffix());
    (!buckets.is_empty()).then(|| KeyUse { actions, keys: account.any_key_arn(), service, buckets })
}

impl KeyUse {
    fn statement(&self) -> Value {
        let KeyUse { actions, keys, service, buckets } = self;
        // With a bucket key S3 names the bucket to KMS, without one the object.
        let objects = buckets.iter().flat_map(|it| [it.to_string(), format!("{it}/*")]);
        json!({
            "Effect": "Allow",
            "Action": actions,
            "Resource": keys.to_string(),
            "Condition": {
                "StringEquals": { "kms:ViaService": service },
                "StringLike": { "kms:EncryptionContext:aws:s3:arn": objects.collect::<Vec<_>>() },
            },
        })
    }
}

/// The policy of a function's grants and of the keys that they need, of the parameters that it reads, and of its log.
pub fn policy(
    grants: &[(Arn, BucketGrants)],
    keys: Option<&KeyUse>,
    parameters: &[Arn],
    log_group: &Arn,
) -> Policy {
    let allow = |actions: BTreeSet<&str>, resource: String| json!({ "Effect": "Allow", "Action": actions, "Resource": resource });
    let log = BTreeSet::from(["logs:CreateLogStream", "logs:PutLogEvents"]);
    let mut statements = vec![allow(log, format!("{log_group}:*"))];
    let read = BTreeSet::from(["ssm:GetParameter"]);
    statements.extend(parameters.iter().map(|it| allow(read.clone(), it.to_string())));
    statements.extend(keys.map(KeyUse::statement));
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

fn key_actions(grant: Grant) -> &'static [&'static str] {
    match grant {
        Grant::Put => &["kms:GenerateDataKey"],
        Grant::Get => &["kms:Decrypt"],
        Grant::List | Grant::Delete => &[],
        Grant::Multipart => &["kms:Decrypt", "kms:GenerateDataKey"],
    }
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use stackctl_stackfile::parse;

    use super::*;

    fn check(buckets: &str, grants: &str, expected: Expect) {
        let text = format!(
            "stack: app\nregion: eu-west-1\nbuckets: {{ {buckets} }}\nfunctions: {{ sign: {{ builtin: presign, buckets: {{ {grants} }} }} }}"
        );
        let stack = parse(&text, None).unwrap();
        let account = Account::offline(&stack, "123456789012".to_owned());
        let function = stack.functions.values().next().unwrap();
        let keys = key_use(&stack, function, &account);
        let lines = Policy::of(keys.iter().map(KeyUse::statement)).lines();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn keys_of_buckets_that_others_made() {
        check("own: {}", "own: [put, get]", expect![""]);
        check(
            "legacy: { existing: legacy-photos }",
            "legacy: [put]",
            expect![[
                r#"Allow kms:GenerateDataKey on arn:aws:kms:eu-west-1:123456789012:key/*, Condition {"StringEquals":{"kms:ViaService":["s3.eu-west-1.amazonaws.com"]},"StringLike":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::legacy-photos","arn:aws:s3:::legacy-photos/*"]}}"#
            ]],
        );
        check("legacy: { existing: legacy-photos }", "legacy: [list, delete]", expect![""]);
        check(
            "own: {}, legacy: { existing: legacy-photos }, named: { name: photos }",
            "own: [multipart], legacy: [put], named: [get]",
            expect![[
                r#"Allow kms:Decrypt, kms:GenerateDataKey on arn:aws:kms:eu-west-1:123456789012:key/*, Condition {"StringEquals":{"kms:ViaService":["s3.eu-west-1.amazonaws.com"]},"StringLike":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::legacy-photos","arn:aws:s3:::legacy-photos/*","arn:aws:s3:::photos","arn:aws:s3:::photos/*"]}}"#
            ]],
        );
    }
}
