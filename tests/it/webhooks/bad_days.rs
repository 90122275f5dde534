//! The secret on AWS's bad days.

use libtest_mimic::Trial;
use serde_json::json;

use crate::{
    harness::{cloud::console, program::WorkingCopy, strict::Strict, trial::trial},
    stacks::lifecycle::{send, stack_with_webhook},
};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("webhooks::the_answer_about_a_new_secret_is_lost", lost_answer),
        trial("webhooks::a_secret_of_a_name_that_is_not_free_yet", name_is_not_free),
    ]
}

fn parameter(copy: &WorkingCopy) -> String {
    format!("/stackctl/{}/uploads/webhook", copy.stack().name)
}

/// The secret that was made is found, and no other is made.
fn lost_answer() {
    let (cloud, copy) = Strict::with_stack("hook", &stack_with_webhook());
    let lost =
        json!({ "on": "ssm:PutParameter", "containing": "/webhook", "when": "after", "effect": "dropped" });
    cloud.faults(json!([lost]));
    copy.apply();
    assert_eq!(cloud.hits(), [1]);
    copy.assert_settled();
    let aws = console(&copy, &cloud.url);
    assert_eq!(send!(aws.ssm.get_parameter().name(parameter(&copy))).parameter.unwrap().version(), 1);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// SSM says for a while that a deleted secret is there, and that it is not (SSM-05): the run waits.
fn name_is_not_free() {
    let (cloud, copy) = Strict::with_stack("hook", &stack_with_webhook());
    copy.apply();
    cloud.set(json!({
        "time_scale": 1, "new_bucket_misses": 0, "rules": { "*": false }, "seconds": { "parameter_reuse": 8 },
        "deleted_parameters": "still_there",
    }));
    let aws = console(&copy, &cloud.url);
    send!(aws.ssm.delete_parameter().name(parameter(&copy)));
    let said = copy.apply();
    assert!(said.stderr.contains("SSM to take the secret again"), "{said:?}");
    cloud.faults(json!([]));
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}
