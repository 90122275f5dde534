//! CloudFormation takes over what `apply` made.

use std::{collections::BTreeSet, fs};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::{
    export::{
        gaps,
        printed::{Printed, export},
    },
    harness::{aws_cli, cloud::Cloud, inventory, trial::trial},
};

const STACK: &str = "
stack: NAME
region: eu-west-1
tags: { team: t1 }
buckets: { uploads: { cors: { origins: [http://a.example] } } }
functions: { presign: { builtin: presign, buckets: { uploads: [put] } } }
user_pools: { users: { deletion_protection: false, groups: [editors], clients: { web: {} } } }
apis:
  uploads: { cors: { origins: [http://a.example] }, authorizer: users, routes: { GET /: presign } }
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("export::an_import_takes_over_the_stack", move || an_import(cloud)),
        trial("export::only_own_files_are_replaced", move || only_own_files(cloud)),
    ]
}

fn an_import(cloud: &'static Cloud) {
    let copy = cloud.working_copy("cfn-import", STACK);
    let refused = copy.run(&["export", "cloudformation", "--import"]);
    assert!(refused.code == 1 && refused.stderr.contains("not applied"), "{refused:?}");
    copy.apply();
    copy.assert_settled();
    let before = inventory::everything(&copy, &cloud.url);

    let Printed { folder, commands } = export(&copy, cloud, &["--import"]);
    let types = without_gaps(&folder);
    assert_eq!(
        types,
        [
            "AWS::S3::Bucket",
            "AWS::Cognito::UserPool",
            "AWS::Cognito::UserPoolGroup",
            "AWS::Cognito::UserPoolClient",
            "AWS::IAM::Role",
            "AWS::Logs::LogGroup",
            "AWS::Lambda::Function",
            "AWS::ApiGateway::RestApi",
            "AWS::ApiGateway::Stage",
        ]
    );
    let (deploy, import) = commands.split_last().unwrap();
    assert!(deploy.starts_with("aws cloudformation deploy "), "{deploy}");
    for command in import {
        aws_cli::run_in(&copy, &folder, command);
    }
    // An import changes nothing, and so stackctl has nothing to do.
    assert_eq!(inventory::everything(&copy, &cloud.url), before);
    copy.assert_settled();
    let name = copy.stack().name;
    let query = |command: &str, query: &str| {
        let target = format!("--stack-name {name} --region eu-west-1 --endpoint-url {}", cloud.url);
        let command = format!("aws cloudformation {command} {target} --query '{query}' --output text");
        let text = aws_cli::run_in(&copy, &folder, &command);
        text.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    assert_eq!(query("describe-stacks", "Stacks[].StackStatus"), ["IMPORT_COMPLETE".to_owned()].into());
    let ids = || query("describe-stack-resources", "StackResources[].PhysicalResourceId");
    let imported = ids();
    assert_eq!(imported.len(), types.len());

    // The template adds the rest and takes stackctl's tags off; the resources stay the same ones.
    let outputs = copy.outputs();
    aws_cli::run_in(&copy, &folder, deploy);
    assert!(ids().is_superset(&imported) && ids().len() == imported.len() + 3, "{:?}", ids());
    let refused = copy.run(&["apply", "--yes"]);
    let text = format!("{}\n{}", refused.stdout, refused.stderr);
    assert!(refused.code == 1 && text.contains("does not belong to this stack"), "{text}");

    // The way back: the tags, and then the permission of CloudFormation beside stackctl's own.
    let run_all = |text: &str| {
        for command in text.lines().map(str::trim).filter(|line| line.starts_with("aws ")) {
            aws_cli::run(&copy, command);
        }
    };
    run_all(&text);
    copy.apply();
    run_all(&copy.succeed(&["plan"]).stdout);
    copy.assert_settled();
    assert_eq!(copy.outputs(), outputs);
}

/// Takes what the emulator does not import out of the files, and returns the types of the rest.
fn without_gaps(folder: &std::path::Path) -> Vec<String> {
    let is_gap = |kind: &Value| gaps::IMPORTED.iter().any(|(gap, _)| kind == gap);
    let path = folder.join("import.yaml");
    let mut template: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    template["Resources"].as_object_mut().unwrap().retain(|_, it| !is_gap(&it["Type"]));
    fs::write(&path, template.to_string()).unwrap();
    let path = folder.join("resources-to-import.json");
    let mut resources: Vec<Value> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let all = resources.len();
    resources.retain(|it| !is_gap(&it["ResourceType"]));
    assert_eq!(resources.len() + gaps::IMPORTED.len(), all);
    fs::write(&path, Value::from(resources.clone()).to_string()).unwrap();
    resources.iter().map(|it| it["ResourceType"].as_str().unwrap().to_owned()).collect()
}

fn only_own_files(cloud: &'static Cloud) {
    let copy = cloud.working_copy("cfn-files", STACK);
    let folder = copy.folder.join("infra");
    let _ = fs::remove_dir_all(&folder);
    let command = ["export", "cloudformation", "infra"];
    let said = copy.succeed(&command);
    assert!(said.stdout.contains("don't apply or destroy it with stackctl again"), "{said:?}");
    let template = folder.join("template.yaml");
    let text = fs::read_to_string(&template).unwrap();
    copy.succeed(&command);
    assert_eq!(fs::read_to_string(&template).unwrap(), text);

    fs::write(&template, "mine").unwrap();
    let refused = copy.run(&command);
    assert!(
        refused.code == 1 && refused.stderr.contains("template.yaml would be overwritten"),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(&template).unwrap(), "mine");

    copy.write(&copy.text().replace("[put] }", "[put] }, environment: { TEXT: '{{resolve:ssm:x}}' }"));
    let refused = copy.run(&["export", "cloudformation", "other"]);
    assert!(refused.code == 1 && refused.stderr.contains("{{resolve:"), "{refused:?}");
    assert!(!copy.folder.join("other").exists());
}
