//! A bucket and its policy.

use serde_json::{Value, json};
use stackctl_aws_data::{
    account::Account,
    desired::bucket::{self, Cors, ENCRYPTION, Lifecycle, LifecycleRule, OWNERSHIP},
    policy,
};
use stackctl_stackfile::{
    bucket::{Bucket, OnDestroy},
    names::LogicalName,
    stack::Stack,
};

use crate::{
    draft::Draft,
    kind::Kind,
    resource::{Owner, Resource, reference},
};

/// Adds the resources of a bucket, and its output.
pub fn resources(
    name: &LogicalName,
    desired: &Bucket,
    stack: &Stack,
    account: &Account,
    owner: Owner,
    draft: &mut Draft,
) {
    // The access rules are in the function: its environment and its role.
    let Bucket { name: _, cors, versioning, expire: _, abort_unfinished: _, events, access: _, on_destroy } =
        desired;
    let address = format!("bucket.{name}");
    if !events.is_empty() {
        draft.refuse(&address, "its events are not exported yet");
    }
    let id = draft.id(&address);
    let physical = account.bucket_name(name, desired);
    let arn = account.bucket_arn(&physical);
    let rules = Lifecycle::of(desired).rules();
    let mut properties = json!({
        "BucketName": physical,
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": true,
            "IgnorePublicAcls": true,
            "BlockPublicPolicy": true,
            "RestrictPublicBuckets": true,
        },
        "OwnershipControls": { "Rules": [{ "ObjectOwnership": OWNERSHIP }] },
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                { "ServerSideEncryptionByDefault": { "SSEAlgorithm": ENCRYPTION } },
            ],
        },
        "LifecycleConfiguration": { "Rules": rules.into_iter().map(rule).collect::<Vec<_>>() },
    });
    if let Some(cors) = cors {
        let cors = bucket::cors(cors, &bucket::granted(stack, name));
        properties["CorsConfiguration"] = json!({ "CorsRules": [cors_rule(&cors)] });
    }
    if *versioning {
        properties["VersioningConfiguration"] = json!({ "Status": "Enabled" });
    }
    owner.add_tags(&mut properties, &account.tags(&address));
    // CloudFormation too deletes only an empty bucket.
    let retain = match on_destroy {
        OnDestroy::Refuse | OnDestroy::Keep => true,
        OnDestroy::Empty => false,
    };
    draft.output(format!("{id}Name"), reference(&id));
    draft.add(Resource {
        id: id.clone(),
        address: address.clone(),
        kind: Kind::Bucket,
        depends_on: Vec::new(),
        retain,
        properties,
    });
    let policy_id = draft.id(&format!("bucket_policy.{name}"));
    draft.add(Resource {
        id: policy_id,
        address,
        kind: Kind::BucketPolicy,
        depends_on: Vec::new(),
        retain: false,
        properties: json!({
            "Bucket": reference(&id),
            "PolicyDocument": policy::tls_only(&arn).to_json(),
        }),
    });
}

fn cors_rule(rule: &Cors) -> Value {
    let Cors { origins, methods, headers, exposed, max_age } = rule;
    json!({
        "AllowedOrigins": origins,
        "AllowedMethods": methods,
        "AllowedHeaders": headers,
        "ExposedHeaders": exposed,
        "MaxAge": max_age,
    })
}

fn rule(rule: LifecycleRule) -> Value {
    let mut value = json!({ "Id": rule.id(), "Status": "Enabled" });
    match rule {
        LifecycleRule::AbortUnfinished { days } => {
            value["AbortIncompleteMultipartUpload"] = json!({ "DaysAfterInitiation": days });
        }
        LifecycleRule::Expire { days, versions } => {
            value["ExpirationInDays"] = json!(days);
            if versions {
                value["NoncurrentVersionExpiration"] = json!({ "NoncurrentDays": days });
            }
        }
        LifecycleRule::ExpireMarkers => value["ExpiredObjectDeleteMarker"] = json!(true),
    }
    value
}
