//! What a command wrote and reported.

use serde_json::Value;

use super::seen::{Seen, differences};
use crate::harness::strict::Strict;

/// The writes since then, without those of the lock.
pub fn writes(cloud: &Strict, since: usize) -> Vec<String> {
    let writes =
        cloud.requests(since).into_iter().filter(|it| it.write && it.app.as_deref() != Some("console"));
    writes
        .map(|it| it.operation)
        .filter(|it| !it.starts_with("ssm:PutParameter") && it != "ssm:DeleteParameter")
        .collect()
}

fn events(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

/// The last event of a name.
pub fn event(stdout: &str, name: &str) -> Value {
    let found = events(stdout).into_iter().rfind(|it| it["event"] == name);
    found.unwrap_or_else(|| panic!("{name}: {stdout}"))
}

pub fn fields(entries: &Value) -> Vec<String> {
    let all = entries.as_array().unwrap().iter().flat_map(|it| it["steps"].as_array().unwrap());
    let changes = all.flat_map(|step| step["changes"].as_array().unwrap().clone());
    changes.map(|it| it["field"].as_str().unwrap().to_owned()).collect()
}

pub fn only_tags(before: &Seen, after: &Seen) -> bool {
    differences(before, after).keys().all(|it| *it == "tags")
}
