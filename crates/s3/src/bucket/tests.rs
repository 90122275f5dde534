mod adopted;

use aws_sdk_s3::types::{
    BucketVersioningStatus, ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter, Tag,
};
use expect_test::{Expect, expect};
use stackctl_aws_data::{
    account::Arn,
    desired::bucket::{Cors, Lifecycle},
    policy::Policy,
};
use stackctl_engine::plan::text as plan_text;

use super::*;

fn set(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|it| (*it).to_owned()).collect()
}

fn cors() -> Cors {
    Cors {
        origins: set(&["https://app.example"]),
        methods: set(&["POST", "PUT"]),
        headers: set(&["*"]),
        exposed: set(&["ETag"]),
        max_age: Some(600),
    }
}

const LIFECYCLE: Lifecycle = Lifecycle { versioning: false, expire: None, abort_unfinished: 7 };

fn bucket() -> Bucket {
    Bucket {
        name: "app-uploads".to_owned(),
        arn: Arn("arn:aws:s3:::app-uploads".to_owned()),
        cors: Some(cors()),
        tags: Tags::desired("app", "bucket.uploads", &BTreeMap::new()),
        lifecycle: LIFECYCLE,
        on_destroy: OnDestroy::Refuse,
    }
}

/// The bucket after an apply.
fn applied() -> Live {
    let bucket = bucket();
    let kept = Kept { rules: lifecycle::rules(bucket.lifecycle), ..Kept::default() };
    let policy = Some(policy::tls_only(&bucket.arn));
    Live { policy, cors: vec![cors::rule(&cors()).unwrap()], kept, ..Live::as_created(&bucket) }
}

fn check(desired: &Bucket, live: Option<&Live>, expected: Expect) {
    expected.assert_eq(&plan_text::steps(desired, live));
}

/// The steps for a bucket that was changed outside stackctl.
fn check_drift(change: impl FnOnce(&mut Live), expected: Expect) {
    let mut live = applied();
    change(&mut live);
    check(&bucket(), Some(&live), expected);
}

