//! Events that a function fails to handle are kept.

use libtest_mimic::Trial;
use serde_json::Value;

use super::stack::{Listening, STACK};
use crate::{
    harness::{
        aws_cli,
        cloud::{Cloud, eventually, wait_for},
        trial::trial,
    },
    stacks::lifecycle::send,
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("events::a_failed_event_is_kept", move || a_failed_event_is_kept(cloud)),
        trial("events::the_bucket_of_failed_events_is_watched", move || the_bucket_is_watched(cloud)),
    ]
}

fn status(it: &Listening) -> Value {
    let lines = it.copy.succeed(&["status", "--json"]).stdout;
    let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.into_iter().find(|it| it["event"] == "status").unwrap()
}

fn failures_bucket(it: &Listening) -> String {
    it.bucket.replace("-uploads-", "--failed-")
}

fn a_failed_event_is_kept(cloud: &Cloud) {
    let it = Listening::begin(cloud, "failed", STACK);
    assert_eq!(status(&it)["failed_events"], Value::Null);
    assert_eq!(it.copy.outputs()["bucket"], it.bucket.as_str(), "the other bucket is no output");

    it.put("in/a broken letter.txt", "here");
    it.put("in/letter.txt", "here");
    eventually("the event is kept", || status(&it)["failed_events"]["count"] == 1);
    // One call and two retries, and the other object's event.
    assert_eq!(it.eventually_called(4).len(), 4);
    let failed = status(&it)["failed_events"].clone();
    assert_eq!(failed["bucket"], failures_bucket(&it).as_str());
    assert_eq!(failed["more"], false);
    assert_eq!(failed["first"][0]["function"], it.function.as_str());
    assert_eq!(failed["first"][0]["objects"], serde_json::json!(["in/a broken letter.txt"]));
    assert!(!failed["first"][0]["error"].as_str().unwrap().is_empty(), "{failed}");

    let text = it.copy.succeed(&["status"]).stdout;
    let line = text.lines().find(|line| line.contains("to read them: ")).unwrap();
    let (_, command) = line.split_once("to read them: ").unwrap();
    let command = command.replace("failed-events", it.copy.folder.join("failed-events").to_str().unwrap());
    aws_cli::run(&it.copy, &format!("{command} --region eu-west-1 --endpoint-url {}", cloud.url));
    assert!(it.copy.folder.join("failed-events").join(&it.function).is_dir());

    it.copy.assert_settled();
    it.destroy();
    let gone = it.console.s3.head_bucket().bucket(failures_bucket(&it)).send();
    assert!(wait_for(gone).is_err(), "it is deleted with its records");
}

/// It is repaired as any bucket, and deleted with the last event.
fn the_bucket_is_watched(cloud: &Cloud) {
    let it = Listening::begin(cloud, "failed", STACK);
    let bucket = failures_bucket(&it);
    send!(it.console.s3.delete_bucket_lifecycle().bucket(&bucket));
    assert_eq!(it.copy.plan(), ["bucket.failed_events: abort_unfinished, expire"]);
    it.copy.apply();
    it.copy.assert_settled();
    send!(it.console.s3.delete_bucket().bucket(&bucket));
    assert!(it.copy.plan().iter().any(|it| it.starts_with("bucket.failed_events: ")), "{:?}", it.copy.plan());
    it.copy.apply();
    it.copy.assert_settled();
    send!(it.console.s3.put_object().bucket(&bucket).key("aws/lambda/async/x/y"));
    let text = it.copy.text();
    it.copy.write(&super::lifecycle::without_events(&text));
    assert!(it.copy.plan().contains(&"bucket.failed_events: delete".to_owned()), "{:?}", it.copy.plan());
    it.copy.apply();
    it.copy.assert_settled();
    assert!(wait_for(it.console.s3.head_bucket().bucket(&bucket).send()).is_err());
    it.destroy();
}
