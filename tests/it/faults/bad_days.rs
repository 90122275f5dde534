//! AWS on a bad day: each script is a fault of a strict cloud, and what stackctl says and does about it.
//!
//! | what goes wrong | where it is tried |
//! |---|---|
//! | API Gateway throttles writes, and deletes for longer | `api_writes_throttled`, `api_not_deleted_at_once` |
//! | Lambda does not take a role yet; never | `role_not_assumable_yet`; the tests of outcomes in `stackctl-permissions` |
//! | a create is done, and its answer lost | `creates_answered_by_nobody`, `creates_answered_by_a_proxy` |
//! | two writers of one API; an API that is gone | `api_changed_by_two`, `api_gone_under_us` |
//! | two writers of one bucket; new things that are not seen | `bucket_changed_by_two`, `new_things_not_visible_yet` |
//! | each region's CreateBucket | `as_aws::a_bucket_in_us_east_1`, `as_aws::somebody_elses_bucket` |
//! | Cognito resets what is left out, all or some | `as_aws::cognito_resets_…`, `as_aws::a_pool_that_lost_its_tags` |
//! | a quota reads like a throttle | `quota_of_pools`, `quota_of_apis` |
//! | reads are stale, a stage serves what was | `as_on_aws_ten_times_as_fast` |
//! | killed after each write | `killed` |
//! | a function stays Pending, or fails | `as_aws::a_function_that_stays_pending`, `function_fails` |
//! | a log group comes back | `as_aws::a_log_group_that_comes_back` |
//! | Logs says with 400 that there is nothing | `new_things_not_visible_yet` |
//! | credentials expire, clocks are off | `expired_in_…`, `unknown_credentials`, `clock_off_in_…` |

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::{
    harness::{
        cloud::eventually,
        inventory::nothing_twice,
        program::{Said, WorkingCopy},
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::STACK,
};

/// What comes through: the faults, and how many requests of each it takes at least.
const COME_THROUGH: &[(&str, &str)] = &[
    ("api_writes_throttled", r#"[{"on": "apigateway:*", "only": "writes", "times": 6, "effect": "429"}]"#),
    (
        "api_not_deleted_at_once",
        r#"[{"on": "apigateway:DeleteRestApi", "for_seconds": 12, "effect": "429"}]"#,
    ),
    (
        "role_not_assumable_yet",
        r#"[{"on": "lambda:CreateFunction", "for_seconds": 5, "effect": {"error": {"status": 400,
            "code": "InvalidParameterValueException",
            "message": "The role defined for the function cannot be assumed by Lambda."}}}]"#,
    ),
    (
        "creates_answered_by_nobody",
        r#"[{"on": "apigateway:CreateRestApi", "when": "after", "effect": "dropped"},
            {"on": "cognito-idp:CreateUserPool", "when": "after", "effect": "dropped"},
            {"on": "cognito-idp:CreateUserPoolClient", "when": "after", "effect": "dropped"},
            {"on": "apigateway:CreateDeployment", "when": "after", "effect": "dropped"}]"#,
    ),
    (
        "creates_answered_by_a_proxy",
        r#"[{"on": "apigateway:CreateRestApi", "when": "after", "effect": "wrong_body"},
            {"on": "cognito-idp:CreateUserPool", "when": "after", "effect": "reset"},
            {"on": "s3:CreateBucket", "when": "after", "effect": "503"},
            {"on": "iam:CreateRole", "when": "after", "effect": "reset"}]"#,
    ),
    (
        "api_changed_by_two",
        r#"[{"on": "apigateway:*", "only": "writes", "every": 2, "times": 3, "effect": {"error": {"status": 409,
            "code": "ConflictException",
            "message": "Unable to complete operation due to concurrent modification. Please try again later."}}}]"#,
    ),
    (
        "bucket_changed_by_two",
        r#"[{"on": "s3:PutBucketCors", "times": 2, "effect": {"error": {"status": 409, "code": "OperationAborted",
            "message": "A conflicting conditional operation is currently in progress against this resource."}}}]"#,
    ),
    (
        "new_things_not_visible_yet",
        r#"[{"on": "s3:PutBucketPolicy", "times": 2, "effect": {"error": {"status": 404, "code": "NoSuchBucket",
             "message": "The specified bucket does not exist"}}},
            {"on": "iam:PutRolePolicy", "times": 2, "effect": {"error": {"status": 404, "code": "NoSuchEntity",
             "message": "The role cannot be found."}}},
            {"on": "lambda:AddPermission", "times": 2, "effect": {"error": {"status": 404,
             "code": "ResourceNotFoundException", "message": "Function not found"}}},
            {"on": "logs:PutRetentionPolicy", "times": 2, "effect": {"error": {"status": 400,
             "code": "ResourceNotFoundException", "message": "The specified log group does not exist."}}}]"#,
    ),
];

