//! Builds that `apply` runs: what code of dependencies may see, and cargo-lambda.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt};

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
    vec![
        trial("builds::see_no_credentials", move || see_no_credentials(cloud)),
        trial("builds::cargo_lambda_in_a_folder_below_the_workspace", move || below_the_workspace(cloud)),
    ]
}

/// cargo-lambda, as far as stackctl uses it: it looks for the manifest in its folder alone, and puts the executable into
/// a folder of its own.
const CARGO_LAMBDA: &str = r#"#!/bin/sh
set -e
[ "$2" = --version ] && exit
manifest=Cargo.toml
while [ $# -gt 0 ]; do
  case "$1" in
    --manifest-path) manifest=$2; shift ;;
    --lambda-dir) out=$2; shift ;;
    --profile) profile=$2; shift ;;
    --bin) bin=$2; shift ;;
    --arm64) triple=aarch64-unknown-linux-gnu ;;
    --x86-64) triple=x86_64-unknown-linux-gnu ;;
  esac
  shift
done
[ -e "$manifest" ] || { echo "manifest path $manifest does not exist" >&2; exit 1; }
cargo build --quiet --manifest-path "$manifest" --target "$triple" --profile "$profile" --bin "$bin"
mkdir -p "$out/$bin"
cp "$CARGO_TARGET_DIR/$triple/$profile/$bin" "$out/$bin/bootstrap"
"#;

fn below_the_workspace(cloud: &Cloud) {
    let copy = cloud.working_copy("cargo-lambda", STACK).with_tiny_package();
    let (programs, below) = (copy.folder.join("programs"), copy.folder.join("infrastructure"));
    for folder in [&programs, &below] {
        fs::create_dir_all(folder).unwrap();
    }
    fs::rename(copy.folder.join("stack.yaml"), below.join("stack.yaml")).unwrap();
    let program = programs.join("cargo-lambda");
    fs::write(&program, CARGO_LAMBDA).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::join_paths(
        [programs].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let run = |arguments: &[&str]| {
        let mut command = copy.command(arguments);
        let ran = said(command.current_dir(&below).env("PATH", path.as_ref().unwrap()).output().unwrap());
        assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    };
    run(&["apply", "--yes"]);
    run(&["plan", "--check"]);
    assert!(copy.folder.join("target/lambda/tiny/bootstrap").exists(), "cargo-lambda has built it");
    run(&["destroy", "--yes"]);
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
