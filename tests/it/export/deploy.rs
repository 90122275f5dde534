//! A new stack of CloudFormation has what `apply` makes, as far as the emulator's CloudFormation goes.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::{
    export::{
        gaps,
        printed::{Printed, export},
    },
    harness::{aws_cli, cloud::Cloud, inventory, program::WorkingCopy, trial::trial},
};

const STACK: &str = "
stack: NAME
region: eu-west-1
tags: { team: t1 }
boundary: arn:aws:iam::aws:policy/PowerUserAccess
buckets:
  uploads: { versioning: true, expire: 30d, cors: { origins: [http://a.example] } }
  plain: {}
functions:
  presign:
    builtin: presign
    memory: 256
    environment: { MAX_BYTES: 1048576 }
    buckets: { uploads: { prefix: uploads/, allow: [put, list] }, plain: [get] }
user_pools:
  users: { sign_up: open, sign_in_with: [email], deletion_protection: false, groups: [editors], clients: { web: { id_token: 2h }, app-2: {} } }
apis:
  inside:
    stage: v1
    cors: { origins: [http://a.example, http://b.example] }
    authorizer: users
    throttling: { rate: 5 }
    routes: { GET /: presign, 'POST /x/{id}': presign }
  outside: { authorizer: none, routes: { GET /: presign } }
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("export::a_new_stack_of_cloudformation", move || a_new_stack(cloud))]
}

fn a_new_stack(cloud: &'static Cloud) {
    let copy = cloud.working_copy("cfn-new", STACK);
    let Printed { folder, commands } = export(&copy, cloud, &[]);
    for command in commands {
        aws_cli::run_in(&copy, &folder, &command);
    }

    // The way back: the commands that stackctl prints give the resources its tags.
    let refused = copy.run(&["plan"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let commands: Vec<&str> =
        refused.stderr.lines().map(str::trim).filter(|it| it.starts_with("aws ")).collect();
    let resources = 2 + 3 + 1 + 2;
    assert_eq!(commands.len(), resources, "{refused:?}");
    for command in commands {
        aws_cli::run(&copy, command);
    }

    let steps = steps(&copy);
    let known: BTreeSet<_> =
        gaps::DEPLOYED.iter().map(|(kind, what, _)| ((*kind).to_owned(), (*what).to_owned())).collect();
    assert_eq!(steps, known, "the differences, and the known gaps");

    // No apply follows: the emulator keeps the endpoint of such an API in a form that a change of it breaks.
    let target =
        format!("--stack-name {} --region eu-west-1 --endpoint-url {}", copy.stack().name, cloud.url);
    for verb in ["delete-stack", "wait stack-delete-complete"] {
        aws_cli::run(&copy, &format!("aws cloudformation {verb} {target}"));
    }
    let left = inventory::left(&copy, &cloud.url);
    assert_eq!(left.len(), 3, "the buckets and the pool are kept: {left:?}");
}

/// The kinds and steps of the plan.
fn steps(copy: &WorkingCopy) -> BTreeSet<(String, String)> {
    let said = copy.succeed(&["plan", "--json"]);
    let plan = said.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let plan = plan.into_iter().find(|it| it["event"] == "plan").expect("the lines have a plan");
    let entries = plan["entries"].as_array().unwrap().iter();
    let steps = entries.flat_map(|entry| {
        let (kind, _) = entry["address"].as_str().unwrap().split_once('.').unwrap();
        let whats = entry["steps"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap());
        whats.map(move |what| (kind.to_owned(), what.to_owned()))
    });
    steps.collect()
}
