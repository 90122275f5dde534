//! An adopted bucket keeps what others set.

use aws_sdk_s3::types::{BucketVersioningStatus, CorsRule};
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use stackctl_aws_data::policy::{Policy, open};

use super::{
    super::{Action, Bucket, Kept, Live, cors, lifecycle},
    applied, bucket, cors as desired_cors, expiring, foreign_rule,
};
use crate::bucket::{Known, Resource, Tags};

fn adopted() -> Live {
    let live = applied();
    Live { tags: live.tags.clone().of_adopted(), ..live }
}

fn check(change: impl FnOnce(&mut Live), expected: Expect) {
    let mut live = adopted();
    change(&mut live);
    expected.assert_eq(&stackctl_engine::plan::text::steps(&bucket(), Some(&live)));
}

fn statements() -> [Value; 3] {
    let of = |principal: Value, action: &str| json!({ "Sid": action, "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*" });
    [
        of(json!({ "AWS": "arn:aws:iam::1:role/CustomS3AutoDeleteObjects" }), "s3:DeleteObject*"),
        of(json!("*"), "s3:GetObject"),
        of(json!({ "AWS": "123456789012" }), "s3:ListBucket"),
    ]
}

fn rule(id: Option<&str>, origin: &str) -> CorsRule {
    let rule = CorsRule::builder().set_id(id.map(str::to_owned));
    rule.allowed_origins(origin).allowed_methods("GET").build().unwrap()
}

#[test]
fn settings_of_others_are_no_difference() {
    check(
        |live| {
            live.encryption = Some("aws:kms".to_owned());
            live.tags.0.insert("team".to_owned(), "photos".to_owned());
            let own = live.policy.clone().unwrap();
            live.policy = Some(Policy::of(statements()).with(&own));
            live.cors.push(rule(None, "*"));
            live.kept.rules.push(foreign_rule());
        },
        expect![[""]],
    );
}

