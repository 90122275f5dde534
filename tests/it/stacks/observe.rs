//! `stackctl status`, `doctor` and `graph`.

use std::{
    collections::BTreeMap,
    fs,
    process::Command,
    time::{Duration, Instant},
};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::{
    harness::{
        cloud::Cloud,
        program::{Said, WorkingCopy, key_of, program, said},
        trial::trial,
    },
    stacks::lifecycle::{self, STACK},
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("observe::status", move || status(cloud)),
        trial("observe::doctor_on_a_good_day", move || doctor(cloud)),
        trial("observe::doctor_on_bad_days", move || doctor_on_bad_days(cloud)),
        trial("observe::graph_needs_no_account", move || graph(cloud)),
    ]
}

/// The first line of an event.
fn event(said: &Said, event: &str) -> Value {
    let mut lines = said.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.find(|line| line["event"] == event).unwrap_or_else(|| panic!("no {event}: {said:?}"))
}

/// `address: state` of each resource.
fn states(status: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = status["resources"].as_array().unwrap().iter();
    all.map(|it| format!("{}: {}", text(&it["address"]), text(&it["state"]))).collect()
}

fn status(cloud: &'static Cloud) {
    let copy = cloud.working_copy("status", STACK);
    let before = event(&copy.succeed(&["status", "--json"]), "status");
    assert!(states(&before).iter().all(|it| it.ends_with(": missing")), "{before}");
    assert_eq!(before["drift"], true);
    let text = copy.succeed(&["status"]).stdout;
    assert!(text.contains("nothing exists yet; `stackctl apply` creates it"), "{text}");

    copy.apply();
    let after = event(&copy.succeed(&["status", "--json"]), "status");
    assert!(states(&after).iter().all(|it| it.ends_with(": in place")), "{after}");
    assert_eq!((&after["drift"], &after["lock"]), (&Value::Bool(false), &Value::Null));
    assert_eq!(after["outputs"]["endpoint"], copy.outputs()["endpoint"]);

    lifecycle::change(&copy, cloud, &["function: memory"]);
    let changed = copy.succeed(&["status", "--json"]);
    let changed = event(&changed, "status");
    let differs: Vec<_> = states(&changed).into_iter().filter(|it| !it.ends_with(": in place")).collect();
    assert_eq!(differs.len(), 1, "{changed}");
    assert!(differs[0].starts_with("function.") && differs[0].ends_with(": differs"), "{changed}");
    let text = copy.succeed(&["status"]).stdout;
    assert!(text.contains("differs: memory") && text.contains("yes, 1 resource differs"), "{text}");
    assert!(text.lines().count() <= 24, "one screen: {text}");
    copy.succeed(&["destroy", "--yes"]);
}

/// `result` of each check, by its name.
fn results(said: &Said) -> BTreeMap<String, String> {
    let lines = said.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let findings = lines.filter(|line| line["event"] == "finding");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings.map(|it| (text(&it["check"]), text(&it["result"]))).collect()
}

fn doctor(cloud: &'static Cloud) {
    let copy = cloud.working_copy("doctor", STACK);
    let said = copy.succeed(&["doctor", "--json"]);
    let results = results(&said);
    for check in ["version", "file", "credentials", "region", "clock", "permissions", "lock"] {
        assert_eq!(results.get(check).map(String::as_str), Some("good"), "{check}: {said:?}");
    }
    for check in ["code", "python", "local cloud"] {
        assert!(results.contains_key(check), "{check}: {said:?}");
    }
    let (_, secret) = key_of(&cloud.url);
    let text = copy.succeed(&["doctor", "-v"]);
    assert!(text.stdout.contains("✓ credentials") && !text.stdout.contains(&secret), "{text:?}");
}

fn doctor_on_bad_days(cloud: &'static Cloud) {
    let copy = cloud.working_copy("ill", STACK);
    let check = |copy: &WorkingCopy, change: &dyn Fn(&mut Command)| {
        let mut command = copy.command(&["doctor", "--json"]);
        change(&mut command);
        let began = Instant::now();
        let said = said(command.output().unwrap());
        assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
        said
    };
    // A profile that does not exist.
    let said = check(&copy, &|command| {
        command
            .env("AWS_PROFILE", "none")
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY");
        command.env("HOME", &copy.folder);
    });
    assert_eq!((said.code, results(&said)["credentials"].as_str()), (1, "bad"), "{said:?}");
    // No server.
    let nowhere =
        WorkingCopy::new(&format!("{}-nowhere", copy.stack().name), &copy.text(), "http://127.0.0.1:9");
    let said = check(&nowhere, &|_| {});
    let found = results(&said);
    assert_eq!((said.code, &*found["credentials"], &*found["clock"]), (1, "bad", "doubt"), "{said:?}");
    // A file with a problem, and no file.
    copy.write("stack: Wrong!\n");
    let said = check(&copy, &|_| {});
    assert_eq!((said.code, results(&said)["file"].as_str()), (1, "bad"), "{said:?}");
    fs::remove_file(copy.folder.join("stack.yaml")).unwrap();
    let said = check(&copy, &|command| {
        command.env("HOME", &copy.folder).args(["--file", "nothing.yaml"]);
    });
    let found = results(&said);
    assert_eq!((said.code, &*found["file"], &*found["credentials"]), (0, "doubt", "good"), "{said:?}");
    // A local cloud that does not run is not started.
    let mut command = Command::new(program());
    let state = copy.folder.join("state");
    command
        .current_dir(&copy.folder)
        .env("STACKCTL_LOCAL_STATE", &state)
        .args(["--local", "doctor", "--json"]);
    let said = crate::harness::program::said(command.output().unwrap());
    assert_eq!(results(&said)["credentials"], "doubt", "{said:?}");
    assert!(!state.join("running.json").exists());
}

fn graph(cloud: &'static Cloud) {
    let copy = cloud.working_copy("graph", STACK);
    let draw = |arguments: &[&str]| {
        let mut command = copy.command(&["graph"]);
        command.args(arguments).env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        let said = said(command.env("HOME", &copy.folder).output().unwrap());
        assert_eq!(said.code, 0, "{said:?}");
        said
    };
    assert!(draw(&[]).stdout.contains("\nflowchart LR\n"));
    assert!(draw(&["--format", "dot"]).stdout.starts_with("digraph "));
    assert!(draw(&["--format", "svg"]).stdout.starts_with("<svg "));
    let graph = event(&draw(&["--json"]), "graph");
    let arrows = graph["arrows"].as_array().unwrap();
    assert!(arrows.iter().any(|it| it["label"] == "part of"), "{graph}");
}
