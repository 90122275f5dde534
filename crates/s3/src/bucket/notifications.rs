//! The notification configuration of a bucket: stackctl's calls of functions beside the entries of others.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_s3::types::{
    Event, FilterRule, FilterRuleName, LambdaFunctionConfiguration, NotificationConfiguration,
    NotificationConfigurationFilter, S3KeyFilter,
};
use serde_json::{Map, Value as Json, json};
use stackctl_aws_client::{
    clients::{Aws, Clients},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    account::{Arn, digest},
    desired::events::names,
};
use stackctl_engine::Reporter;
use stackctl_stackfile::bucket::events::On;

use crate::bucket::operations;

/// Entries with this prefix of their id are stackctl's.
const OWN: &str = "stackctl-";

/// A call of a function when something happens to objects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// What happens.
    pub on: On,
    /// The beginning of the objects' keys; empty: any.
    pub prefix: String,
    /// The end of the objects' keys; empty: any.
    pub suffix: String,
    /// The function.
    pub function: Arn,
}

/// The entries of a bucket's notification configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Notifications(pub(super) NotificationConfiguration);

impl Default for Notifications {
    fn default() -> Notifications {
        Notifications(NotificationConfiguration::builder().build())
    }
}

impl Call {
    /// The id of its entry. Two events of a bucket differ in it.
    fn id(&self) -> String {
        let Call { on, prefix, suffix, function: _ } = self;
        if prefix.is_empty() && suffix.is_empty() {
            return format!("{OWN}{on}");
        }
        // Prefixes are longer than ids may be.
        format!("{OWN}{on}-{}", digest(&format!("{prefix}*{suffix}")))
    }

    fn entry(&self) -> Result<LambdaFunctionConfiguration, AwsError> {
        let Call { on, prefix, suffix, function } = self;
        let rules = [(FilterRuleName::Prefix, prefix), (FilterRuleName::Suffix, suffix)];
        let rules: Vec<FilterRule> = rules
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| FilterRule::builder().name(name).value(value).build())
            .collect();
        let filter = (!rules.is_empty()).then(|| {
            let key = S3KeyFilter::builder().set_filter_rules(Some(rules)).build();
            NotificationConfigurationFilter::builder().key(key).build()
        });
        LambdaFunctionConfiguration::builder()
            .id(self.id())
            .lambda_function_arn(&function.0)
            .set_events(Some(names(*on).iter().map(|it| Event::from(*it)).collect()))
            .set_filter(filter)
            .build()
            .map_err(|error| AwsError::unreadable("an event".to_owned(), error))
    }
}

/// Calls as text, by the ids of their entries.
pub fn texts(calls: &[Call]) -> BTreeMap<String, String> {
    let text =
        |Call { on, prefix, suffix, function }: &Call| format!("{on} {prefix}*{suffix} calls {function}");
    calls.iter().map(|call| (call.id(), text(call))).collect()
}

/// An entry as text, as in [`texts`]: equal texts have the same effect.
fn text(entry: &LambdaFunctionConfiguration) -> String {
    let mut events: Vec<&str> = entry.events().iter().map(Event::as_str).collect();
    events.sort_unstable();
    let known = On::ALL.iter().find(|on| names(**on) == events);
    let what = known.map_or_else(|| events.join(", "), ToString::to_string);
    let (prefix, suffix) = (filter(entry, "prefix"), filter(entry, "suffix"));
    format!("{what} {prefix}*{suffix} calls {}", entry.lambda_function_arn())
}

/// The value of a filter; S3 may write its name in either case (S3-92).
fn filter(entry: &LambdaFunctionConfiguration, name: &str) -> String {
    let key = entry.filter().and_then(|it| it.key());
    let mut rules = key.into_iter().flat_map(|it| it.filter_rules());
    let is_it = |it: &&FilterRule| it.name().is_some_and(|it| it.as_str().eq_ignore_ascii_case(name));
    rules.find(is_it).and_then(|it| it.value()).unwrap_or_default().to_owned()
}

