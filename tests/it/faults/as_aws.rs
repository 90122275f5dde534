//! Behaviour of AWS that an emulator lacks, through the whole program: regions, updates that reset, roles that are others,
//! functions that are never ready, late logs.

use std::process::{Command, Stdio};

use aws_sdk_cognitoidentityprovider::types::{
    AccountRecoverySettingType, RecoveryOptionNameType, RecoveryOptionType,
};
use aws_sdk_lambda::error::ProvideErrorMetadata;
use libtest_mimic::Trial;
use serde_json::json;
use stackctl_aws_client::clients::Clients;

use crate::{
    harness::{
        cloud::{console, wait_for},
        inventory::nothing_twice,
        program::{WorkingCopy, said},
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::{self, STACK, send},
};

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn()| trial(format!("as_aws::{name}"), test);
    vec![
        // It waits for two minutes.
        trial("a_role_that_lambda_never_takes", a_role_that_lambda_never_takes),
        trial("a_bucket_in_us_east_1", a_bucket_in_us_east_1),
        trial("somebody_elses_bucket", somebody_elses_bucket),
        trial("cognito_resets_all_that_is_left_out", || an_update_keeps_the_rest("documented")),
        trial("cognito_resets_some_of_it", || an_update_keeps_the_rest("measured")),
        trial("a_pool_that_lost_its_tags", a_pool_that_lost_its_tags),
        trial("a_role_that_is_another_one", a_role_that_is_another_one),
        trial("a_key_that_refuses_another_role", a_key_that_refuses_another_role),
        trial("a_function_that_stays_pending", a_function_that_stays_pending),
        trial("a_log_group_that_comes_back", a_log_group_that_comes_back),
        trial("no_empty_list_is_sent", no_empty_list_is_sent),
        trial("a_pool_that_takes_no_update", a_pool_that_takes_no_update),
        trial("a_stage_with_the_longest_name", a_stage_with_the_longest_name),
    ]
}

/// S3-01, S3-03: no constraint there, and a create whose answer was lost is refused the second time, since it has tags.
fn a_bucket_in_us_east_1() {
    let (cloud, copy) =
        Strict::with_stack("as-aws", &STACK.replace("region: eu-west-1", "region: us-east-1"));
    cloud.faults(json!([{ "on": "s3:CreateBucket", "when": "after", "effect": "dropped" }]));
    copy.apply();
    assert_eq!(cloud.hits(), [1]);
    copy.assert_settled();
    nothing_twice(&copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// S3-03: a name that another account has, which no retry changes.
fn somebody_elses_bucket() {
    for region in ["us-east-1", "eu-west-1"] {
        let (cloud, copy) =
            Strict::with_stack("as-aws", &STACK.replace("region: eu-west-1", &format!("region: {region}")));
        cloud.faults(json!([{ "on": "s3:CreateBucket", "times": null, "effect": { "error": { "status": 409,
            "code": "BucketAlreadyExists", "message": "The requested bucket name is not available." } } }]));
        let refused = copy.run(&["apply", "--yes"]);
        assert_eq!(refused.code, 1);
        assert!(refused.stderr.contains("choose another with `name:`"), "{}", refused.stderr);
        assert_eq!(cloud.hits(), [1], "it is asked for once");
        cloud.faults(json!([]));
        copy.succeed(&["destroy", "--yes"]);
        cloud.assert_nothing_left(&copy);
    }
}

/// COG-20: what the file changes is changed, and nothing else, not even what only a person has set.
fn an_update_keeps_the_rest(mode: &str) {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    let yaml = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();
    cloud.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "cognito_updates": mode }));
    copy.apply();
    let (pool, client) = (text_of(&copy, "user_pool_id"), text_of(&copy, "client_id"));
    let aws = console(&copy, &cloud.url);
    let read =
        || wait_for(aws.cognito.describe_user_pool().user_pool_id(&pool).send()).unwrap().user_pool.unwrap();
    let recovery = RecoveryOptionType::builder().name(RecoveryOptionNameType::AdminOnly).priority(1).build();
    let recovery = AccountRecoverySettingType::builder().recovery_mechanisms(recovery.unwrap()).build();
    let by_hand = aws.cognito.update_user_pool().user_pool_id(&pool).account_recovery_setting(recovery);
    wait_for(by_hand.set_user_pool_tags(read().user_pool_tags).send()).unwrap();
    copy.apply();
    let rows = [
        ("clients: { web: {} }", "password: { minimum_length: 12 }\n    clients: { web: {} }"),
        ("clients: { web: {} }", "deletion_protection: false\n    clients: { web: {} }"),
        ("clients: { web: {} }", "sign_up: open\n    clients: { web: {} }"),
        ("clients: { web: {} }", "clients: { web: { id_token: 2h } }"),
        ("clients: { web: {} }", "clients: { web: { refresh_token: 1d } }"),
    ];
    for (from, to) in rows {
        assert!(yaml.contains(from), "{from}");
        copy.write(&yaml.replacen(from, to, 1));
        copy.apply();
        copy.assert_settled();
        let recovery = read().account_recovery_setting.unwrap();
        let names: Vec<_> = recovery.recovery_mechanisms().iter().map(|it| it.name().as_str()).collect();
        assert_eq!(names, ["admin_only"], "{to}");
    }
    assert_eq!((text_of(&copy, "user_pool_id"), text_of(&copy, "client_id")), (pool.clone(), client));
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