#[test]
fn creation() {
    check(
        &bucket(),
        None,
        expect![[r#"
            + create
                public_access: blocked
                ownership: BucketOwnerEnforced
                encryption: AES256
                tags.stackctl:address: bucket.uploads
                tags.stackctl:stack: app
            ~ set the policy of
                policy: Deny s3:* on arn:aws:s3:::app-uploads, arn:aws:s3:::app-uploads/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}
            ~ set CORS of
                cors.origins: https://app.example
                cors.methods: POST, PUT
                cors.headers: *
                cors.exposed: ETag
                cors.max_age: 600s
            ~ set the lifecycle of
                abort_unfinished: deletes the parts of unfinished uploads 7 days after their start
        "#]],
    );
}

#[test]
fn creation_without_cors() {
    check(
        &Bucket { cors: None, ..bucket() },
        None,
        expect![[r#"
            + create
                public_access: blocked
                ownership: BucketOwnerEnforced
                encryption: AES256
                tags.stackctl:address: bucket.uploads
                tags.stackctl:stack: app
            ~ set the policy of
                policy: Deny s3:* on arn:aws:s3:::app-uploads, arn:aws:s3:::app-uploads/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}
            ~ set the lifecycle of
                abort_unfinished: deletes the parts of unfinished uploads 7 days after their start
        "#]],
    );
}

#[test]
fn nothing_to_do() {
    check_drift(|_| {}, expect![[""]]);
    // What destroy does with objects is no setting of the bucket.
    check(&Bucket { on_destroy: OnDestroy::Keep, ..bucket() }, Some(&applied()), expect![[""]]);
}

#[test]
fn opened() {
    check_drift(
        |live| live.private = false,
        expect![[r#"
        ~ block public access to
            public_access: not all blocked → blocked
    "#]],
    );
    check_drift(
        |live| live.ownership = Some("ObjectWriter".to_owned()),
        expect![[r#"
        ~ enforce ownership of
            ownership: ObjectWriter → BucketOwnerEnforced
    "#]],
    );
    check_drift(
        |live| live.ownership = None,
        expect![[r#"
        ~ enforce ownership of
            ownership: BucketOwnerEnforced
    "#]],
    );
    check_drift(
        |live| live.encryption = Some("aws:kms".to_owned()),
        expect![[r#"
        ~ encrypt
            encryption: aws:kms → AES256
    "#]],
    );
    check_drift(
        |live| live.encryption = None,
        expect![[r#"
        ~ encrypt
            encryption: AES256
    "#]],
    );
}

#[test]
fn policy() {
    check_drift(
        |live| live.policy = None,
        expect![[r#"
        ~ set the policy of
            policy: Deny s3:* on arn:aws:s3:::app-uploads, arn:aws:s3:::app-uploads/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}
    "#]],
    );
    let public = r#"{ "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" }] }"#;
    check_drift(
        |live| live.policy = Some(Policy::parse(public).unwrap()),
        expect![[r#"
        ~ set the policy of
            policy: Allow s3:GetObject on *, Principal {"AWS":["*"]} → Deny s3:* on arn:aws:s3:::app-uploads, arn:aws:s3:::app-uploads/*, Principal {"AWS":["*"]}, Condition {"Bool":{"aws:SecureTransport":["false"]}}
    "#]],
    );
}

#[test]
fn cors_changed_in_the_file() {
    let check_cors = |cors, expected| check(&Bucket { cors, ..bucket() }, Some(&applied()), expected);
    check_cors(
        Some(Cors { origins: set(&["*"]), ..cors() }),
        expect![[r#"
        ~ set CORS of
            cors.origins: https://app.example → *
    "#]],
    );
    check_cors(
        Some(Cors { methods: set(&["GET", "PUT"]), max_age: None, ..cors() }),
        expect![[r#"
        ~ set CORS of
            cors.methods: POST, PUT → GET, PUT
            cors.max_age: 600s → unset
    "#]],
    );
    check_cors(
        None,
        expect![[r#"
        ~ delete CORS of
            cors.origins: https://app.example → gone
            cors.methods: POST, PUT → gone
            cors.headers: * → gone
            cors.exposed: ETag → gone
            cors.max_age: 600s → gone
    "#]],
    );
}

#[test]
fn cors_changed_outside() {
    check_drift(
        |live| live.cors.clear(),
        expect![[r#"
        ~ set CORS of
            cors.origins: https://app.example
            cors.methods: POST, PUT
            cors.headers: *
            cors.exposed: ETag
            cors.max_age: 600s
    "#]],
    );
    check_drift(
        |live| live.cors.push(cors::rule(&Cors { origins: set(&["*"]), ..cors() }).unwrap()),
        expect![[r#"
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
fn tags() {
    check_drift(
        |live| {
            let tags = [("stackctl:stack", "app"), ("stackctl:address", "bucket.old"), ("owner", "ops")];
            live.tags = Tags::read(tags);
        },
        expect![[r#"
            ~ set tags of
                tags.owner: ops → gone
                tags.stackctl:address: bucket.old → bucket.uploads
        "#]],
    );
}

fn expiring(versioning: bool) -> Bucket {
    Bucket { lifecycle: Lifecycle { versioning, expire: Some(365), abort_unfinished: 1 }, ..bucket() }
}

/// A rule that is not stackctl's.
fn foreign_rule() -> LifecycleRule {
    LifecycleRule::builder()
        .id("a day")
        .status(ExpirationStatus::Enabled)
        .filter(
            LifecycleRuleFilter::builder().tag(Tag::builder().key("a").value("b").build().unwrap()).build(),
        )
        .expiration(LifecycleExpiration::builder().days(1).build())
        .build()
        .unwrap()
}

#[test]
fn versioning() {
    let desired = Bucket { lifecycle: Lifecycle { versioning: true, ..LIFECYCLE }, ..bucket() };
    check(
        &desired,
        Some(&applied()),
        expect![[r#"
        ~ turn on versioning of
            versioning: on
    "#]],
    );
    let mut live = applied();
    live.kept.versioning = Some(BucketVersioningStatus::Suspended);
    check(
        &desired,
        Some(&live),
        expect![[r#"
        ~ turn on versioning of
            versioning: suspended → on
    "#]],
    );
    live.kept.versioning = Some(BucketVersioningStatus::Enabled);
    check(&desired, Some(&live), expect![[""]]);
    // It can't be undone, only suspended: that is an exposure.
    check(&bucket(), Some(&live), expect![[""]]);
}

#[test]
fn expiry() {
    check(
        &expiring(false),
        Some(&applied()),
        expect![[r#"
        ~ set the lifecycle of
            abort_unfinished: deletes the parts of unfinished uploads 7 days after their start → deletes the parts of unfinished uploads 1 day after their start
            expire: deletes objects 365 days after their upload
    "#]],
    );
    check(
        &expiring(true),
        Some(&applied()),
        expect![[r#"
        ~ turn on versioning of
            versioning: on
        ~ set the lifecycle of
            abort_unfinished: deletes the parts of unfinished uploads 7 days after their start → deletes the parts of unfinished uploads 1 day after their start
            expire: deletes objects 365 days after their upload, deletes versions 365 days after they were replaced
            expire_markers: deletes delete markers that hide nothing
    "#]],
    );
    let mut live = applied();
    live.kept.rules = lifecycle::rules(expiring(false).lifecycle);
    check(
        &bucket(),
        Some(&live),
        expect![[r#"
        ~ set the lifecycle of
            abort_unfinished: deletes the parts of unfinished uploads 1 day after their start → deletes the parts of unfinished uploads 7 days after their start
            expire: deletes objects 365 days after their upload → gone
    "#]],
    );
}

#[test]
fn lifecycle_changed_outside() {
    check_drift(
        |live| live.kept.rules.clear(),
        expect![[r#"
        ~ set the lifecycle of
            abort_unfinished: deletes the parts of unfinished uploads 7 days after their start
    "#]],
    );
    check_drift(|live| live.kept.rules.push(foreign_rule()), expect![[""]]);
    check_drift(
        |live| live.kept.rules[0].status = ExpirationStatus::Disabled,
        expect![[r#"
        ~ set the lifecycle of
            abort_unfinished: deletes the parts of unfinished uploads 7 days after their start, turned off → deletes the parts of unfinished uploads 7 days after their start
    "#]],
    );
    check_drift(
        |live| live.kept.rules[0].filter = Some(LifecycleRuleFilter::builder().prefix("a/").build()),
        expect![[r#"
            ~ set the lifecycle of
                abort_unfinished: deletes the parts of unfinished uploads 7 days after their start, below a/ → deletes the parts of unfinished uploads 7 days after their start
        "#]],
    );
    // The same meaning in other forms (S3-80).
    check_drift(
        |live| live.kept.rules[0].filter = Some(LifecycleRuleFilter::builder().prefix("").build()),
        expect![[""]],
    );
    check_drift(
        |live| {
            live.kept.rules[0].expiration = Some(LifecycleExpiration::builder().days(1).build());
        },
        expect![[r#"
            ~ set the lifecycle of
                abort_unfinished: deletes objects 1 day after their upload, deletes the parts of unfinished uploads 7 days after their start → deletes the parts of unfinished uploads 7 days after their start
        "#]],
    );
}

#[test]
fn rules_of_others_are_kept() {
    let kept = Kept {
        rules: [lifecycle::rules(bucket().lifecycle), vec![foreign_rule()]].concat(),
        ..Kept::default()
    };
    let with = kept.with(expiring(true).lifecycle);
    let ids: Vec<_> = with.iter().filter_map(|it| it.id()).collect();
    let own = ["stackctl-abort-unfinished", "stackctl-expire", "stackctl-expire-markers"];
    assert_eq!(ids, [&["a day"], &own[..]].concat());
    assert_eq!(with[0], foreign_rule());
}

#[test]
#[expect(deprecated, reason = "rules of others may have this form")]
fn all_rules_have_one_form() {
    let mut old = foreign_rule();
    old.filter = None;
    old.prefix = Some("logs/".to_owned());
    let kept = Kept { rules: vec![old.clone()], ..Kept::default() };
    let with = kept.with(expiring(false).lifecycle);
    assert_eq!(with[0], old);
    assert!(with[1..].iter().all(|it| it.filter.is_none() && it.prefix.as_deref() == Some("")));
    let live = Live { kept: Kept { rules: with, ..Kept::default() }, ..applied() };
    check(&expiring(false), Some(&live), expect![[""]]);
}
