//! An adopted role keeps what others set.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use stackctl_aws_data::{account::Arn, cli::Cli, policy::Policy};
use stackctl_engine::{Known, Resource, plan::text as plan_text};

use super::{
    super::{Action, Live, model::RoleSettings, policies},
    applied, role,
};

fn adopted() -> RoleSettings {
    let settings = applied();
    RoleSettings { tags: settings.tags.clone().of_adopted(), ..settings }
}

fn live(settings: RoleSettings) -> Live {
    let arn = Arn("arn:aws:iam::1:role/app-presign-eu-west-1".to_owned());
    Live { name: role().name, arn, id: "AROA1".to_owned(), settings }
}

fn check(settings: RoleSettings, expected: Expect) {
    expected.assert_eq(&plan_text::steps(&role(), Some(&live(settings))));
}

fn support() -> Value {
    json!({
        "Sid": "support", "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
    })
}

fn services() -> Value {
    json!({
        "Sid": "", "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Service": ["edgelambda.amazonaws.com", "lambda.amazonaws.com"] },
    })
}

#[test]
fn settings_of_others_are_no_difference() {
    let settings = RoleSettings {
        elsewhere: Some("/service-role/".to_owned()),
        boundary: Some(Arn("arn:aws:iam::1:policy/limit".to_owned())),
        trust: Policy::of([support(), services()]),
        surplus: BTreeSet::from(["theirs".to_owned()]),
        attached: BTreeMap::from([(Arn("arn:aws:iam::aws:policy/x".to_owned()), "x".to_owned())]),
        ..adopted()
    };
    check(settings, expect![[""]]);
}

#[test]
fn what_the_stack_needs_is_added() {
    check(
        RoleSettings { trust: Policy::of([support()]), policy: None, ..adopted() },
        expect![[r#"
        ~ set the trust policy of
            trust: Allow sts:AssumeRole, Principal {"Service":["lambda.amazonaws.com"]}
        ~ set the policy of
            policy: Allow logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign:*
            policy: Allow s3:PutObject on arn:aws:s3:::uploads/*
    "#]],
    );
}

#[test]
fn who_else_may_assume_it_is_shown() {
    let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
    let found = policies::exposures("r", &Policy::of([support(), services()]), "1", &cli);
    let lines: Vec<String> = found.iter().map(|it| format!("{}\n  {}\n", it.what, it.close)).collect();
    expect![[r#"
        its trust policy lets in arn:aws:iam::123456789012:root (Allow sts:AssumeRole, Principal {"AWS":["arn:aws:iam::123456789012:root"]})
          aws iam update-assume-role-policy --role-name r --policy-document '{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["edgelambda.amazonaws.com","lambda.amazonaws.com"]}}],"Version":"2012-10-17"}' --region eu-west-1
    "#]].assert_eq(&lines.concat());
}

/// Each combination of what a role may have from others.
#[test]
fn after_all_actions_others_have_what_they_had() {
    for bits in 0..(1_u32 << 7) {
        let has = |part: u32| bits & (1 << part) != 0;
        let trust = [(has(0), support()), (has(1), services())];
        let trust =
            Policy::of([]).with(&Policy::of(trust.into_iter().filter_map(|(is, it)| is.then_some(it))));
        let policy = policies::desired(&role());
        let mut before = RoleSettings {
            elsewhere: has(2).then(|| "/".to_owned()),
            boundary: has(3).then(|| Arn("arn:limit".to_owned())),
            trust,
            policy: if has(4) { Some(policy.clone()) } else { None },
            surplus: has(5).then(|| "theirs".to_owned()).into_iter().collect(),
            attached: has(6).then(|| (Arn("arn:x".to_owned()), "x".to_owned())).into_iter().collect(),
            tags: adopted().tags,
        };
        before.tags.0.insert("team".to_owned(), "photos".to_owned());
        let mut now = before.clone();
        for action in role().diff(Some(&live(before.clone())), &Known::default()) {
            match action {
                Action::SetTrust { from: _, to } => now.trust = to,
                Action::PutPolicy { from: _ } => now.policy = Some(policy.clone()),
                other @ (Action::Refuse { .. }
                | Action::Create
                | Action::SetBoundary { .. }
                | Action::RemoveBoundary { .. }
                | Action::DeletePolicy { .. }
                | Action::DetachPolicy { .. }
                | Action::ChangeTags(_)) => panic!("{bits:b}: {other:?}"),
            }
        }
        assert_eq!(now.trust.statements()[..before.trust.statements().len()], *before.trust.statements());
        assert!(role().diff(Some(&live(now)), &Known::default()).is_empty(), "{bits:b}");
    }
}