/// What ends a run: the faults, what is said, and what is hinted.
const SAID: &[(&str, &str, &str, &str)] = &[
    (
        "expired_in_s3",
        r#"[{"on": "s3:PutBucketPolicy", "times": null, "effect": "expired_credentials"}]"#,
        "ExpiredToken",
        "sign in again",
    ),
    (
        "expired_in_lambda",
        r#"[{"on": "lambda:CreateFunction", "times": null, "effect": "expired_credentials"}]"#,
        "ExpiredTokenException",
        "sign in again",
    ),
    (
        "unknown_credentials",
        r#"[{"on": "cognito-idp:CreateUserPool", "effect": {"error": {"status": 400,
            "code": "UnrecognizedClientException", "message": "The security token is invalid."}}}]"#,
        "UnrecognizedClientException",
        "--profile",
    ),
    (
        "clock_off_in_s3",
        r#"[{"on": "s3:*", "times": null, "effect": "clock_skew"}]"#,
        "RequestTimeTooSkewed",
        "clock",
    ),
    (
        "clock_off_in_iam",
        r#"[{"on": "iam:*", "times": null, "effect": "clock_skew"}]"#,
        "SignatureDoesNotMatch",
        "clock",
    ),
    (
        "clock_off_in_lambda",
        r#"[{"on": "lambda:*", "only": "writes", "times": null, "effect": "clock_skew"}]"#,
        "InvalidSignatureException",
        "clock",
    ),
    (
        "quota_of_pools",
        r#"[{"on": "cognito-idp:CreateUserPool", "times": null, "effect": {"error": {"status": 400,
            "code": "LimitExceededException", "message": "This account has too many user pools."}}}]"#,
        "LimitExceededException",
        "quota",
    ),
    (
        "quota_of_apis",
        r#"[{"on": "apigateway:CreateRestApi", "times": null, "effect": {"error": {"status": 429,
            "code": "LimitExceededException", "message": "Maximum number of APIs has been reached."}}}]"#,
        "LimitExceededException",
        "quota",
    ),
    (
        "denied",
        r#"[{"on": "iam:PutRolePolicy", "times": null, "effect": "access_denied"}]"#,
        "AccessDenied",
        "iam:PutRolePolicy",
    ),
    (
        "api_gone_under_us",
        r#"[{"on": "apigateway:PutRestApi", "times": null, "effect": {"error": {"status": 409,
            "code": "ConflictException", "message": "Invalid API identifier specified"}}}]"#,
        "ConflictException",
        "",
    ),
];

