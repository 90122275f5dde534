//! The function inside stackctl: it needs no Rust, and is the one of this repository.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::{
    endpoint::flow::{first_sign_in, upload},
    harness::{
        cloud::Cloud,
        program::{Said, plan_in, said, target},
        trial::trial,
    },
};

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  uploads: { cors: { origins: [http://localhost:5173] } }
functions:
  presign: { builtin: presign, buckets: { uploads: { prefix: uploads/, allow: [put] } } }
user_pools:
  users: { deletion_protection: false, clients: { web: {} } }
apis:
  uploads:
    cors: { origins: [http://localhost:5173] }
    authorizer: users
    routes: { GET /: presign }
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("builtin::needs_no_rust", move || needs_no_rust(cloud)),
        trial("builtin::a_package_needs_a_workspace", move || a_package_needs_a_workspace(cloud)),
        trial("builtin::is_the_package_of_the_repository", move || is_the_package(cloud)),
    ]
}

/// A folder outside of every workspace, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("stackctl-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("home")).unwrap();
        fs::create_dir_all(folder.join("no-programs")).unwrap();
        Scratch(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A whole life in a folder without Cargo.toml, without a program on PATH, and with nothing in HOME.
fn needs_no_rust(cloud: &Cloud) {
    let mut copy = cloud.working_copy("builtin", STACK);
    let scratch = Scratch::new("builtin");
    let text = copy.text();
    copy.folder = scratch.0.clone();
    copy.write(&text);
    assert!(scratch.0.ancestors().all(|it| !it.join("Cargo.toml").exists()));
    let run = |arguments: &[&str]| {
        let mut command = copy.command(arguments);
        for name in ["CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR", "XDG_CACHE_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", scratch.0.join("home")).env("PATH", scratch.0.join("no-programs"));
        let said = said(command.output().unwrap());
        assert_eq!(said.code, 0, "{arguments:?}\n{}\n{}", said.stdout, said.stderr);
        said
    };
    run(&["validate"]);
    assert!(run(&["plan"]).stdout.contains("function.presign"));
    run(&["apply", "--yes"]);
    assert_eq!(planned(&run(&["plan", "--check", "--json"])), Vec::<String>::new());
    let outputs: Value = serde_json::from_str(&run(&["outputs", "--format", "json"]).stdout).unwrap();
    let tokens = first_sign_in(&copy, cloud, &outputs);
    upload(&copy, cloud, &outputs, &tokens);
    run(&["destroy", "--yes", "--empty-buckets"]);
}

/// What a build needs is missing before anything is created, in `validate`, `plan` and `apply`.
fn a_package_needs_a_workspace(cloud: &Cloud) {
    let package = STACK.replace("builtin: presign", "package: presign, profile: lambda");
    let mut copy = cloud.working_copy("no-workspace", &package);
    let scratch = Scratch::new("no-workspace");
    let text = copy.text();
    copy.folder = scratch.0.clone();
    copy.write(&text);
    for (path, title) in [(None, "no cargo workspace"), (Some("no-programs"), "no cargo")] {
        for arguments in [&["validate"][..], &["plan"], &["apply", "--yes"]] {
            let mut command = copy.command(arguments);
            if let Some(path) = path {
                command.env("PATH", scratch.0.join(path));
            }
            let said = said(command.output().unwrap());
            assert_eq!(said.code, 64, "{arguments:?}\n{}\n{}", said.stdout, said.stderr);
            assert!(said.stderr.contains(&format!("error: {title}\n")), "{}", said.stderr);
            assert!(said.stderr.contains("stack.yaml:7:23"), "{}", said.stderr);
            assert!(said.stderr.contains("write `builtin: presign`"), "{}", said.stderr);
        }
    }
    let name = copy.stack().name.to_string();
    let log = fs::read_to_string(cloud.request_log()).unwrap();
    assert!(!log.contains(&name), "a request names the stack");
}

fn planned(said: &Said) -> Vec<String> {
    plan_in(&said.stdout)
}

/// The package, built from the beginning with another CARGO_HOME and into another folder, gives the same bytes.
fn is_the_package(cloud: &Cloud) {
    let copy = cloud.working_copy("builtin-package", STACK);
    copy.apply();
    let builtin = copy.text();
    copy.write(&builtin.replace("builtin: presign", "package: presign, profile: lambda"));
    let elsewhere = target().join("it").join("builtin-elsewhere");
    let home = elsewhere.join("home");
    fs::create_dir_all(&home).unwrap();
    for name in ["registry", "config.toml"] {
        let (real, link) = (cargo_home().join(name), home.join(name));
        if real.exists() && !link.exists() {
            symlink(real, link).unwrap();
        }
    }
    let mut command = copy.command(&["plan", "--check", "--json"]);
    command.env("CARGO_HOME", &home).env("CARGO_TARGET_DIR", elsewhere.join("target"));
    let of_package = said(command.output().unwrap());
    assert_eq!(of_package.code, 0, "{}\n{}", of_package.stdout, of_package.stderr);
    assert_eq!(planned(&of_package), Vec::<String>::new());
    assert!(elsewhere.join("target/stackctl/lambda/presign").is_file(), "the package was built");
    copy.write(&builtin);
    copy.succeed(&["destroy", "--yes", "--empty-buckets"]);
}

fn cargo_home() -> PathBuf {
    let own = std::env::var_os("CARGO_HOME").filter(|it| !it.is_empty()).map(PathBuf::from);
    own.unwrap_or_else(|| Path::new(&std::env::var_os("HOME").unwrap()).join(".cargo"))
}
