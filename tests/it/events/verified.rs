//! `stackctl verify --events` tells what a function does with events that come twice, late and out of order.

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use serde_json::Value;

use super::stack::{Listening, STACK};
use crate::{
    access::policy::{Someone, policy},
    harness::{cloud::Cloud, program::Said, trial::trial},
    stacks::lifecycle::send,
};

/// A function that fails when an event is not new to it.
const ONCE: &str = r#"
mod runtime_api;

fn main() {
    runtime_api::serve(|event| {
        if !event.contains("stackctl-verify") {
            return;
        }
        let name = format!("once-{}-{}", std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap(), event.len());
        let kind = if event.contains("ObjectRemoved") { "removed" } else { "created" };
        let seen = std::env::temp_dir().join(format!("{name}-{kind}"));
        if seen.exists() {
            let _ = std::fs::remove_file(seen);
            std::process::exit(1);
        }
        std::fs::write(seen, "").unwrap();
    });
}
"#;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("events::verify_delivers_them", move || a_function_that_takes_all(cloud)),
        trial("events::verify_finds_a_function_that_takes_an_event_once", move || {
            a_function_that_fails(cloud)
        }),
    ]
}

/// The results of the checks, by their ids.
fn checks(said: &Said) -> BTreeMap<String, String> {
    let lines = said.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let checks = lines.filter(|it| it["event"] == "check");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    checks.map(|it| (text(&it["id"]), text(&it["result"]))).collect()
}

fn objects(it: &Listening) -> usize {
    send!(it.console.s3.list_objects_v2().bucket(&it.bucket)).contents().len()
}

fn a_function_that_takes_all(cloud: &Cloud) {
    let it = Listening::begin(cloud, "verified", STACK);
    it.put("in/letter.txt", "here");
    let before = it.copy.run(&["verify", "--json"]);
    assert!(checks(&before).keys().all(|it| !it.starts_with("event")), "{before:?}");
    // With no more than the policy for it.
    let ada = Someone::new(&it.copy, cloud, "ada");
    ada.may(&policy(&it.copy, "verify"));
    let said = ada.run(&it.copy, &["verify", "--events", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    let events = ["", "_twice", "_out_of_order", "_deleted", "_deleted_twice", "_late"];
    let passed = events.map(|it| (format!("event{it}"), "passed".to_owned()));
    let mut found = checks(&said);
    found.retain(|id, _| id.starts_with("event"));
    assert_eq!(found, passed.into());
    assert_eq!(objects(&it), 1, "its own object is gone");
    // What it delivered reached the function, and so did S3's own events of the object.
    let records = it.eventually_called(7);
    let delivered = records.iter().filter(|it| it["s3"]["configurationId"] == "stackctl-verify").count();
    assert_eq!(delivered, 6);
    it.copy.assert_settled();
    it.destroy();
}

fn a_function_that_fails(cloud: &Cloud) {
    let copy = cloud.working_copy("once", STACK).with_tiny_function(ONCE);
    copy.apply();
    let picture = copy.folder.join("picture.bin");
    std::fs::write(&picture, [0; 300]).unwrap();
    let said = copy.run(&["verify", "--events", picture.to_str().unwrap(), "--json"]);
    assert_eq!(said.code, 1, "{said:?}");
    let found = checks(&said);
    assert!(found.iter().any(|(id, result)| id == "event_twice" && result == "failed"), "{found:?}");
    let refused = copy.run(&["verify", "--events", "nowhere.jpg"]);
    assert!(refused.code == 64 && refused.stderr.contains("could not read nowhere.jpg"), "{refused:?}");
    copy.succeed(&["destroy", "--yes"]);
}
