//! A new stack of CloudFormation has the events of the file.

use std::fs;

use aws_sdk_s3::primitives::ByteStream;
use libtest_mimic::Trial;
use serde_json::Value;

use crate::{
    export::{
        gaps,
        printed::{Printed, export},
    },
    harness::{
        aws_cli,
        cloud::{Cloud, console, eventually},
        trial::trial,
    },
    stacks::lifecycle::send,
};

pub const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  uploads:
    on_destroy: empty
    events:
      - { on: created, prefix: in/, suffix: .txt, call: listener }
      - { on: deleted, call: listener }
functions:
  listener: { package: tiny }
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("export::events_of_a_new_stack", move || events_of_a_new_stack(cloud))]
}

fn events_of_a_new_stack(cloud: &Cloud) {
    let copy = cloud.working_copy("cfn-events", STACK);
    let copy = copy.with_tiny_function(include_str!("../events/listener.rs"));
    let Printed { folder, commands } = export(&copy, cloud, &[]);
    let path = folder.join("template.yaml");
    let mut template: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let resources = template["Resources"].as_object_mut().unwrap();
    let all = resources.len();
    resources.retain(|_, it| gaps::UNKNOWN.iter().all(|(kind, _)| it["Type"] != *kind));
    assert_eq!(resources.len() + gaps::UNKNOWN.len(), all);
    fs::write(&path, template.to_string()).unwrap();
    for command in commands {
        aws_cli::run_in(&copy, &folder, &command);
    }

    let aws = console(&copy, &cloud.url);
    let name = copy.stack().name;
    let bucket = format!("{name}-uploads-000000000000-eu-west-1");
    let put = aws.s3.put_object().bucket(&bucket).key("in/letter.txt");
    send!(put.body(ByteStream::from_static(b"here")));
    send!(aws.s3.delete_object().bucket(&bucket).key("in/letter.txt"));
    let group = format!("/aws/lambda/{name}-listener");
    eventually("the function is called for both", || {
        let events = send!(aws.logs.filter_log_events().log_group_name(&group));
        let text: String = events.events().iter().filter_map(|it| it.message()).collect();
        text.contains("ObjectCreated:Put") && text.contains("ObjectRemoved:Delete")
    });
    let target = format!("--stack-name {name} --region eu-west-1 --endpoint-url {}", cloud.url);
    for verb in ["delete-stack", "wait stack-delete-complete"] {
        aws_cli::run(&copy, &format!("aws cloudformation {verb} {target}"));
    }
}