#[test]
fn what_apply_changes_stands_in_the_plan() {
    check(
        |live| {
            live.private = false;
            live.blocks_policies = false;
            live.added.website = Some(aws_sdk_s3::types::WebsiteConfiguration::builder().build());
            live.ownership = Some("BucketOwnerPreferred".to_owned());
            live.encryption = None;
            live.policy = Some(Policy::of([statements()[1].clone()]));
            live.cors = vec![rule(Some("site"), "https://app.example")];
        },
        expect![[r#"
            ~ set the policy of
                policy: Allow s3:GetObject on *, Principal {"AWS":["*"]} → Deny s3:* on arn:aws:s3:::app-uploads, arn:aws:s3:::app-uploads/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}; Allow s3:GetObject on *, Principal {"AWS":["*"]}
            ~ block public access to
                public_access: not all blocked → blocked
                (S3 serves it as a website, and then refuses visitors without credentials)
            ~ enforce ownership of
                ownership: BucketOwnerPreferred → BucketOwnerEnforced
                (ACLs of the bucket and its objects, which may let others in, cease to count)
            ~ encrypt
                encryption: AES256
            ~ set CORS of
                cors.origins: https://app.example
                cors.methods: POST, PUT
                cors.headers: *
                cors.exposed: ETag
                cors.max_age: 600s
        "#]],
    );
}

#[test]
fn a_public_statement_that_s3_would_refuse_goes() {
    check(
        |live| live.policy = Some(Policy::of(statements())),
        expect![[r#"
        ~ set the policy of
            policy: Allow s3:DeleteObject* on *, Principal {"AWS":["arn:aws:iam::1:role/CustomS3AutoDeleteObjects"]}; Allow s3:GetObject on *, Principal {"AWS":["*"]}; Allow s3:ListBucket on *, Principal {"AWS":["123456789012"]} → Deny s3:* on arn:aws:s3:::app-uploads, arn:aws:s3:::app-uploads/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}; Allow s3:DeleteObject* on *, Principal {"AWS":["arn:aws:iam::1:role/CustomS3AutoDeleteObjects"]}; Allow s3:ListBucket on *, Principal {"AWS":["123456789012"]}
    "#]],
    );
}

#[test]
fn stackctl_finds_its_own_cors_rule_by_its_id() {
    check(
        |live| {
            let own = rule(Some("stackctl"), "https://old.example");
            live.cors = vec![rule(Some("a"), "https://a.example"), own, rule(None, "*")];
        },
        expect![[r#"
            ~ set CORS of
                cors.origins: https://old.example → https://app.example
                cors.methods: GET → POST, PUT
                cors.headers:  → *
                cors.exposed:  → ETag
                cors.max_age: unset → 600s
        "#]],
    );
    let live = Live { cors: vec![cors::rule(&desired_cors()).unwrap(), rule(None, "*")], ..adopted() };
    let without = Bucket { cors: None, ..bucket() };
    let actions = without.diff(Some(&live), &Known::default());
    let [Action::ChangeCors(change)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(change.rules().unwrap(), [rule(None, "*")]);
}

/// What a live bucket has from others, in order.
#[derive(Debug, PartialEq)]
struct Others {
    statements: Vec<Value>,
    cors: Vec<CorsRule>,
    lifecycle: Vec<aws_sdk_s3::types::LifecycleRule>,
    tags: Tags,
    is_encrypted_by_kms: bool,
    versioning: Option<BucketVersioningStatus>,
}

fn others(live: &Live, desired: &Bucket) -> Others {
    let of = |statement: &&Value| {
        statements().contains(statement) && !(live.private && open::is_public(statement))
    };
    Others {
        statements: live.policy.iter().flat_map(|it| it.statements()).filter(of).cloned().collect(),
        cors: live.cors.iter().filter(|it| it.id() != Some("stackctl")).cloned().collect(),
        lifecycle: live.kept.foreign_rules().into_iter().cloned().collect(),
        tags: live.tags.without_owner(),
        is_encrypted_by_kms: live.encryption.as_deref() == Some("aws:kms"),
        versioning: live.kept.versioning.clone().filter(|_| !desired.lifecycle.versioning),
    }
}

/// The live bucket after an action.
fn after(action: &Action, mut live: Live, desired: &Bucket) -> Live {
    match action {
        Action::Create => unreachable!("it is there"),
        Action::SetTags { from: _, to } => live.tags.clone_from(to),
        Action::BlockPublicAccess { .. } => (live.private, live.blocks_policies) = (true, true),
        Action::EnforceOwnership { .. } => live.ownership = Some(super::OWNERSHIP.to_owned()),
        Action::Encrypt { .. } => live.encryption = Some(super::ENCRYPTION.to_owned()),
        Action::SetPolicy { from: _, to } => {
            let refused = live.blocks_policies && to.statements().iter().any(open::is_public);
            assert!(!refused, "S3 refuses {}", to.document());
            live.policy = Some(to.clone());
        }
        Action::ChangeCors(change) => live.cors = change.rules().unwrap(),
        Action::EnableVersioning { .. } => live.kept.versioning = Some(BucketVersioningStatus::Enabled),
        Action::SetLifecycle { .. } => live.kept.rules = live.kept.with(desired.lifecycle),
    }
    live
}

/// Each combination of what a bucket may have from others, with each of some desired buckets.
#[test]
fn after_all_actions_others_have_what_they_had() {
    const PARTS: u32 = 12;
    for bits in 0..(1_u32 << PARTS) {
        let has = |part: u32| bits & (1 << part) != 0;
        let own = applied();
        let mut live = adopted();
        live.private = has(0);
        live.blocks_policies = has(0);
        let all = statements().into_iter().zip([has(1), has(2), has(3)]);
        let theirs = Policy::of([]).with(&Policy::of(all.filter_map(|(it, is)| is.then_some(it))));
        live.policy = Some(if has(4) { theirs.with(own.policy.as_ref().unwrap()) } else { theirs });
        let rules = [
            (has(5), rule(Some("site"), "https://site.example")),
            (has(6), rule(Some("stackctl"), "https://old.example")),
            (has(7), rule(None, "*")),
        ];
        live.cors = rules.into_iter().filter_map(|(is, rule)| is.then_some(rule)).collect();
        let own_rules = lifecycle::rules(bucket().lifecycle).into_iter().filter(|_| has(8));
        live.kept = Kept {
            rules: own_rules.chain(has(9).then(foreign_rule)).collect(),
            versioning: has(10).then_some(BucketVersioningStatus::Suspended),
            ..Kept::default()
        };
        live.encryption = Some(if has(11) { "aws:kms" } else { "AES256" }.to_owned());
        live.tags.0.insert("team".to_owned(), "photos".to_owned());
        for desired in [bucket(), Bucket { cors: None, ..bucket() }, expiring(true)] {
            let before = others(&live, &desired);
            let actions = desired.diff(Some(&live), &Known::default());
            let now = actions.iter().fold(live.clone(), |live, action| after(action, live, &desired));
            let after = others(&Live { private: live.private, ..now.clone() }, &desired);
            assert_eq!(before, after, "{bits:b} {actions:?}");
            let left = desired.diff(Some(&now), &Known::default());
            assert!(left.is_empty(), "{bits:b} {left:?}");
        }
    }
}