fn is_own(entry: &LambdaFunctionConfiguration) -> bool {
    entry.id().is_some_and(|id| id.starts_with(OWN))
}

impl Notifications {
    /// Reads them; a bucket that does not exist has none.
    ///
    /// # Errors
    /// The errors of S3.
    pub async fn read(bucket: &str, clients: &Clients) -> Result<Notifications, AwsError> {
        let ask = || clients.s3.get_bucket_notification_configuration().bucket(bucket).send();
        let found = wait::read(&operations::GET_BUCKET_NOTIFICATION_CONFIGURATION, ask).await;
        let Some(it) = if_there(found)? else { return Ok(Notifications::default()) };
        let all = NotificationConfiguration::builder()
            .set_lambda_function_configurations(it.lambda_function_configurations)
            .set_queue_configurations(it.queue_configurations)
            .set_topic_configurations(it.topic_configurations)
            .set_event_bridge_configuration(it.event_bridge_configuration);
        Ok(Notifications(all.build()))
    }

    /// The entries of these calls alone.
    ///
    /// # Errors
    /// A call that the SDK can't represent.
    pub fn of(calls: &[Call]) -> Result<Notifications, AwsError> {
        Notifications::default().with(calls)
    }

    /// stackctl's entries as text, by their ids.
    pub fn own(&self) -> BTreeMap<String, String> {
        let own = self.0.lambda_function_configurations().iter().filter(|it| is_own(it));
        own.map(|it| (it.id().unwrap_or_default().to_owned(), text(it))).collect()
    }

    /// stackctl's entries as the aws CLI takes them; `{}` if there are none.
    pub(super) fn own_as_json(&self) -> String {
        let own = self.0.lambda_function_configurations().iter().filter(|it| is_own(it)).map(entry_as_json);
        let own: Vec<Json> = own.collect();
        if own.is_empty() {
            return json!({}).to_string();
        }
        json!({ "LambdaFunctionConfigurations": own }).to_string()
    }

    /// The targets of the entries that are not stackctl's.
    pub(super) fn targets_of_others(&self) -> Vec<&str> {
        let Notifications(it) = self;
        let functions = it.lambda_function_configurations().iter().filter(|it| !is_own(it));
        let functions = functions.map(|it| it.lambda_function_arn());
        let queues = it.queue_configurations().iter().map(|it| it.queue_arn());
        let topics = it.topic_configurations().iter().map(|it| it.topic_arn());
        let bridge = it.event_bridge_configuration().map(|_| "EventBridge");
        functions.chain(queues).chain(topics).chain(bridge).collect()
    }

    /// The entries of others, and those of the calls.
    fn with(self, calls: &[Call]) -> Result<Notifications, AwsError> {
        let Notifications(it) = self;
        let mut functions = it.lambda_function_configurations.unwrap_or_default();
        functions.retain(|it| !is_own(it));
        for call in calls {
            functions.push(call.entry()?);
        }
        let all = NotificationConfiguration::builder()
            .set_lambda_function_configurations((!functions.is_empty()).then_some(functions))
            .set_queue_configurations(it.queue_configurations)
            .set_topic_configurations(it.topic_configurations)
            .set_event_bridge_configuration(it.event_bridge_configuration);
        Ok(Notifications(all.build()))
    }
}

/// Makes `calls` the entries that are stackctl's, and returns all entries. The call replaces the whole configuration, so
/// the entries of others are read right before and sent with it (S3-90). S3 refuses a function until it sees the
/// permission (S3-91). Without calls, S3 does not check the entries of others.
///
/// # Errors
/// The errors of S3.
pub async fn set(
    bucket: &str,
    calls: &[Call],
    aws: &Aws,
    reporter: &Reporter,
) -> Result<Notifications, AwsError> {
    let all = Notifications::read(bucket, aws).await?.with(calls)?;
    wait::change(&operations::PUT_BUCKET_NOTIFICATION_CONFIGURATION, reporter, || {
        aws.s3
            .put_bucket_notification_configuration()
            .bucket(bucket)
            .notification_configuration(all.0.clone())
            .set_skip_destination_validation(calls.is_empty().then_some(true))
            .send()
    })
    .await?;
    Ok(all)
}

