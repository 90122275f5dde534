//! Exposures that others opened and stackctl does not own: each is listed under "open:" with the command that
//! closes it, `plan --check` exits with 2, apply leaves it, and the command closes it.

mod bucket;
mod function;
mod rest_api;
mod user_pool;

use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

use crate::{
    harness::{
        aws_cli,
        cloud::Cloud,
        program::{Said, WorkingCopy},
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::{Applied, Lent, Names, STACK, settle},
};

/// A row: what is opened behind our back, and how each line that the plan has of it begins.
pub struct Row(&'static str, fn(&Clients, &Names), &'static [&'static str]);

fn rows() -> impl Iterator<Item = &'static Row> {
    [bucket::ROWS, function::ROWS, user_pool::ROWS, rest_api::ROWS].into_iter().flatten()
}

/// One test for each row; each leaves its stack settled.
pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    static STACKS: Lent = Lent::new();
    let of = |row: &'static Row| {
        let begin = || Applied::settled(cloud.working_copy("exposed", STACK).with_tiny_package(), &cloud.url);
        trial(format!("exposures::{}", row.0), move || STACKS.lend(begin, |applied| row.run(applied)))
    };
    // Where an update resets what it is not told, the command keeps it all the same.
    let strictly = trial("exposures::pool: a trigger, where updates reset what they leave out", || {
        let (cloud, copy) = Strict::with_stack("exposed", STACK);
        copy.apply();
        user_pool::TRIGGER.run(&Applied::new(copy.clone(), &cloud.url));
        copy.succeed(&["destroy", "--yes"]);
    });
    rows().map(of).chain([strictly]).collect()
}

impl Row {
    fn run(&self, applied: &Applied) {
        let Row(_, open, expected) = self;
        let copy = &applied.copy;
        let names = applied.names();
        open(&applied.console, &names);
        settle(&applied.console, &names);

        let listed = exposures(copy);
        assert_eq!(listed.len(), expected.len(), "{listed:#?}");
        for ((line, _), expected) in listed.iter().zip(*expected) {
            assert!(line.starts_with(expected), "{line}\nshould begin with {expected}");
        }
        assert_eq!(copy.plan(), Vec::<String>::new());
        assert_eq!(copy.run(&["plan", "--check"]).code, 2);
        assert_eq!(copy.run(&["plan"]).code, 0);
        let Said { stdout, .. } = copy.apply();
        for (_, command) in &listed {
            assert!(stdout.contains(&format!("\n      {command}\n")), "{command} is not in\n{stdout}");
        }
        assert_eq!(exposures(copy), listed, "apply leaves what it does not own");

        close(applied, &names);
        copy.assert_settled();
    }
}

/// Runs the commands that the plan has.
fn close(Applied { copy, console }: &Applied, names: &Names) {
    for (_, command) in exposures(copy) {
        aws_cli::run(copy, &command);
        settle(console, names);
    }
}

/// `address: what` of each, and the command that closes it.
fn exposures(copy: &WorkingCopy) -> Vec<(String, String)> {
    let Said { stdout, .. } = copy.succeed(&["plan", "--json"]);
    let events = stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let plan = events.into_iter().find(|event| event["event"] == "plan").expect("the lines have a plan");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = plan["exposures"].as_array().unwrap().iter();
    all.map(|it| (format!("{}: {}", text(&it["address"]), text(&it["what"])), text(&it["close"]))).collect()
}
