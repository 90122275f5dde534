mod adopted;

use expect_test::{Expect, expect};
use stackctl_engine::plan::text as plan_text;
use stackctl_stackfile::grants::{BucketGrants, Grant};

use super::*;

/// Grants on all objects of a bucket.
fn all_of<const N: usize>(grants: [Grant; N]) -> BucketGrants {
    BucketGrants { prefix: None, allow: grants.into(), read: None }
}

fn role() -> Role {
    Role {
        name: "app-presign-eu-west-1".to_owned(),
        tags: Tags::desired("app", "role.presign", &BTreeMap::new()).of_region("eu-west-1"),
        boundary: None,
        grants: vec![(Arn("arn:aws:s3:::uploads".to_owned()), all_of([Grant::Put]))],
        keys: None,
        parameters: Vec::new(),
        log_group: Arn("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign".to_owned()),
    }
}

/// The role after an apply.
fn applied() -> RoleSettings {
    RoleSettings { policy: Some(policies::desired(&role())), ..RoleSettings::as_created(&role()) }
}

fn check(desired: &Role, settings: Option<RoleSettings>, expected: Expect) {
    let live = settings.map(|settings| Live {
        name: desired.name.clone(),
        arn: Arn("arn:aws:iam::1:role/stackctl/app/eu-west-1/app-presign-eu-west-1".to_owned()),
        id: "AROA1".to_owned(),
        settings,
    });
    expected.assert_eq(&plan_text::steps(desired, live.as_ref()));
}

