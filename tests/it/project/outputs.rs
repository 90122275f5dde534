//! `outputs --write` and `--check`, in files that have other content too.

use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{cloud::Cloud, trial::trial};

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets: { uploads: {} }
user_pools: { users: { deletion_protection: false, clients: { web: {} } } }
";

const OTHERS: &str = "# mine\nSTRIPE_KEY=sk_live_1\nVITE_REGION=nowhere   # by hand\n";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("outputs::other_lines_stay", move || other_lines_stay(cloud))]
}

fn other_lines_stay(cloud: &Cloud) {
    let copy = cloud.working_copy("outputs", STACK);
    let file = copy.folder.join(".env.local");
    fs::write(&file, OTHERS).unwrap();
    let write = ["outputs", "--format", "vite", "--write", ".env.local"];
    let check = ["outputs", "--format", "vite", "--check", ".env.local"];

    let too_early = copy.run(&write);
    assert_eq!(too_early.code, 1, "{too_early:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), OTHERS);

    copy.apply();
    let bucket = copy.outputs()["bucket"].as_str().unwrap().to_owned();
    assert_eq!(copy.run(&check).code, 2);
    let wrote = copy.succeed(&write);
    assert!(wrote.stdout.starts_with("Wrote .env.local: 6 added, 1 changed\n"), "{}", wrote.stdout);
    assert!(!wrote.stdout.contains(&bucket), "values are not shown: {}", wrote.stdout);
    let text = fs::read_to_string(&file).unwrap();
    let kept = OTHERS.replace("nowhere", "eu-west-1");
    assert!(text.starts_with(&kept), "{text}");
    assert!(text.contains(&format!("\nVITE_BUCKET={bucket}\n")), "{text}");
    assert!(copy.succeed(&write).stdout.starts_with(".env.local is up to date: 7 unchanged\n"));
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    copy.succeed(&check);

    // Another variable of the developer does not matter; another value of an output does.
    fs::write(&file, format!("{text}MINE=1\n")).unwrap();
    copy.succeed(&check);
    fs::write(&file, text.replace(&bucket, "another")).unwrap();
    let differs = copy.run(&["outputs", "--format", "vite", "--check", ".env.local", "--json"]);
    assert_eq!(differs.code, 2);
    let mut lines = differs.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.find(|line| line["event"] == "outputs_file").expect("the file is reported");
    assert_eq!(
        (&line["state"], &line["changed"]),
        (&"out_of_date".into(), &serde_json::json!(["VITE_BUCKET"]))
    );

    fs::write(copy.folder.join("package.json"), "{\"name\":\"app\"}\n").unwrap();
    for format in ["json", "vite", "ts"] {
        let refused = copy.run(&["outputs", "--format", format, "--write", "package.json"]);
        assert_eq!(refused.code, 1, "{format}: {refused:?}");
        assert!(refused.stderr.contains("package.json was not changed"), "{}", refused.stderr);
    }
    assert_eq!(fs::read_to_string(copy.folder.join("package.json")).unwrap(), "{\"name\":\"app\"}\n");
    copy.succeed(&["outputs", "--format", "json", "--write", "outputs.json"]);
    copy.succeed(&["outputs", "--format", "amplify", "--write", "outputs.json"]);
    copy.succeed(&["outputs", "--format", "amplify", "--check", "outputs.json"]);
    copy.succeed(&["destroy", "--yes"]);
}
