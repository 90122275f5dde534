//! The events of a bucket, and what the functions need that they call.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_aws_data::{
    account::Account,
    desired::{events, failures},
};
use stackctl_stackfile::{
    bucket::events::Event,
    names::{KeyPart, LogicalName},
    stack::Stack,
};

use crate::{
    draft::Draft,
    kind::Kind,
    resource::{Resource, attribute, reference},
};

/// The property `NotificationConfiguration` of a bucket. CloudFormation takes one kind of event in an entry.
pub fn configuration(all: &[Event], stack: &Stack, account: &Account, draft: &mut Draft) -> Value {
    let mut entries = Vec::new();
    for Event { on, prefix, suffix, call } in all {
        let function = match stack.existing_functions.get(call) {
            Some(name) => json!(account.function_arn(name.as_str()).0),
            None => attribute(&draft.id(&format!("function.{call}")), "Arn"),
        };
        let rules = [("prefix", prefix), ("suffix", suffix)];
        let rules = rules.iter().filter_map(|(name, value)| {
            let value = value.as_ref().map(KeyPart::as_str)?;
            Some(json!({ "Name": name, "Value": value }))
        });
        let rules: Vec<Value> = rules.collect();
        for event in events::names(*on) {
            let mut entry = json!({ "Event": event, "Function": function });
            if !rules.is_empty() {
                entry["Filter"] = json!({ "S3Key": { "Rules": rules } });
            }
            entries.push(entry);
        }
    }
    json!({ "LambdaConfigurations": entries })
}

/// The logical ids of the permissions that a bucket's events need.
pub fn permissions(bucket: &LogicalName, all: &[Event], stack: &Stack, draft: &mut Draft) -> Vec<String> {
    let functions: BTreeSet<&LogicalName> = all.iter().map(|it| &it.call).collect();
    let own = functions.into_iter().filter(|it| stack.functions.contains_key(*it));
    own.map(|function| permission(function, bucket, draft)).collect()
}

fn permission(function: &LogicalName, bucket: &LogicalName, draft: &mut Draft) -> String {
    draft.id(&format!("bucket_permission.{function}/{bucket}"))
}

/// Adds the permissions of a function, and how Lambda calls it, where events do. A permission names the bucket by its name:
/// the bucket is made after it.
pub fn of_function(name: &LogicalName, stack: &Stack, account: &Account, draft: &mut Draft) {
    let address = format!("function.{name}");
    let id = draft.id(&address);
    let calls = |all: &[Event]| all.iter().any(|it| it.call == *name);
    for (bucket, desired) in stack.buckets.iter().filter(|(_, it)| calls(&it.events)) {
        let permission = permission(name, bucket, draft);
        draft.add(Resource {
            id: permission,
            address: address.clone(),
            kind: Kind::Permission,
            depends_on: Vec::new(),
            retain: false,
            properties: json!({
                "FunctionName": reference(&id),
                "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com",
                "SourceArn": account.bucket_arn(&account.bucket_name(bucket, desired)).0,
                "SourceAccount": account.id,
            }),
        });
    }
    if failures::is_called(stack, name) {
        let failed = draft.id(&format!("bucket.{}", failures::LOGICAL));
        let config = draft.id(&format!("event_invoke_config.{name}"));
        draft.add(Resource {
            id: config,
            address,
            kind: Kind::EventInvokeConfig,
            depends_on: vec![id],
            retain: false,
            properties: json!({
                // The name itself: an import needs it.
                "FunctionName": account.function_name(name, &stack.functions[name]),
                "Qualifier": "$LATEST",
                "MaximumRetryAttempts": events::RETRIES,
                "MaximumEventAgeInSeconds": events::EVENT_AGE,
                "DestinationConfig": { "OnFailure": { "Destination": attribute(&failed, "Arn") } },
            }),
        });
    }
}
