//! A thing that has lost the tags of its stack: it is named with the command that gives them back, left alone, and stops
//! nothing but what needs it.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

use crate::{
    harness::{
        cloud::{console, wait_for},
        inventory::left,
        program::{WorkingCopy, plan_in, target},
        strict::Strict,
        trial::trial,
    },
    stacks::{lifecycle::STACK, moto},
};

macro_rules! send {
    ($request:expr) => {
        wait_for($request.send()).unwrap_or_else(|error| panic!("{error:?}"))
    };
}

/// A resource that loses its tags, and another that is changed in the console at the same time.
struct Row {
    address: &'static str,
    lose: fn(&Clients, &Value),
    change: fn(&Clients, &Value),
    /// The plan's lines of both, and of the resources that need the first.
    plan: &'static [&'static str],
    /// The resources that a destroy leaves, besides the first.
    stays: &'static [&'static str],
}

const OWN: [&str; 2] = ["stackctl:stack", "stackctl:address"];

const ROWS: &[Row] = &[
    Row {
        address: "bucket.uploads",
        lose: |aws, it| {
            use aws_sdk_s3::types::{Tag, Tagging};
            // Another one, which the command must not take away.
            let tag = Tag::builder().key("note").value("it's \"theirs\"").build().unwrap();
            let tags = Tagging::builder().tag_set(tag).build().unwrap();
            send!(aws.s3.put_bucket_tagging().bucket(text(&it["bucket"])).tagging(tags));
        },
        change: forget_logs,
        plan: &["bucket.uploads: left", "log_group.presign: log_retention"],
        stays: &[],
    },
    Row {
        address: "role.presign",
        lose: |aws, it| {
            send!(
                aws.iam
                    .untag_role()
                    .role_name(format!("{}-eu-west-1", function(it)))
                    .set_tag_keys(Some(OWN.map(str::to_owned).into()))
                    .tag_keys("stackctl:region")
            );
        },
        change: forget_logs,
        plan: &["role.presign: left", "log_group.presign: log_retention", "function.presign: left"],
        stays: &[],
    },
    Row {
        address: "log_group.presign",
        lose: |aws, it| {
            let arn = format!("arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/{}", function(it));
            send!(
                aws.logs.untag_resource().resource_arn(arn).set_tag_keys(Some(OWN.map(str::to_owned).into()))
            );
        },
        change: open_bucket,
        plan: &["bucket.uploads: public_access", "log_group.presign: left"],
        stays: &[],
    },
    Row {
        address: "function.presign",
        lose: |aws, it| {
            let arn = format!("arn:aws:lambda:eu-west-1:000000000000:function:{}", function(it));
            send!(
                aws.lambda.untag_resource().resource(arn).set_tag_keys(Some(OWN.map(str::to_owned).into()))
            );
        },
        change: forget_logs,
        plan: &["log_group.presign: log_retention", "function.presign: left"],
        stays: &["log_group.presign"],
    },
    Row {
        address: "user_pool.users",
        lose: |aws, it| {
            let arn =
                format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/{}", text(&it["user_pool_id"]));
            send!(
                aws.cognito
                    .untag_resource()
                    .resource_arn(arn)
                    .set_tag_keys(Some(OWN.map(str::to_owned).into()))
            );
        },
        change: open_bucket,
        plan: &[
            "bucket.uploads: public_access",
            "user_pool.users: left",
            "user_pool_client.users/web: left",
            "rest_api.uploads: left",
        ],
        stays: &[],
    },
    Row {
        address: "rest_api.uploads",
        lose: |aws, it| {
            let arn =
                format!("arn:aws:apigateway:eu-west-1::/restapis/{}", text(&it["apis"]["uploads"]["id"]));
            send!(
                aws.apigateway
                    .untag_resource()
                    .resource_arn(arn)
                    .set_tag_keys(Some(OWN.map(str::to_owned).into()))
            );
        },
        change: open_bucket,
        plan: &["bucket.uploads: public_access", "rest_api.uploads: left", "function.presign: left"],
        stays: &[],
    },
];

fn forget_logs(aws: &Clients, it: &Value) {
    let group = format!("/aws/lambda/{}", function(it));
    send!(aws.logs.put_retention_policy().log_group_name(group).retention_in_days(1));
}

fn open_bucket(aws: &Clients, it: &Value) {
    send!(aws.s3.delete_public_access_block().bucket(text(&it["bucket"])));
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The name of the function and, in part, of its role and its log group.
fn function(outputs: &Value) -> String {
    format!("{}-presign", text(&outputs["stack"]))
}

pub fn trials() -> Vec<Trial> {
    let of = |row: &'static Row| {
        trial(format!("lost_tags::{}", row.address), move || is_left_alone_until_it_is_tagged(row))
    };
    let mut all: Vec<Trial> = ROWS.iter().map(of).collect();
    all.push(trial("lost_tags::users_need_no_bucket", users_need_no_bucket));
    all.push(trial("lost_tags::an_api_that_lost_its_address", an_api_that_lost_its_address));
    all
}

fn applied(cloud: &Strict) -> WorkingCopy {
    let copy = cloud.working_copy("lost-tags", STACK).with_tiny_package();
    copy.apply();
    copy
}

