//! Each part of an event: created, changed and removed behind stackctl's back, removed from the file, destroyed.

use aws_sdk_s3::types as s3;
use libtest_mimic::Trial;

use super::stack::{Listening, STACK};
use crate::{
    harness::{cloud::Cloud, program::Said, trial::trial},
    stacks::lifecycle::send,
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("events::each_part_is_repaired", move || each_part_is_repaired(cloud)),
        trial("events::entries_of_others_stay", move || entries_of_others_stay(cloud)),
        trial("events::an_event_leaves_the_file", move || an_event_leaves_the_file(cloud)),
        trial("events::a_destroy_right_after_that", move || a_destroy_right_after(cloud)),
    ]
}

fn notifications(it: &Listening) -> Vec<s3::LambdaFunctionConfiguration> {
    let found = send!(it.console.s3.get_bucket_notification_configuration().bucket(&it.bucket));
    found.lambda_function_configurations.unwrap_or_default()
}

fn policy(it: &Listening) -> Option<String> {
    let ask = it.console.lambda.get_policy().function_name(&it.function).send();
    crate::harness::cloud::wait_for(ask).ok().and_then(|it| it.policy)
}

fn set_notifications(it: &Listening, all: s3::NotificationConfiguration) {
    let put = it.console.s3.put_bucket_notification_configuration().bucket(&it.bucket);
    send!(put.notification_configuration(all).skip_destination_validation(true));
}

fn each_part_is_repaired(cloud: &Cloud) {
    let it = Listening::begin(cloud, "events", STACK);
    let check = |expected: &str| {
        assert_eq!(it.copy.plan(), [expected]);
        it.copy.apply();
        it.copy.assert_settled();
    };
    let events = "event.stackctl-created-";
    let permission = format!("permission.{}", it.function);

    // The permission alone.
    send!(
        it.console.lambda.remove_permission().function_name(&it.function).statement_id("stackctl-S3-uploads")
    );
    check(&format!("notification.uploads: {permission}"));
    // The permission with another source.
    send!(
        it.console.lambda.remove_permission().function_name(&it.function).statement_id("stackctl-S3-uploads")
    );
    let add =
        it.console.lambda.add_permission().function_name(&it.function).statement_id("stackctl-S3-uploads");
    send!(add.action("lambda:InvokeFunction").principal("s3.amazonaws.com").source_arn("arn:aws:s3:::other"));
    check(&format!("notification.uploads: {permission}, {permission}"));

    // The entries, of which one is changed and one removed.
    let mut all = notifications(&it);
    all.retain(|it| it.id().unwrap().starts_with("stackctl-created"));
    all[0].events = vec![s3::Event::from("s3:ObjectCreated:Post")];
    let changed = s3::NotificationConfiguration::builder().set_lambda_function_configurations(Some(all));
    set_notifications(&it, changed.build());
    let plan = it.copy.plan();
    assert_eq!(plan.len(), 1);
    assert!(plan[0].starts_with(&format!("notification.uploads: {events}")), "{plan:?}");
    assert!(plan[0].contains(", event.stackctl-deleted-"), "{plan:?}");
    it.copy.apply();
    it.copy.assert_settled();

    // The retries of asynchronous calls.
    let retries = it.console.lambda.put_function_event_invoke_config().function_name(&it.function);
    send!(retries.maximum_retry_attempts(0));
    check("function.listener: events.retries, events.failures");
    send!(it.console.lambda.delete_function_event_invoke_config().function_name(&it.function));
    check("function.listener: events.retries, events.age, events.failures");

    // The bucket, then the function.
    send!(it.console.s3.delete_bucket().bucket(&it.bucket));
    assert!(it.copy.plan().iter().any(|it| it.starts_with("notification.uploads: event.")));
    it.copy.apply();
    it.copy.assert_settled();
    send!(it.console.lambda.delete_function().function_name(&it.function));
    assert!(it.copy.plan().contains(&format!("notification.uploads: {permission}")));
    it.copy.apply();
    it.copy.assert_settled();

    // All of it still works.
    it.put("in/letter.txt", "here");
    assert_eq!(it.eventually_called(1)[0]["s3"]["object"]["key"], "in/letter.txt");
    it.destroy();
}