pub fn trials() -> Vec<Trial> {
    let come_through = COME_THROUGH.iter().map(|(name, faults)| {
        trial(format!("faults::{name}"), move || {
            let (cloud, copy) = Strict::with_stack("faults", STACK);
            let faults: Value = serde_json::from_str(faults).unwrap();
            cloud.faults(faults);
            copy.apply();
            let met = cloud.hits();
            copy.assert_settled();
            nothing_twice(&copy, &cloud.url);
            copy.succeed(&["destroy", "--yes"]);
            let met = met.into_iter().zip(cloud.hits()).map(|(applied, all)| applied.max(all));
            assert!(met.clone().all(|it| it > 0), "each fault was met: {:?}", met.collect::<Vec<_>>());
            cloud.assert_nothing_left(&copy);
        })
    });
    let said = SAID.iter().map(|(name, faults, what, hint)| {
        trial(format!("faults::{name}"), move || {
            let (cloud, copy) = Strict::with_stack("faults", STACK);
            let faults: Value = serde_json::from_str(faults).unwrap();
            cloud.faults(faults);
            let began = std::time::Instant::now();
            let said = copy.run(&["apply", "--yes"]);
            assert!(began.elapsed().as_secs() < 30, "it ends at once");
            assert_says(&said, what, hint);
            cloud.faults(json!([]));
            carries_on(&cloud, &copy);
        })
    });
    let others = [
        trial("faults::function_fails", || {
            let (cloud, copy) = Strict::with_stack("faults", STACK);
            cloud.set(json!({ "time_scale": 0, "functions_fail": true }));
            assert_says(&copy.run(&["apply", "--yes"]), "Lambda could not make", "");
            assert_says(&copy.run(&["apply", "--yes"]), "nothing was changed", "");
            cloud.faults(json!([]));
            copy.succeed(&["destroy", "--yes"]);
            carries_on(&cloud, &copy);
        }),
        trial("faults::new_function_not_visible_yet", || {
            let (cloud, copy) = Strict::with_stack("faults", STACK);
            // The look asks before the function is made, twice when it takes long; the wait for it asks after.
            cloud.set(json!({
                "time_scale": 0.05,
                "seconds": { "function_pending": 2 },
                "faults": [{ "on": "lambda:GetFunction", "skip": 1, "times": 3, "effect": { "error": {
                    "status": 404, "code": "ResourceNotFoundException", "message": "Function not found" } } }],
            }));
            copy.apply();
            assert_eq!(cloud.hits(), [3]);
            cloud.faults(json!([]));
            copy.assert_settled();
            copy.succeed(&["destroy", "--yes"]);
            cloud.assert_nothing_left(&copy);
        }),
        trial("faults::gone_while_it_is_looked_at", || {
            let (cloud, copy) = Strict::with_stack("faults", STACK);
            copy.apply();
            // Each was listed and is gone when it is read, as if another run deleted it in between.
            let gone = |times| {
                json!([
                    { "on": "apigateway:GetResources", "times": times, "effect": { "error": {
                        "status": 404, "code": "NotFoundException",
                        "message": "Invalid API identifier specified 000000000000:abc" } } },
                    { "on": "s3:GetBucketPolicy", "times": times, "effect": { "error": {
                        "status": 404, "code": "NoSuchBucket",
                        "message": "The specified bucket does not exist" } } },
                ])
            };
            for command in [&["plan"] as &[&str], &["apply", "--yes"], &["outputs"]] {
                cloud.faults(gone(json!(2)));
                copy.succeed(command);
                let looked = if command == ["outputs"] { [0, 0] } else { [2, 1] };
                assert!(cloud.hits().iter().zip(looked).all(|(hits, least)| *hits >= least), "{command:?}");
            }
            // The wait is bounded, and another error is reported at once.
            cloud.faults(gone(Value::Null));
            assert_says(&copy.run(&["plan"]), "could not look at rest_api.uploads", "");
            cloud.faults(json!([{ "on": "apigateway:GetResources", "effect": "access_denied" }]));
            assert_says(&copy.run(&["plan"]), "AccessDenied", "");
            assert_eq!(cloud.hits(), [1]);
            cloud.faults(json!([]));
            copy.succeed(&["destroy", "--yes"]);
            cloud.assert_nothing_left(&copy);
        }),
        trial("faults::as_on_aws_ten_times_as_fast", || {
            let (cloud, copy) = Strict::with_stack("faults", STACK);
            cloud.set(json!({ "time_scale": 0.1, "seconds": { "stale_age": 2 } }));
            copy.apply();
            // So old is what may be read.
            let began = std::time::Instant::now();
            eventually("nothing to do", || {
                began.elapsed().as_millis() > 300 && copy.run(&["plan", "--check"]).code == 0
            });
            nothing_twice(&copy, &cloud.url);
            copy.succeed(&["destroy", "--yes"]);
            cloud.faults(json!([]));
            cloud.assert_nothing_left(&copy);
        }),
    ];
    come_through.chain(said).chain(others).collect()
}

fn assert_says(said: &Said, what: &str, hint: &str) {
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stderr.contains(what), "{what}\n{}", said.stderr);
    assert!(said.stderr.contains(hint), "{hint}\n{}", said.stderr);
}

/// Finished steps are kept, and the next run does the rest.
fn carries_on(cloud: &Strict, copy: &WorkingCopy) {
    copy.apply();
    copy.assert_settled();
    nothing_twice(copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(copy);
}
