//! cfn-lint, which compares templates with CloudFormation's schemas, has no findings.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use libtest_mimic::Trial;
use stackctl_aws_data::{
    account::Account,
    outputs::{ApiOutputs, Outputs, UserPoolOutputs},
};
use stackctl_export::CodeFiles;
use stackctl_stackfile::{names::LogicalName, stack::Stack};

use crate::{
    faults::generator::{Dice, Sketch},
    harness::{environment, program::target, soak, trial::trial},
    stacks::lifecycle::stack_with_webhook,
};

const REQUIREMENTS: &str = include_str!("lint/requirements.txt");

pub fn trials() -> Vec<Trial> {
    vec![trial("export::cfn_lint_has_no_findings", cfn_lint_has_no_findings)]
}

fn cfn_lint_has_no_findings() {
    let folder = target().join("it/export-lint");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut files = Vec::new();
    for (name, stack) in examples().into_iter().chain(random(if soak::everything() { 400 } else { 40 })) {
        let (template, import) = templates(&stack);
        // The two differ little, and half of the time is theirs.
        let import = (soak::everything() || !name.starts_with("random")).then_some(("import", import));
        for (kind, text) in [("template", template)].into_iter().chain(import) {
            let file = folder.join(format!("{name}-{kind}.yaml"));
            fs::write(&file, text).unwrap();
            files.push(file);
        }
    }
    let output = lint(&files);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));

    // It finds faults.
    let text = fs::read_to_string(folder.join("files-template.yaml")).unwrap();
    for (right, wrong, code) in [
        ("BucketName:", "BuketName:", "E3002"),
        ("provided.al2023", "provided.al2024", "E3030"),
        ("Ref: CodeBucket", "Ref: CodeBuket", "E1020"),
    ] {
        assert!(text.contains(right), "{right}\n{text}");
        let file = folder.join("wrong.yaml");
        fs::write(&file, text.replace(right, wrong)).unwrap();
        let output = lint(&[file]);
        let found = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && found.contains(code), "{wrong}: {found}");
    }
}

/// The templates of a stack, as if it was applied.
fn templates(stack: &Stack) -> (String, String) {
    let account = Account::offline(stack, "000000000000".to_owned());
    let file = |name: &LogicalName| (name.clone(), stackctl_export::file_name(name, b"zip"));
    let code: CodeFiles = stack.functions.keys().map(file).collect();
    let template = stackctl_export::template(stack, &account, &code).unwrap();
    let import = stackctl_export::import(stack, &account, &code, &applied(stack, &account)).unwrap();
    (template.to_yaml(), import.template.to_yaml())
}

/// The outputs of a stack with ids of the form of AWS's.
fn applied(stack: &Stack, account: &Account) -> Outputs {
    let text = ToString::to_string;
    let pool = |clients: Vec<String>| UserPoolOutputs {
        id: "eu-west-1_abcdefghi".to_owned(),
        clients: clients.into_iter().map(|it| (it, "0123456789abcdefghijklmnop".to_owned())).collect(),
    };
    let api = ApiOutputs { id: "abcdefghij".to_owned(), endpoint: String::new(), routes: Default::default() };
    let pools = stack.user_pools.iter();
    Outputs {
        stack: stack.name.to_string(),
        region: stack.region.to_string(),
        endpoint: None,
        user_pool_id: None,
        client_id: None,
        bucket: None,
        cognito_endpoint: None,
        apis: stack.apis.keys().map(|name| (text(name), api.clone())).collect(),
        user_pools: pools
            .map(|(name, it)| (text(name), pool(it.clients.keys().map(text).collect())))
            .collect(),
        buckets: stack.buckets.iter().map(|(name, it)| (text(name), account.bucket_name(name, it))).collect(),
    }
}

/// Every file of `examples/` and the stack.yaml of the repository, in each of their environments.
fn examples() -> Vec<(String, Stack)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = fs::read_dir(root.join("examples")).unwrap().map(|it| it.unwrap().path());
    let files = files.filter(|it| it.extension().is_some_and(|it| it == "yaml"));
    let mut stacks = Vec::new();
    for path in files.chain([root.join("stack.yaml")]) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let environments: &[_] = if text.contains("\nenvs:\n") { &[None, Some("prod")] } else { &[None] };
        for environment in environments {
            let stack = stackctl_stackfile::parse(&text, *environment);
            let stack = stack.unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()));
            stacks.push((environment.map_or(name.to_owned(), |it| format!("{name}-{it}")), stack));
        }
    }
    assert!(stacks.len() > 5, "the examples are found");
    let events = stackctl_stackfile::parse(&super::events::STACK.replace("NAME", "events"), None);
    stacks.push(("events".to_owned(), events.unwrap()));
    let webhook = stackctl_stackfile::parse(&stack_with_webhook().replace("NAME", "webhook"), None);
    stacks.push(("webhook".to_owned(), webhook.unwrap()));
    stacks
}

fn random(count: u64) -> impl Iterator<Item = (String, Stack)> {
    (0..count).map(|seed| {
        let name = format!("random-{seed}");
        let yaml = Sketch::new(&mut Dice::new(seed)).yaml(&name);
        let stack = stackctl_stackfile::parse(&yaml, None);
        (name, stack.unwrap_or_else(|problems| panic!("{yaml}\n{problems:?}")))
    })
}

fn lint(files: &[PathBuf]) -> Output {
    let folder = environment::install("cfn-lint", REQUIREMENTS);
    let mut command = Command::new(folder.join("bin/cfn-lint"));
    command.args(["--regions", "eu-west-1", "--format", "parseable", "--"]).args(files);
    command.output().unwrap()
}