fn entries_of_others_stay(cloud: &Cloud) {
    let it = Listening::begin(cloud, "events", STACK);
    let mut all = notifications(&it);
    let mut theirs = all[0].clone();
    theirs.id = Some("backup".to_owned());
    theirs.events = vec![s3::Event::from("s3:ObjectTagging:*")];
    all.push(theirs);
    let bridge = s3::EventBridgeConfiguration::builder().build();
    let all = s3::NotificationConfiguration::builder()
        .set_lambda_function_configurations(Some(all))
        .event_bridge_configuration(bridge);
    set_notifications(&it, all.build());
    assert_eq!(it.copy.plan(), Vec::<String>::new());
    let Said { stdout, .. } = it.copy.succeed(&["plan"]);
    let function = format!("arn:aws:lambda:eu-west-1:000000000000:function:{}", it.function);
    let exposed = format!("what happens to its objects is sent to {function}, EventBridge");
    assert!(stdout.contains(&exposed), "{stdout}");

    // A change, then the last of ours goes.
    let text = it.copy.text();
    let theirs = |it: &Listening| {
        let found = send!(it.console.s3.get_bucket_notification_configuration().bucket(&it.bucket));
        let ids = found.lambda_function_configurations().iter().filter_map(|it| it.id());
        let ids: Vec<String> = ids.filter(|id| !id.starts_with("stackctl-")).map(str::to_owned).collect();
        (ids, found.lambda_function_configurations().len(), found.event_bridge_configuration.is_some())
    };
    let backup = || vec!["backup".to_owned()];
    it.copy.write(&text.replace("      - { on: deleted, prefix: in/, call: listener }\n", ""));
    it.copy.apply();
    assert_eq!(theirs(&it), (backup(), 2, true));
    it.copy.write(&without_events(&text));
    it.copy.apply();
    assert_eq!(theirs(&it), (backup(), 1, true));
    assert_eq!(it.copy.plan(), Vec::<String>::new());
    it.destroy();
}

/// The file without the events.
pub fn without_events(text: &str) -> String {
    let (before, events) = text.split_once("    events:\n").unwrap();
    let (_, after) = events.split_once("functions:").unwrap();
    format!("{before}functions:{after}")
}

fn an_event_leaves_the_file(cloud: &Cloud) {
    let it = Listening::begin(cloud, "events", STACK);
    assert_eq!(notifications(&it).len(), 2);
    let text = it.copy.text();
    let one = text.replace("      - { on: deleted, prefix: in/, call: listener }\n", "");
    it.copy.write(&one);
    assert_eq!(it.copy.plan().len(), 1);
    it.copy.apply();
    it.copy.assert_settled();
    assert_eq!(notifications(&it).len(), 1);

    let none = without_events(&text);
    it.copy.write(&none);
    assert_eq!(
        it.copy.plan(),
        [
            "role.listener: policy, policy",
            "function.listener: events.retries, events.age, events.failures",
            "notification.uploads: delete",
            "bucket.failed_events: delete",
        ]
    );
    it.copy.apply();
    it.copy.assert_settled();
    assert_eq!(notifications(&it).len(), 0);
    assert!(!policy(&it).is_some_and(|it| it.contains("stackctl-S3-")));

    it.copy.write(&text);
    it.copy.apply();
    it.copy.assert_settled();
    assert_eq!(notifications(&it).len(), 2);
    it.destroy();
}

/// The events left the file, no apply followed, and the bucket stays.
fn a_destroy_right_after(cloud: &Cloud) {
    let it = Listening::begin(cloud, "events", &STACK.replace("on_destroy: empty", "on_destroy: keep"));
    assert_eq!(notifications(&it).len(), 2);
    it.copy.write(&without_events(&it.copy.text()));
    let said = it.copy.succeed(&["destroy", "--yes"]);
    assert!(
        said.stderr.contains("notification.uploads") || said.stdout.contains("notification.uploads"),
        "{said:?}"
    );
    assert_eq!(notifications(&it).len(), 0, "an entry would name a function that is gone");
    send!(it.console.s3.delete_bucket().bucket(&it.bucket));
}
