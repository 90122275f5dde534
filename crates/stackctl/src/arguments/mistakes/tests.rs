//! Mistyped lines, each with the wished answer.

use super::*;
use crate::arguments::{Arguments, definition};

/// A line, and a part of the advice that it gets; none for a line that is understood.
const LINES: [(&str, Option<&str>); 62] = [
    // Aliases.
    ("deploy", None),
    ("up --yes", None),
    ("diff", None),
    ("preview --check", None),
    ("down", None),
    ("rm -y", None),
    ("delete", None),
    ("apply --auto-approve", None),
    ("destroy --auto-approve", None),
    ("output --format json", None),
    ("check", None),
    ("lint", None),
    ("users ls", None),
    ("user rm ada", None),
    ("user create ada", None),
    ("plan --environment prod", None),
    // Typos of commands.
    ("aply", Some("did you mean `stackctl apply`?")),
    ("appyl", Some("did you mean `stackctl apply`?")),
    ("plna", Some("did you mean `stackctl plan`?")),
    ("paln", Some("did you mean `stackctl plan`?")),
    ("destory", Some("did you mean `stackctl destroy`?")),
    ("outptus", Some("did you mean `stackctl outputs`?")),
    ("depoly", Some("did you mean `stackctl apply`?")),
    ("validat", Some("did you mean `stackctl validate`?")),
    ("veryfy", Some("did you mean `stackctl verify`?")),
    ("pollicy", Some("did you mean `stackctl policy`?")),
    ("locla up", Some("did you mean `stackctl local`?")),
    ("user ad ada", Some("did you mean `stackctl user add`?")),
    ("user lst", Some("did you mean `stackctl user list`?")),
    ("local strat", Some("`stackctl local --help` lists the commands")),
    ("local dwon", Some("did you mean `stackctl local down`?")),
    ("completion zsh", Some("did you mean `stackctl completions`?")),
    // Commands of other tools.
    ("refresh", Some("AWS is the state")),
    ("state list", Some("AWS is the state")),
    ("import bucket.a a", None),
    ("workspace new prod", Some("`--env NAME` chooses one")),
    ("login", Some("`aws sso login`")),
    ("fmt", Some("`stackctl validate` checks it")),
    ("synth", Some("`stackctl plan` shows")),
    ("rollback", Some("`git checkout HEAD~ stack.yaml`")),
    ("add ada", Some("`stackctl user add NAME`")),
    ("xyzzy", Some("`stackctl --help` lists the commands")),
    // Options.
    ("destroy --force", Some("`--yes` skips the question; `--empty-buckets`")),
    ("apply --force", Some("`--yes` skips the question")),
    ("apply -auto-approve", Some("did you mean `--yes`?")),
    ("apply --dry-run", Some("`stackctl plan` shows what apply would do")),
    ("destroy --dry-run", Some("without `--yes` shows what it would delete")),
    ("apply --yse", Some("did you mean `--yes`?")),
    ("apply --target=bucket.a", Some("the whole stack")),
    ("plan --var x=1", Some("under its `envs:`")),
    ("plan --stage prod", Some("`--env NAME`")),
    ("plan --config a.yaml", Some("`--file FILE`")),
    ("apply --stack-name demo", Some("`stack:` in the file")),
    ("plan --no-color", Some("`--color never`")),
    ("plan --debug", Some("`--trace FILE`")),
    ("plan --regoin=eu-west-1", Some("did you mean `--region`?")),
    ("plan --locl", Some("did you mean `--local`?")),
    ("plan --jsn", Some("did you mean `--json`?")),
    ("destroy --empty-bucket", Some("did you mean `--empty-buckets`?")),
    ("user add ada --password x", Some("`--password-stdin`")),
    ("apply prod", Some("`--env prod`")),
    ("apply prod.yaml", Some("`--file prod.yaml`")),
];

#[test]
fn each_has_the_wished_answer() {
    let mut wrong = String::new();
    for (text, wished) in LINES {
        let line: Vec<OsString> =
            ["stackctl"].into_iter().chain(text.split(' ')).map(OsString::from).collect();
        let got = Arguments::read(line.clone()).err();
        let mistake = got.as_ref().and_then(|error| answer(&line, error, definition()));
        let is_wished = match (wished, &got, &mistake) {
            (None, None, _) => true,
            (Some(wished), Some(_), Some(mistake)) => mistake.hint.contains(wished),
            (Some(_) | None, Some(_) | None, Some(_) | None) => false,
        };
        if !is_wished {
            wrong += &format!("{text}: {wished:?}, not {mistake:?} {got:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A suggestion that is far from the word is worse than none.
#[test]
fn nothing_far_is_suggested() {
    for text in ["destroy --force", "aply", "apply --frobnicate"] {
        let line: Vec<OsString> =
            ["stackctl"].into_iter().chain(text.split(' ')).map(OsString::from).collect();
        let error = Arguments::read(line.clone()).unwrap_err();
        let hint = answer(&line, &error, definition()).unwrap().hint;
        assert!(!hint.contains("--trace") && !hint.contains("policy"), "{text}: {hint}");
    }
}
