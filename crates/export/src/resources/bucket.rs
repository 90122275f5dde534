//! A bucket and its policy.

use serde_json::{Value, json};
use stackctl_aws_data::{
    account::Account,
    desired::{
        bucket::{self, Cors, ENCRYPTION, Lifecycle, LifecycleRule, OWNERSHIP},
        failures,
    },
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
    resources::events,
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
    // The access rules are in the function: its environment and its role. A webhook is a function and events; a command
    // makes its secret.
    let Bucket {
        name: _,
        existing,
        cors,
        versioning,
        expire: _,
        abort_unfinished: _,
        events,
        access: _,
        webhook: _,
        on_destroy,
    } = desired;
    // Grants name it by its ARN.
    if existing.is_some() {
        return;
    }
    let address = format!("bucket.{name}");
    let mut properties = private(&account.bucket_name(name, desired), Lifecycle::of(desired));
    if let Some(cors) = cors {
        let cors = bucket::cors(cors, &bucket::granted(stack, name));
        properties["CorsConfiguration"] = json!({ "CorsRules": [cors_rule(&cors)] });
    }
    if *versioning {
        properties["VersioningConfiguration"] = json!({ "Status": "Enabled" });
    }
    let mut tags = account.tags(&address);
    if !events.is_empty() {
        properties["NotificationConfiguration"] = events::configuration(events, stack, account, draft);
        tags = tags.of_events();
    }
    owner.add_tags(&mut properties, &tags);
    // CloudFormation too deletes only an empty bucket.
    let retain = match on_destroy {
        OnDestroy::Refuse | OnDestroy::Keep => true,
        OnDestroy::Empty => false,
    };
    let id = draft.id(&address);
    draft.output(format!("{id}Name"), reference(&id));
    // S3 refuses a function that does not let S3 invoke it.
    let depends_on = events::permissions(name, events, stack, draft);
    add(Resource { id, address, kind: Kind::Bucket, depends_on, retain, properties }, account, draft);
}

/// Adds the bucket of failed events.
pub fn of_failures(account: &Account, owner: Owner, draft: &mut Draft) {
    let address = format!("bucket.{}", failures::LOGICAL);
    let mut properties = private(&failures::bucket_name(account), failures::lifecycle());
    owner.add_tags(&mut properties, &account.tags(&address));
    let id = draft.id(&address);
    let depends_on = Vec::new();
    add(Resource { id, address, kind: Kind::Bucket, depends_on, retain: false, properties }, account, draft);
}

/// Adds a bucket and its policy.
fn add(bucket: Resource, account: &Account, draft: &mut Draft) {
    let Resource { id, address, properties, .. } = &bucket;
    let arn = account.bucket_arn(properties["BucketName"].as_str().unwrap_or_default());
    let policy = Resource {
        id: draft.id(&address.replacen("bucket.", "bucket_policy.", 1)),
        address: address.clone(),
        kind: Kind::BucketPolicy,
        depends_on: Vec::new(),
        retain: false,
        properties: json!({
            "Bucket": reference(id),
            "PolicyDocument": policy::tls_only(&arn).to_json(),
        }),
    };
    draft.add(bucket);
    draft.add(policy);
}

/// The properties of every bucket.
fn private(name: &str, lifecycle: Lifecycle) -> Value {
    json!({
        "BucketName": name,
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
        "LifecycleConfiguration": { "Rules": lifecycle.rules().into_iter().map(rule).collect::<Vec<_>>() },
    })
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
