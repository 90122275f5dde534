//! How often a request that fails is sent again, and what a person reads about it.

use std::{fmt::Write as _, time::Duration};

use expect_test::{Expect, expect};
use stackctl_aws_client::request::{
    budget::{Pause, RetryBudget},
    error::AwsError,
    operation::{Class, ErrorAnswer, Operation},
};
use stackctl_engine::Fault;
use tokio::time::Instant;

use super::{answered, operation};

/// The outcome of a request that always gets the same error, as the user reads it; the test moves the clock.
fn outcome(error: &AwsError, class: Class, jitter: f64) -> String {
    let operation: &Operation = match error {
        AwsError::Answer(answer) => answer.operation,
        AwsError::NoAnswer { operation, .. } => operation,
        other => panic!("nothing is tried again after {other}"),
    };
    let began = Instant::now();
    let mut now = began;
    let mut budget = RetryBudget::new(operation, began);
    let mut pauses: Vec<f64> = Vec::new();
    let mut told = String::new();
    let mut last = "";
    let end = loop {
        match budget.after(error.clone(), class, now, jitter) {
            Ok(Pause { long, for_what }) => {
                if for_what != last {
                    writeln!(told, "after {} s: waiting for {for_what}", (now - began).as_secs()).unwrap();
                    last = for_what;
                }
                pauses.push(long.as_secs_f64());
                now += long;
            }
            Err(end) => break end,
        }
    };
    let mut text = String::new();
    let rising = pauses.iter().zip(pauses.iter().skip(1)).take_while(|(one, next)| one != next).count();
    for pause in pauses.iter().take(rising + 1) {
        write!(text, "{pause} ").unwrap();
    }
    writeln!(text, "… {} pauses", pauses.len()).unwrap();
    write!(text, "{told}{end}").unwrap();
    let mut cause = std::error::Error::source(&end);
    while let Some(below) = cause {
        write!(text, "\n  {below}").unwrap();
        cause = below.source();
    }
    if let Some(hint) = end.hint() {
        write!(text, "\n{hint}").unwrap();
    }
    text
}

fn check(operation: &str, status: u16, code: &str, message: &str, expected: Expect) {
    let error = answered(operation, status, code, message);
    let class = error.class();
    expected.assert_eq(&format!("{class:?}\n{}", outcome(&error, class, 0.0)));
}