fn entry_as_json(it: &LambdaFunctionConfiguration) -> Json {
    let events: BTreeSet<&str> = it.events().iter().map(Event::as_str).collect();
    let mut entry = Map::from_iter([
        ("LambdaFunctionArn".to_owned(), it.lambda_function_arn().into()),
        ("Events".to_owned(), json!(events)),
    ]);
    entry.extend(it.id().map(|id| ("Id".to_owned(), id.into())));
    let rules = ["prefix", "suffix"].map(|name| (name, filter(it, name)));
    let rules: Vec<Json> = rules
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    if !rules.is_empty() {
        entry.insert("Filter".to_owned(), json!({ "Key": { "FilterRules": rules } }));
    }
    entry.into()
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{EventBridgeConfiguration, QueueConfiguration};
    use expect_test::expect;

    use super::*;

    fn calls() -> Vec<Call> {
        let call = |on, prefix: &str, suffix: &str| Call {
            on,
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
            function: Arn("arn:f".to_owned()),
        };
        vec![call(On::Created, "in/", ".jpg"), call(On::Created, "in/", ".png"), call(On::Deleted, "", "")]
    }

    /// Entries of others in each of their forms.
    fn foreign() -> Notifications {
        let function = LambdaFunctionConfiguration::builder()
            .id("theirs")
            .lambda_function_arn("arn:theirs")
            .events(Event::from("s3:ObjectTagging:*"))
            .build()
            .unwrap();
        let queue = QueueConfiguration::builder()
            .queue_arn("arn:queue")
            .events(Event::from("s3:ObjectCreated:Put"))
            .build()
            .unwrap();
        let all = NotificationConfiguration::builder()
            .lambda_function_configurations(function)
            .queue_configurations(queue)
            .event_bridge_configuration(EventBridgeConfiguration::builder().build());
        Notifications(all.build())
    }

    #[test]
    fn what_is_sent_reads_as_it_was_meant() {
        let sent = Notifications::of(&calls()).unwrap();
        assert_eq!(sent.own(), texts(&calls()));
        assert_eq!(sent.own().len(), 3, "each has an id of its own");
        assert!(sent.targets_of_others().is_empty());
        expect![[r#"{"LambdaFunctionConfigurations":[{"Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"in/"},{"Name":"suffix","Value":".jpg"}]}},"Id":"stackctl-created-83d53b11","LambdaFunctionArn":"arn:f"},{"Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"in/"},{"Name":"suffix","Value":".png"}]}},"Id":"stackctl-created-d2e150af","LambdaFunctionArn":"arn:f"},{"Events":["s3:LifecycleExpiration:*","s3:ObjectRemoved:*"],"Id":"stackctl-deleted","LambdaFunctionArn":"arn:f"}]}"#]].assert_eq(&sent.own_as_json());
    }

    #[test]
    fn another_order_or_spelling_is_no_difference() {
        let Notifications(mut it) = Notifications::of(&calls()).unwrap();
        let all = it.lambda_function_configurations.as_mut().unwrap();
        all.reverse();
        for entry in all.iter_mut() {
            entry.events.reverse();
            let key = entry.filter.as_mut().and_then(|it| it.key.as_mut());
            for rule in key.into_iter().flat_map(|it| it.filter_rules.iter_mut()).flatten() {
                rule.name =
                    Some(FilterRuleName::from(rule.name.as_ref().unwrap().as_str().to_uppercase().as_str()));
            }
        }
        assert_eq!(Notifications(it).own(), texts(&calls()));
    }

    #[test]
    fn entries_of_others_are_sent_again() {
        let all = foreign().with(&calls()).unwrap();
        assert_eq!(all.own(), texts(&calls()));
        assert_eq!(all.targets_of_others(), ["arn:theirs", "arn:queue", "EventBridge"]);
        assert_eq!(all.with(&[]).unwrap(), foreign(), "our entries go, theirs stay");
        assert_eq!(foreign().own_as_json(), "{}");
    }
}