#[test]
fn creation() {
    check(
        &role(),
        None,
        expect![[r#"
            + create
                trust: Allow sts:AssumeRole, Principal {"Service":["lambda.amazonaws.com"]}
                tags.stackctl:address: role.presign
                tags.stackctl:region: eu-west-1
                tags.stackctl:stack: app
            ~ set the policy of
                policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:*
                policy: Allow s3:PutObject on arn:aws:s3:::uploads/*
        "#]],
    );
}

#[test]
fn nothing_to_do() {
    check(&role(), Some(applied()), expect![[""]]);
}

#[test]
fn a_crash_after_create() {
    check(
        &role(),
        Some(RoleSettings::as_created(&role())),
        expect![[r#"
        ~ set the policy of
            policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:*
            policy: Allow s3:PutObject on arn:aws:s3:::uploads/*
    "#]],
    );
}

#[test]
fn every_grant() {
    let all = [Grant::Put, Grant::Get, Grant::List, Grant::Delete, Grant::Multipart];
    let bucket = Arn("arn:aws:s3:::uploads".to_owned());
    check(
        &Role { grants: vec![(bucket, all_of(all))], ..role() },
        Some(applied()),
        expect![[r#"
        ~ set the policy of
            policy: Allow s3:PutObject on arn:aws:s3:::uploads/* → gone
            policy: Allow s3:AbortMultipartUpload, s3:DeleteObject, s3:GetObject, s3:ListMultipartUploadParts, s3:PutObject on arn:aws:s3:::uploads/*
            policy: Allow s3:ListBucket on arn:aws:s3:::uploads
    "#]],
    );
}

#[test]
fn a_prefix() {
    let all = [Grant::Put, Grant::Get, Grant::List, Grant::Delete, Grant::Multipart];
    let below = BucketGrants { prefix: Some("uploads/".parse().unwrap()), ..all_of(all) };
    check(
        &Role { grants: vec![(Arn("arn:aws:s3:::uploads".to_owned()), below)], ..role() },
        Some(applied()),
        expect![[r#"
            ~ set the policy of
                policy: Allow s3:PutObject on arn:aws:s3:::uploads/* → gone
                policy: Allow s3:AbortMultipartUpload, s3:DeleteObject, s3:GetObject, s3:ListMultipartUploadParts, s3:PutObject on arn:aws:s3:::uploads/uploads/*
                policy: Allow s3:ListBucket on arn:aws:s3:::uploads, Condition {"StringLike":{"s3:prefix":["uploads/*"]}}
        "#]],
    );
}

#[test]
fn no_grant() {
    check(
        &Role { grants: Vec::new(), ..role() },
        Some(applied()),
        expect![[r#"
        ~ set the policy of
            policy: Allow s3:PutObject on arn:aws:s3:::uploads/* → gone
    "#]],
    );
}

#[test]
fn another_log_group() {
    let log_group = Arn("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/other".to_owned());
    check(
        &Role { log_group, ..role() },
        Some(applied()),
        expect![[r#"
        ~ set the policy of
            policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:* → gone
            policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/other:*
    "#]],
    );
}

#[test]
fn boundary() {
    let arn = |name: &str| Some(Arn(format!("arn:aws:iam::1:policy/{name}")));
    let limited = Role { boundary: arn("team"), ..role() };
    let of = |boundary: Option<Arn>| Some(RoleSettings { boundary, ..applied() });
    check(
        &limited,
        None,
        expect![[r#"
            + create
                trust: Allow sts:AssumeRole, Principal {"Service":["lambda.amazonaws.com"]}
                boundary: arn:aws:iam::1:policy/team
                tags.stackctl:address: role.presign
                tags.stackctl:region: eu-west-1
                tags.stackctl:stack: app
            ~ set the policy of
                policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:*
                policy: Allow s3:PutObject on arn:aws:s3:::uploads/*
        "#]],
    );
    check(
        &limited,
        of(None),
        expect![[r#"
        ~ set the permissions boundary of
            boundary: arn:aws:iam::1:policy/team
    "#]],
    );
    check(
        &limited,
        of(arn("other")),
        expect![[r#"
        ~ set the permissions boundary of
            boundary: arn:aws:iam::1:policy/other → arn:aws:iam::1:policy/team
    "#]],
    );
    check(&limited, of(arn("team")), expect![[""]]);
    check(
        &role(),
        of(arn("team")),
        expect![[r#"
        ~ remove the permissions boundary of
            boundary: arn:aws:iam::1:policy/team → gone
    "#]],
    );
}

#[test]
fn a_boundary_comes_before_what_it_limits() {
    let limited = Role { boundary: Some(Arn("arn:aws:iam::1:policy/team".to_owned())), ..role() };
    let live = RoleSettings {
        boundary: None,
        trust: stackctl_aws_data::policy::trust("ec2.amazonaws.com"),
        policy: None,
        ..applied()
    };
    check(
        &limited,
        Some(live),
        expect![[r#"
        ~ set the permissions boundary of
            boundary: arn:aws:iam::1:policy/team
        ~ set the trust policy of
            trust: Allow sts:AssumeRole, Principal {"Service":["ec2.amazonaws.com"]} → gone
            trust: Allow sts:AssumeRole, Principal {"Service":["lambda.amazonaws.com"]}
        ~ set the policy of
            policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:*
            policy: Allow s3:PutObject on arn:aws:s3:::uploads/*
    "#]],
    );
}

#[test]
fn tags() {
    let tags = BTreeMap::from([("team".to_owned(), "web".to_owned())]);
    let tags = Tags::desired("app", "role.presign", &tags).of_region("eu-west-1");
    let mut live = applied();
    live.tags.0.insert("cost".to_owned(), "1".to_owned());
    check(
        &Role { tags, ..role() },
        Some(live),
        expect![[r#"
        ~ set tags of
            tags.team: web
        ~ remove tags of
            tags.cost: 1 → gone
    "#]],
    );
}

#[test]
fn changed_in_the_console() {
    let live = RoleSettings {
        trust: stackctl_aws_data::policy::trust("ec2.amazonaws.com"),
        policy: None,
        surplus: BTreeSet::from(["more".to_owned()]),
        attached: BTreeMap::from([(
            Arn("arn:aws:iam::aws:policy/AdministratorAccess".to_owned()),
            "AdministratorAccess".to_owned(),
        )]),
        ..applied()
    };
    check(
        &role(),
        Some(live),
        expect![[r#"
        ~ set the trust policy of
            trust: Allow sts:AssumeRole, Principal {"Service":["ec2.amazonaws.com"]} → gone
            trust: Allow sts:AssumeRole, Principal {"Service":["lambda.amazonaws.com"]}
        ~ set the policy of
            policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:*
            policy: Allow s3:PutObject on arn:aws:s3:::uploads/*
        ~ delete a surplus policy of
            inline_policies: more → gone
        ~ detach a managed policy from
            managed_policies: AdministratorAccess → gone
    "#]],
    );
}

#[test]
fn at_another_path() {
    check(
        &role(),
        Some(RoleSettings { elsewhere: Some("/".to_owned()), ..applied() }),
        expect![[r#"
            ! the role app-presign-eu-west-1 is at the path /
                (a role can't be moved: give the function another `name:`, or delete the role in IAM and run the command again)
        "#]],
    );
}

/// Whether a document of stackctl allows an action on a resource; resources of the document may end in `*`.
fn allows(policy: &Policy, action: &str, resource: &str) -> bool {
    let document: serde_json::Value = serde_json::from_str(&policy.document()).unwrap();
    let has = |value: &serde_json::Value, fits: &dyn Fn(&str) -> bool| {
        value.as_array().unwrap().iter().any(|it| fits(it.as_str().unwrap()))
    };
    document["Statement"].as_array().unwrap().iter().any(|it| {
        assert_eq!(it["Effect"], "Allow");
        let on = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => resource.starts_with(start),
            None => resource == pattern,
        };
        has(&it["Action"], &|name| name == action) && has(&it["Resource"], &on)
    })
}

#[test]
fn what_is_not_granted_is_not_allowed() {
    const BUCKET: &str = "arn:aws:s3:::uploads";
    const OBJECT: &str = "arn:aws:s3:::uploads/a/b";
    const STREAM: &str = "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:log-stream:x";
    const MULTIPART: [&str; 3] = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];
    let grants: [(Grant, &[&str], &str); 5] = [
        (Grant::Put, &["s3:PutObject"], OBJECT),
        (Grant::Get, &["s3:GetObject"], OBJECT),
        (Grant::List, &["s3:ListBucket"], BUCKET),
        (Grant::Delete, &["s3:DeleteObject"], OBJECT),
        (Grant::Multipart, &MULTIPART, OBJECT),
    ];
    let mut actions = vec![
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "logs:CreateLogGroup",
        "logs:GetLogEvents",
        "s3:DeleteBucket",
        "s3:DeleteObjectVersion",
        "s3:GetObjectVersion",
        "s3:ListBucketVersions",
        "s3:PutBucketPolicy",
        "s3:PutObjectAcl",
        "iam:PassRole",
        "sts:AssumeRole",
    ];
    actions.extend(grants.iter().flat_map(|(_, allowed, _)| *allowed));
    let others = ["arn:aws:s3:::other", "arn:aws:s3:::other/a", "arn:aws:s3:::uploads-2/a", "*"];
    for (grant, allowed, on) in grants {
        let bucket = (Arn(BUCKET.to_owned()), all_of([grant]));
        let policy = policies::desired(&Role { grants: vec![bucket], ..role() });
        for action in &actions {
            for resource in [BUCKET, OBJECT, STREAM].iter().chain(&others) {
                let logs =
                    *resource == STREAM && ["logs:CreateLogStream", "logs:PutLogEvents"].contains(action);
                let expected = logs || (*resource == on && allowed.contains(action));
                assert_eq!(allows(&policy, action, resource), expected, "{grant:?}: {action} on {resource}");
            }
        }
    }
}
