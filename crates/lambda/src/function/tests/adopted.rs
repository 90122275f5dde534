//! An adopted function keeps the variables of others.

use expect_test::{Expect, expect};
use stackctl_engine::plan::text as plan_text;

use super::{super::Live, applied, function};

fn check(change: impl FnOnce(&mut Live), expected: Expect) {
    let (function, known) = function();
    let mut live = applied(&function);
    live.tags = live.tags.of_adopted();
    change(&mut live);
    expected.assert_eq(&plan_text::steps_with(&function, Some(&live), &known));
    let variables = function.variables(&live);
    for (name, value) in &live.settings.environment {
        assert_eq!(variables.get(name), function.settings.environment.get(name).or(Some(value)));
    }
    assert!(function.settings.environment.iter().all(|(name, value)| variables.get(name) == Some(value)));
}

#[test]
fn variables_of_others_are_no_difference() {
    check(
        |live| drop(live.settings.environment.insert("TABLE".to_owned(), "photos".to_owned())),
        expect![[""]],
    );
}

#[test]
fn those_of_the_file_go_before_theirs() {
    check(
        |live| {
            let variables = &mut live.settings.environment;
            variables.insert("TABLE".to_owned(), "photos".to_owned());
            variables.insert("TOKEN".to_owned(), "theirs".to_owned());
            variables.remove("BUCKET_UPLOADS");
        },
        expect![[r#"
            ~ configure
                environment.BUCKET_UPLOADS: app-uploads
                environment.TOKEN: (hidden) → (hidden, new value)
        "#]],
    );
}
