//! `stackctl doctor` names the permissions that a user lacks, by IAM's simulation.

use serde_json::{Value, json};

use super::{Someone, actions, policy};
use crate::{harness::cloud::Cloud, stacks::lifecycle::STACK};

pub fn permissions_are_named(cloud: &Cloud) {
    let copy = cloud.working_copy("simulated", STACK);
    let ada = Someone::new(&copy, cloud, "ada");
    let finding = || {
        let said = ada.run(&copy, &["doctor", "--json"]);
        let mut lines = said.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let found = lines.find(|it| it["check"] == "permissions");
        found.unwrap_or_else(|| panic!("{said:?}"))
    };
    let whole = policy(&copy, "apply");
    let and_simulate = |mut policy: Value| {
        let simulate =
            json!({ "Effect": "Allow", "Action": ["iam:SimulatePrincipalPolicy"], "Resource": "*" });
        policy["Statement"].as_array_mut().unwrap().push(simulate);
        policy
    };

    ada.may(&whole);
    let unknown = finding();
    assert_eq!(unknown["result"], "doubt");
    assert!(
        unknown["what"].as_str().unwrap().contains("may not do iam:SimulatePrincipalPolicy"),
        "{unknown}"
    );

    ada.may(&and_simulate(whole.clone()));
    assert_eq!(finding()["result"], "good", "{}", finding());

    let mut less = whole;
    let statements = less["Statement"].as_array_mut().unwrap();
    let lock = statements.iter().position(|it| it["Sid"] == "Lock").unwrap();
    let missing = actions(&json!({ "Statement": [statements.remove(lock)] }));
    ada.may(&and_simulate(less));
    let found = finding();
    assert_eq!(found["result"], "doubt");
    for action in missing {
        assert!(found["what"].as_str().unwrap().contains(&action), "{action}: {found}");
    }
}
