//! A permissions boundary: every role that stackctl makes has it, and the policy of apply can't get around it.

use aws_sdk_iam::{Client, config::Credentials};
use stackctl_aws_client::clients::Clients;

use super::{Someone, actions, policy};
use crate::{
    harness::{
        cloud::{Cloud, console, wait_for},
        program::WorkingCopy,
    },
    stacks::lifecycle::{self, STACK},
};

const ANYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// Changes of a role outside stackctl that the next apply has to repair.
const CHANGES: &[&str] = &[
    "role: trust changed",
    "role: policy deleted",
    "role: another policy put",
    "role: a managed policy attached",
    "role: a tag changed",
    "role: a tag added",
    "role: a boundary put",
];

/// Makes a policy that roles can have as their boundary, and returns its ARN.
fn make_boundary(aws: &Clients, name: &str) -> String {
    let policy = aws.iam.create_policy().policy_name(name).policy_document(ANYTHING);
    wait_for(policy.send()).unwrap().policy.unwrap().arn.unwrap()
}

/// The boundary of the function's role.
fn boundary_of(aws: &Clients, role: &str) -> Option<String> {
    let found = wait_for(aws.iam.get_role().role_name(role).send()).unwrap().role.unwrap();
    found.permissions_boundary.and_then(|it| it.permissions_boundary_arn)
}

pub fn no_role_is_without() {
    let own = Cloud::start();
    let copy = own.working_copy("bounded", STACK);
    let aws = console(&copy, &own.url);
    let role = format!("{}-presign-eu-west-1", aws.stack);
    let boundary = make_boundary(&aws, "boundary");
    let without = copy.text();
    let with = format!("{without}boundary: {boundary}\n");
    let ada = Someone::new(&copy, &own, "ada");

    // A role that was made without it gets it.
    copy.apply();
    copy.write(&with);
    assert_eq!(copy.plan(), ["role.presign: boundary"]);
    let bounded = policy(&copy, "apply");
    ada.may(&bounded);
    let before = own.requests_so_far();
    ada.succeed(&copy, &["apply", "--yes"]);
    assert_eq!(boundary_of(&aws, &role).as_ref(), Some(&boundary));
    copy.assert_settled();

    // Every change of the role is repaired with this policy, and all of its IAM actions are used.
    ada.succeed(&copy, &["destroy", "--yes"]);
    ada.succeed(&copy, &["apply", "--yes"]);
    assert_eq!(boundary_of(&aws, &role).as_ref(), Some(&boundary));
    lifecycle::change(&copy, &own, CHANGES);
    ada.succeed(&copy, &["apply", "--yes"]);
    assert_eq!(boundary_of(&aws, &role).as_ref(), Some(&boundary));
    wait_for(aws.iam.delete_role_permissions_boundary().role_name(&role).send()).unwrap();
    lifecycle::change(&copy, &own, &["role: policy opened", "role: trust changed"]);
    ada.succeed(&copy, &["apply", "--yes"]);
    copy.assert_settled();
    let asked: Vec<String> = own.requests(before).into_iter().flat_map(|it| it.checked).collect();
    let unasked: Vec<_> = actions(&bounded).into_iter().filter(|it| it.starts_with("iam:")).collect();
    let unasked: Vec<_> = unasked.into_iter().filter(|it| !asked.contains(it)).collect();
    assert!(unasked.is_empty(), "never used: {unasked:?}");

    get_around(&copy, &aws, &ada, &role, &boundary);

    // A file without the boundary can't be applied with this policy; with all rights it removes the boundary.
    copy.write(&without);
    let refused = ada.run(&copy, &["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("iam:DeleteRolePermissionsBoundary"), "{}", refused.stderr);
    assert_eq!(copy.plan(), ["role.presign: boundary"]);
    copy.apply();
    assert_eq!(boundary_of(&aws, &role), None);

    // A boundary that does not exist is an error that says so.
    copy.succeed(&["destroy", "--yes"]);
    copy.write(&with.replace("policy/boundary", "policy/missing"));
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("correct `boundary:` in stack.yaml"), "{}", refused.stderr);
}

/// All ways to a role that may do more than the boundary are closed.
fn get_around(copy: &WorkingCopy, aws: &Clients, ada: &Someone, role: &str, boundary: &str) {
    let (id, secret) = &ada.key;
    let key = Credentials::new(id, secret, None, None, "test");
    let iam = Client::from_conf(aws.iam.config().to_builder().credentials_provider(key).build());
    let path = format!("/stackctl/{}/eu-west-1/", aws.stack);
    let other = make_boundary(aws, "another");
    let unbounded = format!("{role}-unbounded");
    let make = |iam: &Client, name: &str| {
        iam.create_role().role_name(name).path(&path).assume_role_policy_document(TRUST)
    };
    wait_for(make(&aws.iam, &unbounded).send()).unwrap();

    macro_rules! refused {
        ($($request:expr),* $(,)?) => {$(
            let error = wait_for($request.send()).expect_err(stringify!($request));
            assert!(format!("{error:?}").contains("AccessDenied"), "{}: {error:?}", stringify!($request));
        )*};
    }
    let put = |role: &str| iam.put_role_policy().role_name(role).policy_name("p").policy_document(ANYTHING);
    let trust = |role: &str| iam.update_assume_role_policy().role_name(role).policy_document(TRUST);
    let bound =
        |role: &str, to: &str| iam.put_role_permissions_boundary().role_name(role).permissions_boundary(to);
    refused!(
        make(&iam, "new"),
        make(&iam, "new").permissions_boundary(&other),
        iam.create_role().role_name("new").assume_role_policy_document(TRUST).permissions_boundary(boundary),
        put(&unbounded),
        trust(&unbounded),
        bound(role, &other),
        bound(&unbounded, &other),
        iam.delete_role_permissions_boundary().role_name(role),
        iam.attach_role_policy().role_name(role).policy_arn(&other),
        iam.create_policy_version().policy_arn(boundary).policy_document(ANYTHING).set_as_default(true),
        iam.create_policy().policy_name("new").policy_document(ANYTHING),
        iam.put_user_policy().user_name(&ada.name).policy_name("p").policy_document(ANYTHING),
    );
    // With the boundary the same are let through.
    wait_for(make(&iam, "new").permissions_boundary(boundary).send()).unwrap();
    wait_for(bound(&unbounded, boundary).send()).unwrap();
    for role in ["new", &unbounded] {
        wait_for(put(role).send()).unwrap();
        wait_for(trust(role).send()).unwrap();
        wait_for(aws.iam.delete_role_policy().role_name(role).policy_name("p").send()).unwrap();
        wait_for(aws.iam.delete_role().role_name(role).send()).unwrap();
    }
    copy.assert_settled();

    // Standard output holds the policy alone; the sentence about it goes to standard error.
    let named = copy.succeed(&["policy", "--boundary", &other]);
    assert!(named.stdout.contains(&other) && !named.stdout.contains("amounts"), "{}", named.stdout);
    assert!(named.stderr.contains(&format!("write `boundary: {other}` there")), "{}", named.stderr);
    let of_the_file = copy.succeed(&["policy"]);
    assert!(
        of_the_file.stderr.contains(&format!("amounts to what {boundary} allows")),
        "{}",
        of_the_file.stderr
    );
    let plan = copy.run(&["policy", "--for", "plan", "--boundary", boundary]);
    assert_eq!(plan.code, 64, "{}", plan.stderr);
}
