//! Builds that `apply` runs: what code of dependencies may see.

use std::{collections::BTreeMap, fs};

use libtest_mimic::Trial;

use crate::harness::{cloud::Cloud, program::said, trial::trial};

const STACK: &str = "
stack: NAME
region: eu-west-1
functions:
  tiny: { package: tiny, profile: lambda }
";

/// Writes all that a build script sees.
const BUILD_SCRIPT: &str = r#"
fn main() {
    let all: Vec<String> = std::env::vars().map(|(name, value)| format!("{name}={value}")).collect();
    std::fs::write("environment.txt", all.join("\n")).unwrap();
}
"#;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("builds::see_no_credentials", move || see_no_credentials(cloud))]
}

fn see_no_credentials(cloud: &Cloud) {
    let copy = cloud.working_copy("builds", STACK).with_tiny_package();
    fs::write(copy.folder.join("build.rs"), BUILD_SCRIPT).unwrap();
    let mut command = copy.command(&["apply", "--yes"]);
    let credentials = [
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret-1"),
        ("AWS_ROLE_SESSION_NAME", "secret-2"),
        ("AWS_BEARER_TOKEN_BEDROCK", "secret-3"),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "secret-4"),
    ];
    let others = [("LANG", "C.UTF-8"), ("CARGO_TERM_VERBOSE", "false"), ("MY_SETTING", "kept")];
    command.envs(credentials).envs(others);
    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    assert!(keys.iter().all(|key| command.get_envs().any(|(name, _)| name == *key)), "apply has no keys");
    let applied = said(command.output().unwrap());
    assert_eq!(applied.code, 0, "{}\n{}", applied.stdout, applied.stderr);

    let text = fs::read_to_string(copy.folder.join("environment.txt")).unwrap();
    let seen: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once('=')).collect();
    let hidden = credentials.map(|(name, _)| name).into_iter().chain(keys);
    let leaked: Vec<&str> = hidden.filter(|name| seen.contains_key(name)).collect();
    assert!(leaked.is_empty(), "a build script sees {leaked:?}");
    assert!(!text.contains("secret-"), "{text}");
    for (name, value) in others {
        assert_eq!(seen.get(name), Some(&value), "{name}");
    }
    for name in ["PATH", "HOME"] {
        assert_eq!(seen.get(name).map(ToString::to_string), std::env::var(name).ok(), "{name}");
    }
    copy.succeed(&["destroy", "--yes"]);
}