#[test]
fn throttles() {
    check(
        "lambda:GetFunction",
        429,
        "TooManyRequestsException",
        "Rate exceeded",
        expect![[r#"
        Throttle
        0.25 0.5 1 2 4 8 … 41 pauses
        after 0 s: waiting for AWS to take more requests
        gave up after 295 s (42 attempts) waiting for AWS to take more requests
          lambda:GetFunction was answered 429 TooManyRequestsException: Rate exceeded
        other clients use up this account's request rate; run the command again later"#]],
    );
    check(
        "apigateway:DeleteRestApi",
        429,
        "TooManyRequestsException",
        "Too Many Requests",
        expect![[r#"
        Throttle
        5 10 … 30 pauses
        after 0 s: waiting for AWS to take more requests
        gave up after 295 s (31 attempts) waiting for AWS to take more requests
          apigateway:DeleteRestApi was answered 429 TooManyRequestsException: Too Many Requests
        other clients use up this account's request rate; run the command again later"#]],
    );
    check(
        "apigateway:CreateDeployment",
        429,
        "TooManyRequestsException",
        "Too Many Requests",
        expect![[r#"
        Throttle
        1 2 4 5 … 61 pauses
        after 0 s: waiting for AWS to take more requests
        gave up after 297 s (62 attempts) waiting for AWS to take more requests
          apigateway:CreateDeployment was answered 429 TooManyRequestsException: Too Many Requests
        other clients use up this account's request rate; run the command again later"#]],
    );
}

#[test]
fn a_role_that_lambda_does_not_take() {
    let text = "The role defined for the function cannot be assumed by Lambda.";
    check(
        "lambda:CreateFunction",
        400,
        "InvalidParameterValueException",
        text,
        expect![[r#"
            Propagation
            0.25 0.3 … 400 pauses
            after 0 s: waiting for the role to become usable by Lambda
            after 30 s: waiting for the role to become usable by Lambda; by now its trust policy may be wrong
            gave up after 119 s (401 attempts) waiting for the role to become usable by Lambda
              lambda:CreateFunction was answered 400 InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.
            IAM usually needs some seconds; after two minutes the role's trust policy is probably wrong: it must let lambda.amazonaws.com assume the role"#]],
    );
}

#[test]
fn busy() {
    let text = "The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:eu-west-1:1:function:f";
    check(
        "lambda:UpdateFunctionCode",
        409,
        "ResourceConflictException",
        text,
        expect![[r#"
        Busy
        0.25 0.5 1 2 … 62 pauses
        after 0 s: waiting for another change of the same thing to end
        gave up after 119 s (63 attempts) waiting for another change of the same thing to end
          lambda:UpdateFunctionCode was answered 409 ResourceConflictException: The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:eu-west-1:1:function:f
        see in the AWS console what is changing it, then run the command again"#]],
    );
    let text = "Unable to complete operation due to concurrent modification. Please try again later.";
    check(
        "apigateway:PutRestApi",
        409,
        "ConflictException",
        text,
        expect![[r#"
        Busy
        0.25 0.5 1 2 … 62 pauses
        after 0 s: waiting for another change of the same thing to end
        gave up after 119 s (63 attempts) waiting for another change of the same thing to end
          apigateway:PutRestApi was answered 409 ConflictException: Unable to complete operation due to concurrent modification. Please try again later.
        see in the AWS console what is changing it, then run the command again"#]],
    );
}

#[test]
fn not_visible_everywhere() {
    let error = answered("s3:PutBucketPolicy", 404, "NoSuchBucket", "The specified bucket does not exist");
    expect![[r#"
        0.25 0.5 1 … 61 pauses
        after 0 s: waiting for what was made to be visible everywhere
        gave up after 59 s (62 attempts) waiting for what was made to be visible everywhere
          s3:PutBucketPolicy was answered 404 NoSuchBucket: The specified bucket does not exist
        it was there at the beginning; if it was deleted since, the next run creates it again"#]]
    .assert_eq(&outcome(&error, Class::NotVisible, 0.0));
}

#[test]
fn a_server_that_fails() {
    check(
        "iam:GetRole",
        500,
        "ServiceFailure",
        "",
        expect![[r#"
        Unclear
        0.25 0.5 1 2 4 … 8 pauses
        after 0 s: waiting for AWS to answer
        gave up after 19 s (9 attempts) waiting for AWS to answer
          iam:GetRole was answered 500 ServiceFailure
        run the command again: it looks at what was done and carries on"#]],
    );
}

#[test]
fn nobody_listens() {
    let why = "Connection refused (os error 111)".to_owned();
    let error = AwsError::NoAnswer { operation: operation("sts:GetCallerIdentity"), why, refused: true };
    expect![[r#"
        0.25 0.5 1 … 4 pauses
        after 0 s: waiting for a server to listen at the address
        gave up after 2 s (5 attempts) waiting for a server to listen at the address
          sts:GetCallerIdentity got no answer: Connection refused (os error 111)
        check the connection, the region and --endpoint-url; for the local cloud say --local instead"#]]
    .assert_eq(&outcome(&error, error.class(), 0.0));
}

/// X-03, COG-04.
#[test]
fn what_ends_at_once() {
    for (operation, status, code) in [
        ("cognito-idp:CreateUserPool", 400, "LimitExceededException"),
        ("apigateway:CreateRestApi", 429, "LimitExceededException"),
        ("iam:CreateRole", 409, "LimitExceeded"),
        ("iam:CreateRole", 409, "LimitExceededException"),
        ("ssm:PutParameter", 400, "ParameterLimitExceeded"),
        ("lambda:CreateFunction", 400, "CodeStorageExceededException"),
        ("s3:CreateBucket", 400, "TooManyBuckets"),
        ("s3:CreateBucket", 409, "BucketAlreadyExists"),
        ("s3:PutObject", 403, "AccessDenied"),
        ("s3:PutBucketCors", 400, "ExpiredToken"),
        ("apigateway:PutRestApi", 400, "BadRequestException"),
        ("apigateway:PutRestApi", 409, "ConflictException"),
    ] {
        let error = answered(operation, status, code, "too many");
        let class = error.class();
        let said = error.to_string();
        let end = RetryBudget::new(super::operation(operation), Instant::now()).after(
            error,
            class,
            Instant::now(),
            0.0,
        );
        assert_eq!(end.unwrap_err().to_string(), said, "the error itself");
    }
}

#[test]
fn jitter_shortens_to_half_at_most() {
    let error = answered("iam:GetRole", 400, "Throttling", "Rate exceeded");
    let first = |jitter| {
        let now = Instant::now();
        RetryBudget::new(operation("iam:GetRole"), now)
            .after(error.clone(), Class::Throttle, now, jitter)
            .unwrap()
            .long
    };
    assert_eq!([0.0, 0.5, 1.0].map(first).map(|it| it.as_micros()), [250_000, 187_500, 125_000]);
    assert!(outcome(&error, Class::Throttle, 1.0).contains("gave up after 29"), "the bound is the same");
}

/// X-05.
#[test]
fn aws_says_when_to_come_back() {
    let error = |seconds| {
        let AwsError::Answer(answer) = answered("apigateway:PutRestApi", 429, "TooManyRequestsException", "")
        else {
            unreachable!()
        };
        AwsError::Answer(ErrorAnswer { retry_after: Some(Duration::from_secs(seconds)), ..answer })
    };
    let now = Instant::now();
    let after = |seconds| {
        RetryBudget::new(operation("apigateway:PutRestApi"), now).after(
            error(seconds),
            Class::Throttle,
            now,
            1.0,
        )
    };
    assert_eq!(after(20).unwrap().long, Duration::from_secs(20));
    assert_eq!(after(0).unwrap().long, Duration::from_millis(125));
    assert_eq!(
        after(3_600).unwrap_err().to_string(),
        "gave up after 0 s (1 attempt) waiting for AWS to take more requests"
    );
}

/// A wait for one thing leaves no less for another.
#[test]
fn each_class_has_its_own_time() {
    let began = Instant::now();
    let mut now = began;
    let mut budget = RetryBudget::new(operation("lambda:CreateFunction"), began);
    let error = || answered("lambda:CreateFunction", 500, "", "");
    while (now - began).as_secs() < 250 {
        now += budget.after(error(), Class::Throttle, now, 0.0).unwrap().long;
    }
    let pause = budget.after(error(), Class::Unclear, now, 0.0).unwrap();
    assert_eq!(pause, Pause { long: Duration::from_millis(250), for_what: "AWS to answer" });
}

/// A request whose answer took a minute is sent a second time, and no third time.
#[test]
fn what_takes_long_is_tried_twice() {
    let began = Instant::now();
    let mut budget = RetryBudget::new(operation("s3:CreateBucket"), began);
    let silent = || AwsError::NoAnswer {
        operation: operation("s3:CreateBucket"),
        why: "timed out".to_owned(),
        refused: false,
    };
    let minute = Duration::from_secs(60);
    let pause = budget.after(silent(), Class::Unclear, began + minute, 0.0).unwrap().long;
    let end = budget.after(silent(), Class::Unclear, began + 2 * minute + pause, 0.0).unwrap_err();
    assert_eq!(end.to_string(), "gave up after 120 s (2 attempts) waiting for AWS to answer");
}

/// How often a new role is tried does not depend on how long Lambda thinks about it.
#[test]
fn a_paced_pause_begins_when_the_request_was_sent() {
    let error = answered("lambda:CreateFunction", 400, "InvalidParameterValueException", "");
    let began = Instant::now();
    let mut budget = RetryBudget::new(operation("lambda:CreateFunction"), began);
    let mut now = began;
    let mut after = |milliseconds| {
        now += Duration::from_millis(milliseconds);
        let pause = budget.after(error.clone(), Class::Propagation, now, 0.0).unwrap();
        now += pause.long;
        pause.long.as_millis()
    };
    assert_eq!([after(100), after(100), after(180), after(5_000)], [150, 200, 120, 100]);
}
