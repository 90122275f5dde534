//! Resources that a stack adopts, and what apply does with them.

use std::{fs, process::Command};

use expect_test::Expect;
use serde_json::Value;

use super::differences::differences;
use crate::{
    harness::{
        cloud::Cloud,
        program::{WorkingCopy, key_of, said},
        strict::Strict,
    },
    stacks::moto,
};

/// Prints all that describe calls say of a stack's resources.
pub const EVERYTHING: &str = include_str!("everything.py");
const MADE: &str = include_str!("made.py");

/// Resources of another tool that a stack adopts.
pub struct Row {
    /// What `made.py` makes.
    pub made: &'static str,
    pub yaml: &'static str,
    /// The kinds whose describe calls are compared.
    pub kinds: &'static [&'static str],
    /// The plan of the first apply, without what it creates, and what is open.
    pub plan: Expect,
    /// All differences between before and after the first apply.
    pub changed: Expect,
    /// A later change of the file, and all differences that its apply makes.
    pub later: Option<((&'static str, &'static str), Expect)>,
}

impl Row {
    /// The same with a later change of the file.
    pub fn later(self, edit: (&'static str, &'static str), changed: Expect) -> Row {
        Row { later: Some((edit, changed)), ..self }
    }

    pub fn run(self, cloud: &Cloud) {
        // Cognito's updates reset what they leave out, as they do there (COG-20).
        let strict = self.kinds.contains(&"user_pool").then(Strict::borrow);
        let cloud = strict.as_deref().unwrap_or(cloud);
        let Row { made, yaml, kinds, plan, changed, later } = self;
        let copy = cloud.working_copy("kept", yaml).with_tiny_package();
        python(&copy, cloud, MADE, &[made]);
        let everything = || serde_json::from_str(&python(&copy, cloud, EVERYTHING, kinds)).expect("JSON");
        let before: Value = everything();
        fs::write(copy.folder.join("before.json"), format!("{before:#}")).unwrap();
        plan.assert_eq(&changes(&copy, kinds));
        copy.apply();
        let after = everything();
        changed.assert_eq(&differences(&before, &after).concat());
        assert_eq!(copy.plan(), Vec::<String>::new());
        copy.apply();
        let again = everything();
        assert_eq!(differences(&after, &again), Vec::<String>::new());
        if let Some(((from, to), changed)) = later {
            let text = copy.text();
            assert!(text.contains(from), "{from}");
            copy.write(&text.replace(from, to));
            copy.apply();
            changed.assert_eq(&differences(&again, &everything()).concat());
            assert_eq!(copy.plan(), Vec::<String>::new());
        }
    }
}

/// Runs a script against the cloud, with boto3 and botocore; returns what it printed.
pub fn python(copy: &WorkingCopy, cloud: &Cloud, script: &str, arguments: &[&str]) -> String {
    let (id, secret) = key_of(&cloud.url);
    let output = Command::new(moto::python())
        .args(["-c", script, &cloud.url, copy.stack().name.as_str()])
        .args(arguments)
        .env_clear()
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The changes of these kinds in the plan, without those of resources that it creates, and what is open.
fn changes(copy: &WorkingCopy, kinds: &[&str]) -> String {
    let said = said(copy.command(&["plan", "--json"]).output().unwrap());
    let events = said.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    let stack = copy.stack().name.to_string();
    let mut lines = String::new();
    let events: Vec<Value> = events.collect();
    let plan = events.iter().find(|it| it["event"] == "plan").unwrap_or_else(|| panic!("{said:?}"));
    let entries = plan["entries"].as_array().unwrap().iter();
    let is_of_kinds = |entry: &&Value| {
        let kind = entry["address"].as_str().unwrap().split('.').next();
        kinds.iter().any(|it| Some(*it) == kind)
    };
    for entry in entries.filter(is_of_kinds) {
        for step in entry["steps"].as_array().unwrap().iter().filter(|it| it["verb"] != "create") {
            lines += &format!("{}: {}\n", entry["address"].as_str().unwrap(), step["what"].as_str().unwrap());
            let changes = step["changes"].as_array().unwrap();
            lines.extend(changes.iter().map(|it| {
                let value = |name: &str| it[name].as_str().unwrap_or("nothing").replace(&stack, "STACK");
                let (from, to) = (value("from"), value("to"));
                let field = it["field"].as_str().unwrap();
                match field {
                    "code" | "description" => format!("  {field}: …\n"),
                    _ => format!("  {field}: {from} → {to}\n"),
                }
            }));
            lines.extend(step["note"].as_str().map(|it| format!("  ({it})\n")));
        }
    }
    for open in plan["exposures"].as_array().unwrap().iter().filter(is_of_kinds) {
        let what = open["what"].as_str().unwrap().replace(&stack, "STACK");
        // The ids of a deployment and of an app client differ from run to run.
        let words = what.split_once(" serves deployment ").map_or(what.as_str(), |(stage, _)| stage);
        let is_id = |it: &str| it.len() == 27 && it.trim_end_matches(')').chars().all(char::is_alphanumeric);
        let words = words.split_inclusive(['(', ')']).map(|it| if is_id(it) { "…)" } else { it });
        lines += &format!("{} is open: {}\n", open["address"].as_str().unwrap(), words.collect::<String>());
    }
    lines
}
