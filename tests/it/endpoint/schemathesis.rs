//! The document of the presign endpoint against the running one, in both directions: schemathesis sends what the document
//! allows, which has to be accepted, and what it does not, which has to be refused; every answer is one of the document's.

use std::{
    fs,
    process::{Child, Command, Stdio},
};

use libtest_mimic::Trial;

use crate::{
    endpoint::flow::{first_sign_in, text},
    harness::{cloud::Cloud, environment, trial::trial},
};

const STACK: &str = include_str!("../../../web/stack.yaml");
const DOCUMENT: &str = include_str!("../../../lambda/presign/openapi.yaml");
const REQUIREMENTS: &str = include_str!("schemathesis/requirements.txt");
const CONFIGURATION: &str = include_str!("schemathesis/schemathesis.toml");
/// What has this seed is the same in each run.
const SEED: &str = "1";
/// How many requests each operation gets beside those that cover the document.
const EXAMPLES: &str = "10";
/// The checks that run side by side: schemathesis's own threads end in an error of Python 3.11's.
const SHARES: [&[&str]; 3] = [&["sign"], &["upload", "list", "folders"], &["url", "download", "remove"]];

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("schemathesis::finds_nothing", move || finds_nothing(cloud))]
}

fn finds_nothing(cloud: &'static Cloud) {
    assert_eq!(DOCUMENT.matches("operationId: ").count(), SHARES.concat().len());
    let program = environment::install("schemathesis-4.32.5", REQUIREMENTS).join("bin/schemathesis");
    let copy = cloud.working_copy("schemathesis", &STACK.replace("stack: upload-page", "stack: NAME"));
    copy.apply();
    let outputs = copy.outputs();
    let token = first_sign_in(&copy, cloud, &outputs).id;
    fs::write(copy.folder.join("openapi.yaml"), of_this_stack()).unwrap();
    fs::write(copy.folder.join("schemathesis.toml"), CONFIGURATION).unwrap();
    let start = |operations: &&[&str]| -> Child {
        let mut command = Command::new(&program);
        command.args(["run", "openapi.yaml", "--url", text(&outputs, "endpoint")]);
        command.args(["--header", &format!("Authorization: {token}"), "--seed", SEED]);
        command.args(["--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing"]);
        command.args(["--generation-database", "none", "--continue-on-failure", "--no-color"]);
        command.args(operations.iter().flat_map(|id| ["--include-operation-id", id]));
        command.current_dir(&copy.folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let all: Vec<Child> = SHARES.iter().map(start).collect();
    for run in all {
        let said = run.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&said.stdout);
        assert!(said.status.success(), "{text}\n{}", String::from_utf8_lossy(&said.stderr));
        assert!(
            text.contains("generated, ") && !text.contains("401 Unauthorized ("),
            "nothing was tried: {text}"
        );
    }
}

/// The document with what it leaves to a stack: the names of the buckets, and the limit.
fn of_this_stack() -> String {
    let mut document = DOCUMENT.to_owned();
    for (from, to) in
        [("pattern: ^[a-z][a-z0-9_-]*$", "enum: [uploads]"), ("maximum: 5368709120", "maximum: 104857600")]
    {
        assert_eq!(document.matches(from).count(), 1, "{from}");
        document = document.replace(from, to);
    }
    document
}
