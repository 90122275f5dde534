//! Every file of `examples/`: it is valid, and it is applied, settled and destroyed on the local cloud.

use std::{fs, path::Path};

use libtest_mimic::Trial;

use crate::harness::{cloud::Cloud, trial::trial};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<_> = files.filter(|it| it.extension().is_some_and(|it| it == "yaml")).collect();
    files.sort();
    assert!(files.len() > 3, "the examples are found");
    let trial = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        trial(format!("examples::{name}"), move || lives(cloud, &name, &fs::read_to_string(&path).unwrap()))
    };
    files.into_iter().map(trial).collect()
}

fn lives(cloud: &Cloud, name: &str, yaml: &str) {
    let stack = format!("stack: example-{name}\n");
    assert!(yaml.contains(&stack), "{name}.yaml names its stack after itself");
    let environments: &[&[&str]] =
        if yaml.contains("\nenvs:\n") { &[&[], &["--env", "prod"]] } else { &[&[]] };
    for environment in environments {
        let copy = cloud.working_copy(name, &yaml.replace(&stack, "stack: NAME\n"));
        let run = |command: &[&str]| copy.succeed(&[command, environment].concat());
        run(&["validate"]);
        run(&["apply", "--yes"]);
        run(&["plan", "--check"]);
        run(&["destroy", "--yes"]);
    }
}
