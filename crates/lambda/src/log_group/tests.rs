use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use stackctl_engine::plan::text as plan_text;

use stackctl_aws_data::account::Arn;

use super::*;

fn group() -> LogGroup {
    LogGroup {
        name: "/aws/lambda/app-presign".to_owned(),
        retention: RetentionDays(30),
        tags: Tags::desired("app", "log_group.presign", &BTreeMap::new()),
    }
}

fn check(desired: &LogGroup, settings: Option<LogGroupSettings>, expected: Expect) {
    let live = settings.map(|settings| Live {
        name: desired.name.clone(),
        arn: Arn("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/app-presign".to_owned()),
        settings,
        has_no_tags: false,
    });
    expected.assert_eq(&plan_text::steps(desired, live.as_ref()));
}

fn applied() -> LogGroupSettings {
    LogGroupSettings { retention: Some(30), ..LogGroupSettings::as_created(&group()) }
}

#[test]
fn creation() {
    check(
        &group(),
        None,
        expect![[r#"
        + create
            tags.stackctl:address: log_group.presign
            tags.stackctl:stack: app
        ~ set the retention of
            log_retention: never expire → 30 days
    "#]],
    );
}

#[test]
fn nothing_to_do() {
    check(&group(), Some(applied()), expect![[""]]);
}

#[test]
fn retention() {
    check(
        &LogGroup { retention: RetentionDays(7), ..group() },
        Some(applied()),
        expect![[r#"
        ~ set the retention of
            log_retention: 30 days → 7 days
    "#]],
    );
}

#[test]
fn made_by_lambda() {
    check(
        &group(),
        Some(LogGroupSettings { retention: None, tags: Tags::default() }),
        expect![[r#"
        ~ set the retention of
            log_retention: never expire → 30 days
        ~ set tags of
            tags.stackctl:address: log_group.presign
            tags.stackctl:stack: app
    "#]],
    );
}

#[test]
fn tags() {
    let mut live = applied();
    live.tags.0.insert("cost".to_owned(), "1".to_owned());
    check(
        &group(),
        Some(live),
        expect![[r#"
        ~ remove tags of
            tags.cost: 1 → gone
    "#]],
    );
}

#[test]
fn an_adopted_group_keeps_tags_and_its_older_events_are_named() {
    let adopted = || {
        let mut tags = applied().tags.of_adopted();
        tags.0.insert("team".to_owned(), "photos".to_owned());
        tags
    };
    let check_from = |retention, expected| {
        check(&group(), Some(LogGroupSettings { retention, tags: adopted() }), expected)
    };
    check_from(Some(30), expect![[""]]);
    check_from(
        Some(7),
        expect![[r#"
        ~ set the retention of
            log_retention: 7 days → 30 days
    "#]],
    );
    check_from(
        None,
        expect![[r#"
        ~ set the retention of
            log_retention: never expire → 30 days
            (CloudWatch Logs deletes events older than 30 days)
    "#]],
    );
    check_from(
        Some(731),
        expect![[r#"
        ~ set the retention of
            log_retention: 731 days → 30 days
            (CloudWatch Logs deletes events older than 30 days)
    "#]],
    );
}
