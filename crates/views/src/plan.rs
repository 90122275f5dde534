//! A plan as text.

use stackctl_engine::{Exposure, FieldChange, Plan, Step, Verb, plan::Entry};

use crate::style::{Ink, Style, visible, width};
use crate::{
    outcome::{Outcome, tally},
    target::Target,
};

/// The text of a plan.
pub fn text(target: &Target, plan: &Plan, style: Style) -> String {
    let Target { stack, region, account, endpoint, open } = target;
    let at = endpoint.as_ref().map(|it| format!(" at {it}")).unwrap_or_default();
    let mut text = format!(
        "{} in {region} (account {account}){at}\n",
        style.paint(Ink::Strong, &format!("stack {stack}"))
    );
    let column = plan.entries.iter().map(|it| width(&it.address.to_string())).max().unwrap_or_default();
    let mut after_details = true;
    for entry in &plan.entries {
        let details = details(entry, style);
        if after_details || !details.is_empty() {
            text.push('\n');
        }
        after_details = !details.is_empty();
        text.push_str(&heading(entry, column, style));
        text.push_str(&details);
    }
    for (at, what) in open.iter().enumerate() {
        let space = if at == 0 { "\n" } else { "" };
        text.push_str(&format!("{space}{} {}\n", style.paint(Ink::Bad, "open:"), visible(what)));
    }
    if !plan.exposures.is_empty() {
        text.push_str(
            "\nNot in the file, and not changed by apply; the command below each line removes it:\n\n",
        );
    }
    for (address, Exposure { what, close }) in &plan.exposures {
        let head = format!("{} ", style.paint(Ink::Bad, "open:"));
        text.push_str(&style.beside(&head, 6, &visible(&format!("{address}: {what}")), None));
        // Commands stay in one line, so that they can be copied.
        text.push_str(&format!("      {}\n", visible(close)));
    }
    if !plan.entries.is_empty() {
        text.push_str(&format!("\n{}.\n", tally(plan, Outcome::future)));
    }
    text
}

/// The message of an apply with nothing to do.
pub fn nothing_to_do(plan: &Plan) -> String {
    match plan.exposures.len() {
        0 => "nothing to do: AWS matches the file".to_owned(),
        1 => "nothing to do, but one exposed setting is not in the file (above)".to_owned(),
        some => format!("nothing to do, but {some} exposed settings are not in the file (above)"),
    }
}

fn heading(entry: &Entry, column: usize, style: Style) -> String {
    let outcome = Outcome::of(entry);
    let address = entry.address.to_string();
    let space = " ".repeat(column.saturating_sub(width(&address)) + 2);
    let name = style.paint(Ink::Faint, &visible(&entry.name));
    let sign = style.paint(outcome.ink(), outcome.sign());
    let line = format!("{sign} {}{space}{name}", style.paint(Ink::Strong, &address));
    format!("{}\n", line.trim_end())
}

/// A line below a resource.
enum Line<'a> {
    Field { change: &'a FieldChange, named: bool },
    Words { ink: Option<Ink>, words: String },
    Advice { ink: Ink, words: String },
}

fn details(entry: &Entry, style: Style) -> String {
    let outcome = Outcome::of(entry);
    let mut lines = Vec::new();
    for Step { verb, changes, note } in &entry.steps {
        match verb {
            Verb::Keep { why } | Verb::Skip { why } | Verb::Refuse { why } => {
                lines.push(Line::Words { ink: None, words: visible(why) })
            }
            Verb::Create | Verb::Delete | Verb::Update(_) | Verb::CreatePart(_) | Verb::DeletePart(_) => {
                // The heading says that the whole resource is created or deleted.
                let whole = matches!(
                    (outcome, verb),
                    (Outcome::Created, Verb::Create | Verb::CreatePart(_))
                        | (Outcome::Deleted, Verb::Delete | Verb::DeletePart(_))
                );
                // The changed fields describe a step; a step without any is described by its label.
                if style.verbose || (changes.is_empty() && !whole) {
                    let words = format!("({})", visible(verb.label().action));
                    lines.push(Line::Words { ink: Some(Ink::Faint), words });
                }
            }
        }
        let mut before = None;
        for change in changes {
            let is_mechanical = outcome == Outcome::Created && change.field.starts_with("tags.stackctl:");
            if style.verbose || !is_mechanical {
                lines.push(Line::Field { change, named: before != Some(&change.field) });
                before = Some(&change.field);
            }
        }
        if let Some(note) = note {
            let ink = if matches!(verb, Verb::Keep { .. }) { Ink::Faint } else { Ink::Bad };
            lines.push(Line::Advice { ink, words: visible(note) });
        }
    }
    let fields = lines.iter().filter_map(|line| match line {
        Line::Field { change, .. } => Some(width(&change.field)),
        Line::Words { .. } | Line::Advice { .. } => None,
    });
    // A very long name does not move all values to the right.
    let column = fields.filter(|it| *it <= 40).max().unwrap_or_default();
    lines.iter().map(|line| set(line, outcome, column, style)).collect()
}

