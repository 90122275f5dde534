//! `code:`, `runtime:`, `handler:` and `build:`: Node.js and Python behind an API.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

use aws_sdk_lambda::types::Runtime;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    endpoint::flow::{send as ask, text},
    harness::{
        cloud::{Cloud, console, eventually},
        program::{WorkingCopy, program, said},
        trial::trial,
    },
    stacks::lifecycle::send,
};

const STACK: &str = "
stack: NAME
region: eu-west-1
functions:
  node:
    code: functions/node/dist
    runtime: nodejs22.x
    handler: index.handler
    build: sh build.sh
    environment: { GREETING: hello }
  copy: { code: functions/copy, runtime: nodejs22.x, handler: index.handler }
  python: { code: functions/python, runtime: python3.13, handler: src/app.main }
apis:
  api:
    authorizer: none
    cors: { origins: [http://localhost:5173] }
    routes: { GET /node: node, POST /python: python }
";

const NODE: &str = "
exports.handler = async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ node: process.env.GREETING, path: event.path }),
});
exports.other = async () => ({ statusCode: 200, body: 'the other handler' });
";

/// Compiles, so to say, and writes what it sees of the environment.
const BUILD: &str = "
set -eu
mkdir -p dist
cp src/index.js dist/index.js
env | sort > ../../environment.txt
echo built >> ../../builds.txt
";

const PYTHON: &str = "
import json

from src import words


def main(event, context):
    said = json.loads(event['body'])
    return {'statusCode': 200, 'body': json.dumps({'python': words.turned(said['word'])})}
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("functions::node_and_python_answer", move || answer(cloud)),
        trial("functions::a_failing_build_creates_nothing", move || failing_build(cloud)),
        trial("functions::code_that_can_not_be_sent", move || unusable(cloud)),
        trial("functions::no_node_on_this_machine", move || no_node(cloud)),
        trial("functions::from_rust_to_node", move || another_source(cloud)),
    ]
}

