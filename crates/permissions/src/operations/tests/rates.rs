//! stackctl sends no faster than AWS's published rates.

use stackctl_aws_client::request::rates::RateSlot;

use super::operation;

/// How many turns can be taken now.
fn at_once(name: &str) -> Vec<RateSlot> {
    std::iter::from_fn(|| RateSlot::now(operation(name))).take(1_000).collect()
}

#[tokio::test]
async fn as_many_as_aws_takes() {
    let creations = at_once("lambda:CreateFunction");
    assert_eq!(creations.len(), 15);
    assert!(RateSlot::now(operation("lambda:AddPermission")).is_none(), "the same rate");
    drop(creations);
    assert!(at_once("lambda:CreateFunction").len() <= 1, "answered, and not back yet");
    drop(RateSlot::wait(operation("lambda:CreateFunction")).await);

    assert_eq!(at_once("lambda:GetFunction").len(), 100, "another rate");
    assert_eq!(at_once("s3:CreateBucket").len(), 1_000, "none is known");
}

#[tokio::test]
async fn each_of_several_rates_counts() {
    let mut taken = at_once("apigateway:GetResources");
    assert_eq!(taken.len(), 5);
    taken.extend(at_once("apigateway:GetStages"));
    assert_eq!(taken.len(), 40, "what found no turn took none");
}