fn set(line: &Line<'_>, outcome: Outcome, column: usize, style: Style) -> String {
    let (FieldChange { field, from, to }, named) = match line {
        Line::Words { ink, words } => return style.beside("    ", 4, words, *ink),
        Line::Advice { ink, words } => return style.advice("    ", 4, words, Some(*ink)),
        Line::Field { change, named } => (change, *named),
    };
    let (sign, ink) = match (from, to) {
        (_, Some(_)) if outcome == Outcome::Created => ("", Ink::Good),
        (None, _) => ("+ ", Ink::Good),
        (Some(_), None) => ("- ", Ink::Bad),
        (Some(_), Some(_)) => ("~ ", Ink::Change),
    };
    let name = if named { visible(field) } else { String::new() };
    let space = " ".repeat(column.saturating_sub(width(&name)) + 2);
    let head = format!("    {}{name}{space}", style.paint(ink, sign));
    let head_width = 4 + sign.len() + width(&name) + space.len();
    let value = |it: &Option<String>| it.as_deref().map(visible).unwrap_or_default();
    let (from, to) = (value(from), value(to));
    if outcome == Outcome::Created && !to.is_empty() {
        return style.beside(&head, head_width, &to, None);
    }
    if from.is_empty() || to.is_empty() {
        return style.beside(&head, head_width, &format!("{from}{to}"), None);
    }
    let both = format!("{from} → {to}");
    let fits = style.width.is_none_or(|all| head_width + width(&both) <= all);
    if fits && !both.contains('\n') {
        return style.beside(&head, head_width, &both, None);
    }
    let arrow = format!("{}→ ", " ".repeat(head_width.saturating_sub(2)));
    style.beside(&head, head_width, &from, None) + &style.beside(&arrow, head_width, &to, None)
}

#[cfg(test)]
mod tests {
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

                Not in the file, and not changed by apply; the command below each line removes it:

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

                + bucket.uploads    demo-uploads-000000000000-eu-west-1
                    public_access  blocked
                    ownership      BucketOwnerEnforced
                    tags.team      web
                    cors.origins   http://localhost:5173

                ~ function.presign  demo-presign
                    ~ memory           128 MB → 256 MB
                    - environment.OLD  1
                    + environment.NEW  2
                    (deploy)

                - role.old          demo-old

                1 to create, 1 to change, 1 to delete.
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

                + bucket.uploads  demo-uploads-000000000000-eu-west-1
                    (create)
                    public_access        blocked
                    ownership            BucketOwnerEnforced
                    tags.stackctl:stack  demo
                    tags.team            web
                    (set CORS)
                    cors.origins         http://localhost:5173

                1 to create.
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
                entry(
                    "bucket",
                    "uploads",
                    "demo-uploads-1",
                    vec![delete.note("deletes 12 objects permanently")],
                ),
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

                - rest_api.uploads  demo-uploads
                - function.presign  demo-presign

                - bucket.uploads    demo-uploads-1
                    deletes 12 objects permanently

                = bucket.kept       demo-kept-1
                    on_destroy is keep

                ! bucket.full       demo-full-1
                    it holds objects
                    say --empty-buckets

                3 to delete, 1 to keep, 1 refused.
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
                    vec![skip("it is not this stack's").note(
                        "give the tags back with the command below\naws apigateway tag-resource --tags …",
                    )],
                ),
                entry("function", "presign", "demo-presign", vec![code, skip("needs rest_api.uploads")]),
            ],
            Style { width: Some(30), ..Style::default() },
            expect![[r#"
                stack demo in eu-west-1 (account 000000000000)

                ! rest_api.uploads  demo-uploads
                    it is not this stack's
                    give the tags back with
                    the command below
                    aws apigateway tag-resource --tags …

                ~ function.presign  demo-presign
                    (set the code)
                    needs rest_api.uploads

                1 to change, 1 left out.
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
            Style { width: Some(60), ..Style::default() },
            expect![[r#"
                stack demo in eu-west-1 (account 000000000000)

                ~ role.presign  demo-presign
                    + policy  Allow s3:PutObject on
                              arn:aws:s3:::demo-uploads/*
                    +         Allow logs:PutLogEvents
                    ~ role    arn:aws:iam::000000000000:role/stackctl/demo/d
                              emo-presign
                            → arn:aws:iam::000000000000:role/stackctl/demo/d
                              emo-other

                1 to change.
            "#]],
        );
    }

    #[test]
    fn values_of_the_cloud_do_not_reach_the_terminal_unread() {
        let step = Step::update("set tags", "of").change("tags.a", some("\u{1b}[31mred"), some("two\nlines"));
        check(
            vec![entry("bucket", "b", "b", vec![step])],
            Style::default(),
            expect![[r#"
                stack demo in eu-west-1 (account 000000000000)

                ~ bucket.b  b
                    ~ tags.a  \u{1b}[31mred
                            → two
                              lines

                1 to change.
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

                [1m[31m-[0m [1mrole.old[0m  [2mdemo-old[0m

                1 to delete.
            "#]],
        );
    }
}