fn write(copy: &WorkingCopy, name: &str, text: &str) {
    let path = copy.folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn project(cloud: &Cloud, of: &str) -> WorkingCopy {
    let copy = cloud.working_copy(of, STACK);
    // What an earlier run of the trials left.
    let _ = fs::remove_dir_all(copy.folder.join("functions"));
    let _ = fs::remove_file(copy.folder.join("builds.txt"));
    write(&copy, "functions/node/package.json", "{}");
    write(&copy, "functions/node/src/index.js", NODE);
    write(&copy, "functions/node/build.sh", BUILD);
    write(&copy, "functions/copy/index.js", NODE);
    write(&copy, "functions/copy/.env", "SECRET=1");
    write(&copy, "functions/python/src/app.py", PYTHON);
    write(&copy, "functions/python/src/words.py", "def turned(word):\n    return word[::-1]\n");
    copy
}

/// The JSON that the API answers.
fn get(method: Method, outputs: &Value, path: &str, body: &str) -> Value {
    let endpoint = text(outputs, "endpoint").trim_end_matches('/');
    let answer = ask(method, &format!("{endpoint}{path}"), &[], body.as_bytes());
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    serde_json::from_str(&answer.text()).unwrap_or_else(|_| Value::String(answer.text()))
}

/// How often the build ran.
fn builds(copy: &WorkingCopy) -> usize {
    fs::read_to_string(copy.folder.join("builds.txt")).unwrap_or_default().lines().count()
}

fn answer(cloud: &Cloud) {
    let copy = project(cloud, "node-python");
    copy.apply();
    assert_eq!(builds(&copy), 1, "a build runs once in a run");
    let seen = fs::read_to_string(copy.folder.join("environment.txt")).unwrap();
    assert!(seen.contains("PATH=") && !seen.contains("AWS_"), "{seen}");

    let outputs = copy.outputs();
    assert_eq!(get(Method::GET, &outputs, "/node", ""), json!({"node": "hello", "path": "/node"}));
    let turned = get(Method::POST, &outputs, "/python", r#"{"word": "abc"}"#);
    assert_eq!(turned, json!({"python": "cba"}));

    // Other times and modes are no other code.
    let file = fs::File::open(copy.folder.join("functions/copy/index.js")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    file.set_permissions(fs::Permissions::from_mode(0o600)).unwrap();
    let again = copy.apply();
    assert!(again.stderr.contains("nothing to do") || again.stdout.contains("nothing to do"), "{again:?}");
    copy.assert_settled();
    let name = &copy.stack().name;
    let aws = console(&copy, &cloud.url);
    let live = |function: &str| {
        let found = send!(aws.lambda.get_function().function_name(format!("{name}-{function}")));
        found.configuration.unwrap()
    };
    assert_eq!(live("node").code_sha256, live("copy").code_sha256, "equal folders have equal zips");
    assert_eq!(live("python").runtime, Some(Runtime::Python313));
    assert_eq!(live("python").handler.as_deref(), Some("src/app.main"));

    // A change outside of stackctl is drift, and is repaired.
    send!(
        aws.lambda
            .update_function_configuration()
            .function_name(format!("{name}-node"))
            .runtime(Runtime::Nodejs20x)
            .handler("index.other")
    );
    // Until the update has ended, the plan waits for it.
    eventually("the update has ended", || !copy.plan().iter().any(|it| it.contains("wait for")));
    assert_eq!(get(Method::GET, &outputs, "/node", ""), json!("the other handler"));
    assert_eq!(copy.plan(), ["function.node: runtime, handler"]);
    copy.apply();
    copy.assert_settled();
    assert_eq!(live("node").runtime, Some(Runtime::Nodejs22x));
    assert_eq!(get(Method::GET, &outputs, "/node", "")["node"], "hello");

    // A change of the source is one of the code.
    write(&copy, "functions/node/src/index.js", &NODE.replace("event.path", "'another'"));
    assert_eq!(copy.plan(), ["function.node: code"]);
    copy.apply();
    assert_eq!(get(Method::GET, &outputs, "/node", "")["path"], "another");
    copy.succeed(&["destroy", "--yes"]);
}

fn failing_build(cloud: &Cloud) {
    let copy = project(cloud, "failing-build");
    write(&copy, "functions/node/build.sh", "echo 'src/index.js: line 3 is wrong'; exit 7\n");
    let failed = copy.run(&["apply", "--yes"]);
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    for part in ["`sh build.sh`", "failed with exit code 7", "src/index.js: line 3 is wrong"] {
        assert!(failed.stderr.contains(part), "{part}: {}", failed.stderr);
    }
    let plan = copy.plan();
    let created = ["role.", "log_group.", "function.", "rest_api."];
    for kind in created {
        assert!(plan.iter().any(|it| it.starts_with(kind) && it.contains(": create")), "{kind} {plan:?}");
    }
    assert_eq!(plan.iter().filter(|it| it.contains(": create")).count(), 10, "{plan:?}");
    // A build that makes no folder.
    write(&copy, "functions/node/build.sh", "true\n");
    let failed = copy.run(&["apply", "--yes"]);
    assert_eq!(failed.code, 1);
    assert!(failed.stderr.contains("although the build has ended"), "{}", failed.stderr);
}

fn unusable(cloud: &Cloud) {
    let copy = project(cloud, "unusable-code");
    let code = |name: &str| copy.folder.join("functions/copy").join(name);
    let check = |parts: &[&str]| {
        for command in [&["validate"] as &[_], &["apply", "--yes"]] {
            let failed = copy.run(command);
            assert_eq!(failed.code, 64, "{command:?}: {}", failed.stderr);
            for part in parts {
                assert!(failed.stderr.contains(part), "{part}: {}", failed.stderr);
            }
        }
    };
    fs::File::create(code("large")).unwrap().set_len(262_144_001).unwrap();
    check(&["functions/copy", "bytes unzipped; Lambda takes 262144000", "npm install --omit=dev"]);
    fs::remove_file(code("large")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", code("link")).unwrap();
    check(&["the link link leads out of the folder, to /etc/hostname"]);
    fs::remove_file(code("link")).unwrap();
    fs::rename(code("index.js"), code("main.js")).unwrap();
    check(&["the handler `index.handler` needs index.js or index.mjs or index.cjs"]);
    copy.write(&copy.text().replace("functions/copy,", "functions/copy.zip,"));
    check(&["functions/copy.zip", "there is no folder or zip file of this name"]);
    fs::write(copy.folder.join("functions/copy.zip"), "no zip").unwrap();
    check(&["it is not a zip file that can be read"]);
    fs::File::create(copy.folder.join("functions/copy.zip")).unwrap().set_len(52_428_801).unwrap();
    check(&["its zip has 52428801 bytes; Lambda takes 52428800"]);
}

fn no_node(cloud: &Cloud) {
    let copy = project(cloud, "no-node");
    let nothing = copy.folder.join("nothing");
    fs::create_dir_all(&nothing).unwrap();
    let validate = |options: &[&str]| {
        let mut command = Command::new(program());
        command.arg("validate").args(options).current_dir(&copy.folder).stdin(Stdio::null());
        said(command.env("PATH", &nothing).output().unwrap())
    };
    let here = validate(&["--local"]);
    assert_eq!(here.code, 64, "{}", here.stderr);
    for part in ["no Node.js for nodejs22.x", "runtime: nodejs22.x", "not on PATH", "https://nodejs.org"] {
        assert!(here.stderr.contains(part), "{part}: {}", here.stderr);
    }
    assert!(!here.stderr.contains("python3.13"), "the emulator has Python: {}", here.stderr);
    // AWS has its own.
    assert_eq!(validate(&[]).code, 0);
    // A deprecated runtime is a warning.
    copy.write(&copy.text().replace("nodejs22.x", "nodejs20.x"));
    let warned = validate(&[]);
    assert_eq!(warned.code, 0, "{}", warned.stderr);
    let expected = "warning: functions.copy: AWS deprecated the runtime nodejs20.x on 2026-04-30";
    assert!(warned.stderr.contains(expected), "{}", warned.stderr);
}

/// A function that was an executable becomes one of Node.js.
fn another_source(cloud: &Cloud) {
    let copy = project(cloud, "another-source");
    let node = copy.text();
    let script = "functions: { copy: { code: functions/bin, runtime: provided.al2023 } }\n";
    let head: String =
        node.lines().take_while(|it| *it != "functions:").map(|it| format!("{it}\n")).collect();
    copy.write(&format!("{head}{script}"));
    write(&copy, "functions/bin/bootstrap", "#!/bin/sh\n");
    copy.apply();
    copy.assert_settled();
    let other = "functions: { copy: { code: functions/copy, runtime: nodejs22.x, handler: index.other } }\n";
    copy.write(&format!("{head}{other}"));
    assert_eq!(copy.plan(), ["function.copy: code, runtime, handler"]);
    copy.apply();
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
}
