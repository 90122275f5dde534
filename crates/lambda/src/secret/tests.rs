use expect_test::{Expect, expect};
use stackctl_aws_data::tags::Tags;
use stackctl_engine::plan::text as plan_text;

use super::*;

fn secret() -> Secret {
    Secret {
        name: "/stackctl/app/uploads/webhook".to_owned(),
        tags: Tags::desired("app", "secret.uploads-webhook", &BTreeMap::new()),
    }
}

fn check(live: Option<Tags>, expected: Expect) {
    let live = live.map(|tags| Live { name: secret().name, tags });
    expected.assert_eq(&plan_text::steps(&secret(), live.as_ref()));
}

#[test]
fn creation_shows_no_value() {
    check(
        None,
        expect![[r#"
        + create
            value: (random, hidden)
            tags.stackctl:address: secret.uploads-webhook
            tags.stackctl:stack: app
    "#]],
    );
}

#[test]
fn nothing_to_do() {
    check(Some(secret().tags), expect![[""]]);
}

#[test]
fn tags() {
    let mut live = secret().tags;
    live.0.insert("cost".to_owned(), "1".to_owned());
    check(
        Some(live),
        expect![[r#"
        ~ remove tags of
            tags.cost: 1 → gone
    "#]],
    );
}
