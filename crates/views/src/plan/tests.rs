//! Plans as text.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use stackctl_engine::Address;

use super::*;

fn entry(kind: &'static str, name: &str, in_aws: &str, steps: Vec<Step>) -> Entry {
    Entry { address: Address { kind, name: name.to_owned() }, name: in_aws.to_owned(), steps }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn bucket() -> Entry {
    let tags: BTreeMap<String, String> = [("stackctl:stack", "demo"), ("team", "web")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let create = Step::create()
        .change("public_access", None, some("blocked"))
        .change("ownership", None, some("BucketOwnerEnforced"))
        .changes("tags", &BTreeMap::new(), &tags);
    let cors = Step::update("set CORS", "of").change("cors.origins", None, some("http://localhost:5173"));
    entry("bucket", "uploads", "demo-uploads-000000000000-eu-west-1", vec![create, cors])
}

fn function() -> Entry {
    let settings = Step::update("set the settings", "of")
        .change("memory", some("128 MB"), some("256 MB"))
        .change("environment.OLD", some("1"), None)
        .change("environment.NEW", None, some("2"));
    entry("function", "presign", "demo-presign", vec![settings, Step::update("deploy", "")])
}

fn check(entries: Vec<Entry>, style: Style, expected: Expect) {
    check_all(entries, Vec::new(), style, expected);
}

fn check_all(entries: Vec<Entry>, exposures: Vec<(Address, Exposure)>, style: Style, expected: Expect) {
    let target = Target {
        stack: "demo".to_owned(),
        region: "eu-west-1".to_owned(),
        account: "000000000000".to_owned(),
        endpoint: None,
        open: Vec::new(),
    };
    expected.assert_eq(&text(&target, &Plan { entries, exposures }, style));
}

#[test]
fn what_is_open_and_the_command_that_closes_it() {
    let exposure = Exposure {
        what: "anyone on the internet may call it by its function URL, without signing in".to_owned(),
        close: "aws lambda delete-function-url-config --function-name demo-presign --region eu-west-1"
            .to_owned(),
    };
    let address = Address { kind: "function", name: "presign".to_owned() };
    check_all(
        Vec::new(),
        vec![(address, exposure)],
        Style { width: Some(60), ..Style::default() },
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Not in the file, and not changed by apply; the command
            below each line removes it:

            open: function.presign: anyone on the internet may call it
                  by its function URL, without signing in
                  aws lambda delete-function-url-config --function-name demo-presign --region eu-west-1
        "#]],
    );
}

#[test]
fn created_changed_and_deleted() {
    let old = entry("role", "old", "demo-old", vec![Step::new(Verb::Delete)]);
    check(
        vec![bucket(), function(), old],
        Style::default(),
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 1 to create, 1 to change, 1 to delete

            - role.old          demo-old
            ~ function.presign  memory 128 MB → 256 MB, -environment.OLD 1, +environment.NEW 2, deploy
            + bucket.uploads    demo-uploads-000000000000-eu-west-1

            -v shows every setting.
        "#]],
    );
}

#[test]
fn more_is_told_when_asked() {
    check(
        vec![bucket()],
        Style { verbose: true, ..Style::default() },
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 1 to create

            + bucket.uploads  demo-uploads-000000000000-eu-west-1
                (create)
                public_access        blocked
                ownership            BucketOwnerEnforced
                tags.stackctl:stack  demo
                tags.team            web
                (set CORS)
                cors.origins         http://localhost:5173
        "#]],
    );
}

#[test]
fn a_destroy_with_what_is_lost_kept_and_refused() {
    let delete = Step::new(Verb::Delete);
    check(
        vec![
            entry("rest_api", "uploads", "demo-uploads", vec![delete.clone()]),
            entry("function", "presign", "demo-presign", vec![delete.clone()]),
            entry("bucket", "uploads", "demo-uploads-1", vec![delete.note("deletes 12 objects permanently")]),
            entry(
                "bucket",
                "kept",
                "demo-kept-1",
                vec![Step::new(Verb::Keep { why: "on_destroy is keep".to_owned() })],
            ),
            entry(
                "bucket",
                "full",
                "demo-full-1",
                vec![Step::refuse("it holds objects").note("say --empty-buckets")],
            ),
        ],
        Style::default(),
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 3 to delete, 1 to keep, 1 refused

            ! bucket.full       demo-full-1
                it holds objects
                say --empty-buckets

            - rest_api.uploads  demo-uploads
            - function.presign  demo-presign

            - bucket.uploads    demo-uploads-1
                deletes 12 objects permanently

            = bucket.kept       demo-kept-1
                on_destroy is keep
        "#]],
    );
}

#[test]
fn what_is_left_out_and_what_needs_it() {
    let skip = |why: &str| Step::new(Verb::Skip { why: why.to_owned() });
    let code = Step::update("set the code", "of");
    check(
        vec![
            entry(
                "rest_api",
                "uploads",
                "demo-uploads",
                vec![
                    skip("it is not this stack's").note(
                        "give the tags back with the command below\naws apigateway tag-resource --tags …",
                    ),
                ],
            ),
            entry("function", "presign", "demo-presign", vec![code, skip("needs rest_api.uploads")]),
        ],
        Style { width: Some(30), ..Style::default() },
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 1 to change, 1 left out

            ! rest_api.uploads  demo-uploads
                it is not this stack's
                give the tags back with
                the command below
                aws apigateway tag-resource --tags …

            ~ function.presign  set the code
                needs rest_api.uploads

            -v shows every setting.
        "#]],
    );
}

#[test]
fn a_narrow_terminal_and_long_values() {
    let long = "arn:aws:iam::000000000000:role/stackctl/demo/demo-presign";
    let policy = Step::update("set the policy", "of")
        .change("policy", None, some("Allow s3:PutObject on arn:aws:s3:::demo-uploads/*"))
        .change("policy", None, some("Allow logs:PutLogEvents"))
        .change("role", some(long), some(&long.replace("presign", "other")));
    check(
        vec![entry("role", "presign", "demo-presign", vec![policy])],
        Style { width: Some(60), verbose: true, ..Style::default() },
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 1 to change

            ~ role.presign  demo-presign
                (set the policy)
                + policy  Allow s3:PutObject on
                          arn:aws:s3:::demo-uploads/*
                +         Allow logs:PutLogEvents
                ~ role    arn:aws:iam::000000000000:role/stackctl/demo/d
                          emo-presign
                        → arn:aws:iam::000000000000:role/stackctl/demo/d
                          emo-other
        "#]],
    );
}

#[test]
fn values_of_the_cloud_do_not_reach_the_terminal_unread() {
    let step = Step::update("set tags", "of").change("tags.a", some("\u{1b}[31mred"), some("two\nlines"));
    check(
        vec![entry("bucket", "b", "b", vec![step])],
        Style { verbose: true, ..Style::default() },
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 1 to change

            ~ bucket.b  b
                (set tags)
                ~ tags.a  \u{1b}[31mred
                        → two
                          lines
        "#]],
    );
}

#[test]
fn short_values_of_the_cloud_do_not_either() {
    let step = Step::update("set tags", "of").change("tags.a\r", some("\u{9b}31m"), some("\u{202e}"));
    check(
        vec![entry("bucket", "b", "b", vec![step])],
        Style::default(),
        expect![[r#"
        stack demo in eu-west-1 (account 000000000000)

        Plan: 1 to change

        ~ bucket.b  tags.a\r \u{9b}31m → \u{202e}

        -v shows every setting.
    "#]],
    );
}

#[test]
fn a_line_for_each_resource_in_a_narrow_terminal() {
    let long = "arn:aws:iam::000000000000:role/stackctl/demo/demo-presign";
    let policy = Step::update("set the policy", "of")
        .change("policy", None, some("Allow s3:PutObject on arn:aws:s3:::demo-uploads/*"))
        .change("policy", some("Allow logs:PutLogEvents"), None)
        .change("role", some(long), some(&long.replace("presign", "other")));
    let settings = |count: usize| {
        (0..count).fold(Step::update("configure", ""), |step, at| {
            step.change(&format!("environment.SETTING_{at}"), some("on"), some("off"))
        })
    };
    check(
        vec![
            bucket(),
            entry("role", "presign", "demo-presign", vec![policy]),
            entry("function", "one", "demo-one", vec![settings(1)]),
            entry("function", "two", "demo-two", vec![settings(2)]),
            entry("function", "nine", "demo-nine", vec![settings(9)]),
        ],
        Style { width: Some(60), ..Style::default() },
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 1 to create, 4 to change

            ~ role.presign    policy +1 -1, role
            ~ function.one    environment.SETTING_0 on → off
            ~ function.two    environment.SETTING_0, and 1 more
            ~ function.nine   environment.SETTING_0, and 8 more
            + bucket.uploads  demo-uploads-000000000000-eu-west-1

            -v shows every setting.
        "#]],
    );
}

#[test]
fn limits_are_shown_and_a_part_that_is_deleted_is_in_full() {
    let limits = Step::create()
        .change("memory", None, some("128 MB"))
        .change("environment.MAX_BYTES", None, some("100MB"))
        .change("environment.TOKEN", None, some("(hidden, new value)"))
        .change("environment.URL_EXPIRES", None, some("10s"));
    let limit = Step::update("configure", "").change("environment.MAX_BYTES", some("1MB"), some("2MB"));
    let stage = Step::delete_part("delete a stage", "of").change("stage", some("old"), None);
    let lifecycle = Step::update("set the lifecycle", "of")
        .change(
            "abort_unfinished",
            None,
            some("deletes the parts of unfinished uploads 7 days after their start"),
        )
        .change("expire", None, some("deletes objects 30 days after their upload"));
    check(
        vec![
            entry("bucket", "uploads", "demo-uploads", vec![Step::create(), lifecycle]),
            entry("function", "presign", "demo-presign", vec![limits]),
            entry("function", "other", "demo-other", vec![limit]),
            entry("rest_api", "uploads", "demo-uploads", vec![stage]),
        ],
        Style::default(),
        expect![[r#"
            stack demo in eu-west-1 (account 000000000000)

            Plan: 2 to create, 2 to change

            ~ function.other    environment.MAX_BYTES 1MB → 2MB

            ~ rest_api.uploads  demo-uploads
                - stage  old

            + bucket.uploads    demo-uploads
            + function.presign  demo-presign

            limits: bucket.uploads: deletes objects 30 days after their upload
            limits: function.presign: MAX_BYTES 100MB, URL_EXPIRES 10s

            -v shows every setting.
        "#]],
    );
}

#[test]
fn in_colour() {
    check(
        vec![entry("role", "old", "demo-old", vec![Step::new(Verb::Delete)])],
        Style { colour: true, ..Style::default() },
        expect![[r#"
            [1mstack demo[0m in eu-west-1 (account 000000000000)

            [1mPlan: 1 to delete[0m

            [1m[31m-[0m [1mrole.old[0m  [2mdemo-old[0m
        "#]],
    );
}