fn text_of(copy: &WorkingCopy, output: &str) -> String {
    copy.outputs()[output].as_str().unwrap().to_owned()
}

/// COG-20: an update in the console that leaves out the tags removes them; stackctl creates no second pool.
fn a_pool_that_lost_its_tags() {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    copy.apply();
    let pool = text_of(&copy, "user_pool_id");
    let aws = console(&copy, &cloud.url);
    let tags = wait_for(aws.cognito.describe_user_pool().user_pool_id(&pool).send());
    let tags = tags.unwrap().user_pool.unwrap().user_pool_tags;
    wait_for(aws.cognito.update_user_pool().user_pool_id(&pool).send()).unwrap();
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    assert!(refused.stdout.contains("does not belong to this stack"), "{}", refused.stdout);
    assert!(
        refused.stderr.contains("not changed, because the plan leaves them out: user_pool.users"),
        "{}",
        refused.stderr
    );
    let arn = format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/{pool}");
    wait_for(aws.cognito.tag_resource().resource_arn(arn).set_tags(tags).send()).unwrap();
    copy.apply();
    copy.assert_settled();
    assert_eq!(text_of(&copy, "user_pool_id"), pool);
    nothing_twice(&copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// LAM-40: a function whose role was recreated can't read its variables; it gets its role once more, and
/// keeps what others have added.
fn a_role_that_is_another_one() {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let name = format!("{}-presign", copy.stack().name);
    let invoked = || invoked(&aws, &name);
    assert_eq!(invoked(), "answered");
    let permission = aws.lambda.add_permission().function_name(&name).statement_id("theirs");
    send!(permission.action("lambda:InvokeFunction").principal("s3.amazonaws.com"));
    send!(aws.lambda.put_function_concurrency().function_name(&name).reserved_concurrent_executions(5));
    send!(aws.lambda.publish_version().function_name(&name));
    send!(aws.lambda.create_alias().function_name(&name).name("live").function_version("1"));
    let url = aws.lambda.create_function_url_config().function_name(&name);
    let url = send!(url.auth_type(aws_sdk_lambda::types::FunctionUrlAuthType::AwsIam)).function_url;
    let assert_kept = || {
        let policy = send!(aws.lambda.get_policy().function_name(&name)).policy.unwrap();
        assert!(policy.contains("theirs") && policy.contains("stackctl-uploads-production"), "{policy}");
        let concurrency = send!(aws.lambda.get_function_concurrency().function_name(&name));
        assert_eq!(concurrency.reserved_concurrent_executions, Some(5));
        assert_eq!(send!(aws.lambda.list_aliases().function_name(&name)).aliases().len(), 1);
        assert_eq!(send!(aws.lambda.get_function_url_config().function_name(&name)).function_url, url);
    };
    lifecycle::change(&copy, &cloud, &[lifecycle::MADE_AGAIN]);
    assert_eq!(invoked(), "KMSAccessDeniedException");
    copy.apply();
    assert_eq!(invoked(), "answered");
    assert_eq!(copy.plan(), Vec::<String>::new());
    assert_kept();

    // Deleted, and recreated by an apply that ended before or between the two updates of the function.
    for skip in [0, 1] {
        lifecycle::change(&copy, &cloud, &["role: deleted"]);
        cloud.faults(
            json!([{ "on": "lambda:UpdateFunctionConfiguration", "skip": skip, "effect": { "error": {
            "status": 403, "code": "AccessDeniedException", "message": "not now" } } }]),
        );
        assert_eq!(copy.run(&["apply", "--yes"]).code, 1);
        assert_eq!(cloud.hits(), [1]);
        copy.apply();
        assert_eq!(invoked(), "answered");
        assert_eq!(copy.plan(), Vec::<String>::new());
        assert_kept();
    }
    nothing_twice(&copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// LAM-40: where KMS refuses the update itself, the function is deleted and created.
fn a_key_that_refuses_another_role() {
    const DENIED: &str = "Lambda was unable to decrypt the environment variables because KMS access was denied. Please \
                          check the function's KMS key settings. ";
    for (code, message) in [
        ("KMSAccessDeniedException", DENIED.to_owned()),
        ("InvalidParameterValueException", format!("{DENIED}KMS Exception: UnrecognizedClientException")),
        (
            "AccessDeniedException",
            format!(
                "{DENIED}User: x is not authorized to perform: kms:Decrypt on resource: y because no \
                     resource-based policy allows the kms:Decrypt action"
            ),
        ),
    ] {
        let (cloud, copy) = Strict::with_stack("as-aws", STACK);
        copy.apply();
        let aws = console(&copy, &cloud.url);
        let name = format!("{}-presign", copy.stack().name);
        lifecycle::change(&copy, &cloud, &[lifecycle::MADE_AGAIN]);
        cloud.faults(
            json!([{ "on": "lambda:UpdateFunctionConfiguration", "times": null, "effect": { "error": {
            "status": 400, "code": code, "message": message } } }]),
        );
        copy.apply();
        assert_eq!(cloud.hits(), [1], "{code}");
        cloud.faults(json!([]));
        assert_eq!(invoked(&aws, &name), "answered");
        copy.assert_settled();
        nothing_twice(&copy, &cloud.url);
        copy.succeed(&["destroy", "--yes"]);
        cloud.assert_nothing_left(&copy);
    }
}

/// The result of a call of the function.
fn invoked(aws: &Clients, function: &str) -> String {
    match wait_for(aws.lambda.invoke().function_name(function).send()) {
        Ok(_) => "answered".to_owned(),
        Err(error) => error.code().unwrap_or("no code").to_owned(),
    }
}

/// LAM-01: a trust policy that is really wrong is refused in the words for a new role; so the wait ends, after two real
/// minutes, with that diagnosis, and the rest is made.
fn a_role_that_lambda_never_takes() {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    cloud.faults(
        json!([{ "on": "lambda:CreateFunction", "times": null, "effect": { "error": { "status": 400,
        "code": "InvalidParameterValueException",
        "message": "The role defined for the function cannot be assumed by Lambda." } } }]),
    );
    let said = copy.run(&["apply", "--yes"]);
    assert_eq!(said.code, 1, "{said:?}");
    let text = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "waiting for the role to become usable by Lambda; by now its trust policy may be wrong",
        "attempts) waiting for the role to become usable by Lambda",
        "The role defined for the function cannot be assumed by Lambda.",
        "the role's trust policy is probably wrong: it must let lambda.amazonaws.com assume the role",
    ] {
        assert!(text.contains(words), "{words}\n{said:?}");
    }
    cloud.faults(json!([]));
    let plan = copy.succeed(&["plan"]);
    assert!(plan.stdout.contains("+ function.presign"), "{plan:?}");
    assert!(!plan.stdout.contains("+ role.presign") && !plan.stdout.contains("+ rest_api"), "{plan:?}");
    copy.apply();
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// LAM-30: the wait is reported, Ctrl-C ends it, and the next run finds the function in its current state.
fn a_function_that_stays_pending() {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    cloud.set(json!({ "new_bucket_misses": 0, "seconds": { "function_pending": 1e6 },
        "rules": { "*": false, "function_states": true } }));
    let mut command = copy.command(&["apply", "--yes"]);
    let log = copy.folder.join("stderr");
    command.stdout(Stdio::piped()).stderr(std::fs::File::create(&log).unwrap());
    let mut run = command.spawn().unwrap();
    let waits = || {
        let said = std::fs::read_to_string(&log).unwrap();
        said.contains("waiting for the function to become active")
    };
    while !waits() {
        assert!(run.try_wait().unwrap().is_none(), "it ended: {}", std::fs::read_to_string(&log).unwrap());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let interrupted = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    assert_eq!(said(run.wait_with_output().unwrap()).code, 1);
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(said.contains("stopped while waiting for the function to become active"), "{said}");
    cloud.faults(json!([]));
    copy.apply();
    copy.assert_settled();
    nothing_twice(&copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// LOG-04: a late log recreates the group, without tags and without a retention; the next apply takes it over.
fn a_log_group_that_comes_back() {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    copy.apply();
    copy.succeed(&["destroy", "--yes"]);
    let aws = console(&copy, &cloud.url);
    let group = format!("/aws/lambda/{}-presign", aws.stack);
    wait_for(aws.logs.create_log_group().log_group_name(&group).send()).unwrap();
    copy.apply();
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// COG-32: a pool whose people sign in with a user name verifies no attribute, and says nothing of it.
fn no_empty_list_is_sent() {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    let refused = json!({ "error": { "status": 400, "code": "InvalidParameterException", "message": "no" } });
    let fault = |operation: &str| json!({ "on": operation, "containing": "\"AutoVerifiedAttributes\":[]", "times": null, "effect": refused });
    cloud.faults(json!([fault("cognito-idp:CreateUserPool"), fault("cognito-idp:UpdateUserPool")]));
    copy.apply();
    copy.write(
        &copy.text().replace("clients: { web: {} }", "deletion_protection: false\n    clients: { web: {} }"),
    );
    copy.apply();
    copy.assert_settled();
    assert_eq!(cloud.hits(), [0, 0]);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// COG-32: a pool with a setting that Cognito does not take back as it was read is deleted all the same.
fn a_pool_that_takes_no_update() {
    let (cloud, copy) = Strict::with_stack("as-aws", STACK);
    copy.apply();
    // The members of a full update that the smallest update leaves out.
    let refused = json!({ "error": { "status": 400, "code": "InvalidParameterException", "message": "no" } });
    let update = |containing: &str| json!({ "on": "cognito-idp:UpdateUserPool", "containing": containing, "times": null, "effect": refused });
    cloud.faults(json!([update("Policies")]));
    copy.succeed(&["destroy", "--yes"]);
    assert_eq!(cloud.hits(), [1]);
    cloud.assert_nothing_left(&copy);

    // One that can't be unprotected at all is named.
    copy.apply();
    cloud.faults(json!([update("UserPoolId")]));
    let said = copy.run(&["destroy", "--yes"]);
    assert_eq!(said.code, 1);
    assert!(said.stderr.contains("could not delete user_pool.users"), "{said:?}");
    cloud.faults(json!([]));
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// LAM-53: the id of the function's permission holds the stage's name only as far as it fits.
fn a_stage_with_the_longest_name() {
    let stage = "s".repeat(128);
    let (cloud, copy) = Strict::with_stack(
        "as-aws",
        &STACK.replace("    routes:", &format!("    stage: {stage}\n    routes:")),
    );
    copy.apply();
    copy.assert_settled();
    copy.write(&copy.text().replace(&stage, &"t".repeat(128)));
    copy.apply();
    copy.assert_settled();
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}
