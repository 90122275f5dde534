//! Resources that others made and a stack uses: checked, and never changed.

mod buckets;
mod whole;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{cloud::Cloud, program::Said};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [buckets::trials(cloud), whole::trials()].into_iter().flatten().collect()
}

/// What a plan misses of existing resources, as `address: what`, and the commands that it names.
struct Missing {
    needs: Vec<String>,
    commands: Vec<String>,
}

/// The refused steps in the JSON lines of a plan or an apply.
fn missing(said: &Said) -> Missing {
    assert_eq!(said.code, 1, "{}\n{}", said.stdout, said.stderr);
    let lines = said.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let plan = lines.into_iter().find(|line| line["event"] == "plan").expect("the lines have a plan");
    let (mut needs, mut commands) = (Vec::new(), Vec::new());
    for entry in plan["entries"].as_array().unwrap() {
        let steps = entry["steps"].as_array().unwrap();
        for step in steps.iter().filter(|step| step["verb"] == "refuse") {
            needs.push(format!("{}: {}", text(&entry["address"]), text(&step["what"])));
            let lines = step["note"].as_str().unwrap_or_default().lines().map(str::to_owned);
            let of_step: Vec<String> = lines.filter(|line| line.starts_with("aws ")).collect();
            assert!(!of_step.is_empty(), "no command: {step}");
            commands.extend(of_step);
        }
    }
    Missing { needs, commands }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