fn is_left_alone_until_it_is_tagged(row: &Row) {
    let Row { address, lose, change, plan, stays } = row;
    let cloud = Strict::borrow();
    let copy = applied(&cloud);
    let (aws, outputs) = (console(&copy, &cloud.url), copy.outputs());
    lose(&aws, &outputs);
    change(&aws, &outputs);

    let said = copy.run(&["plan", "--json"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert_eq!(seen(&said.stdout), *plan);
    let command = command(&said.stdout, address);
    for arguments in [["plan"].as_slice(), &["apply", "--yes"]] {
        let shown = copy.run(arguments);
        assert_eq!(shown.code, 1, "{arguments:?} {shown:?}");
        assert!(shown.stdout.contains(&command), "{arguments:?} {command}\n{shown:?}");
        assert!(shown.stderr.contains(address), "{arguments:?} {shown:?}");
    }
    // What does not need it was applied, and nothing else was.
    let now = seen(&copy.run(&["plan", "--json"]).stdout);
    let expected: Vec<&str> = plan.iter().copied().filter(|it| it.ends_with(": left")).collect();
    assert_eq!(now, expected);
    let before = cloud.requests_so_far();
    assert_eq!(copy.run(&["apply", "--yes"]).code, 1);
    let writes = cloud.requests(before).into_iter().filter(|it| it.write).map(|it| it.operation);
    assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new(), "not even the lock is taken");

    // With its tags it is the stack's again, as it was.
    run(&copy, &command);
    copy.apply();
    copy.assert_settled();

    lose(&aws, &outputs);
    let said = copy.run(&["destroy", "--yes", "--json"]);
    assert_eq!(said.code, 1, "{said:?}");
    let kept: Vec<String> = seen(&said.stdout).into_iter().filter(|it| it.ends_with(": left")).collect();
    let expected: Vec<String> = [address].into_iter().chain(*stays).map(|it| format!("{it}: left")).collect();
    assert_eq!(kept, expected);
    assert_eq!(left(&copy, &cloud.url).len(), expected.len(), "{:?}", left(&copy, &cloud.url));
    let command = self::command(&said.stdout, address);
    run(&copy, &command);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// The plan's line of each resource; of a resource that it skips, only that.
fn seen(stdout: &str) -> Vec<String> {
    let left: Vec<String> = entries(stdout)
        .iter()
        .filter(|it| it["steps"].as_array().unwrap().iter().any(|step| step["verb"] == "skip"))
        .map(|it| text(&it["address"]))
        .collect();
    let all = plan_in(stdout).into_iter().map(|line| match line.split_once(':') {
        Some((address, _)) if left.iter().any(|it| it == address) => format!("{address}: left"),
        _ => line,
    });
    all.collect()
}

fn entries(stdout: &str) -> Vec<Value> {
    let events = stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let plan = events.into_iter().find(|event| event["event"] == "plan").expect("the lines have a plan");
    plan["entries"].as_array().unwrap().clone()
}

/// The command that a plan names for a thing.
fn command(stdout: &str, address: &str) -> String {
    let entry = entries(stdout).into_iter().find(|it| it["address"] == address).expect("it is in the plan");
    let note = text(&entry["steps"][0]["note"]);
    note.lines().find(|line| line.starts_with("aws ")).unwrap_or_else(|| panic!("{note}")).to_owned()
}

/// Runs the command in a shell, as a person would.
fn run(copy: &WorkingCopy, command: &str) {
    let folder = aws_cli();
    let path = std::env::join_paths([folder, "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut shell = Command::new("/bin/sh");
    for (name, value) in copy.command(&[]).get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    let output = shell.args(["-c", command]).env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// The folder of a program `aws`.
fn aws_cli() -> PathBuf {
    let folder = target().join("it/aws-cli");
    fs::create_dir_all(&folder).unwrap();
    let script = format!("#!{}\n{}", moto::python().display(), include_str!("lost_tags/aws.py"));
    let (new, program) = (folder.join(format!("new-{:?}", std::thread::current().id())), folder.join("aws"));
    fs::write(&new, script).unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(new, program).unwrap();
    folder
}

/// Resources that a command does not need may have lost their tags.
fn users_need_no_bucket() {
    let cloud = Strict::borrow();
    let copy = applied(&cloud);
    let (aws, outputs) = (console(&copy, &cloud.url), copy.outputs());
    (ROWS[0].lose)(&aws, &outputs);
    copy.succeed(&["user", "list"]);
    let said = copy.run(&["outputs"]);
    assert_eq!(said.code, 1);
    assert!(said.stderr.contains("aws s3api put-bucket-tagging"), "{said:?}");
    let verified = copy.run(&["verify"]);
    assert!(verified.stderr.contains("aws s3api put-bucket-tagging"), "{verified:?}");
}

/// The name and the tag of the stack say whose it is, and it gets its address again.
fn an_api_that_lost_its_address() {
    let cloud = Strict::borrow();
    let copy = applied(&cloud);
    let (aws, outputs) = (console(&copy, &cloud.url), copy.outputs());
    let arn = format!("arn:aws:apigateway:eu-west-1::/restapis/{}", text(&outputs["apis"]["uploads"]["id"]));
    send!(aws.apigateway.untag_resource().resource_arn(arn).tag_keys("stackctl:address"));
    assert_eq!(copy.plan(), ["rest_api.uploads: tags.stackctl:address"]);
    copy.apply();
    copy.assert_settled();
    assert_eq!(copy.outputs(), outputs);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}
