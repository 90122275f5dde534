//! A plan as Markdown, for comments on GitHub.

mod text;

use self::text::{attribute, code, diff, indented};
use crate::{
    outcome::{Outcome, tally},
    target::Target,
};
use stackctl_engine::{Exposure, FieldChange, Plan, Step, Verb, plan::Entry};

/// The most bytes of a plan. A comment on GitHub holds 65,536 characters; the rest is for what others put around it.
const MOST: usize = 60_000;

/// The plan of a stack: a marker, the counts, what needs attention, and the resources in a folded part. Whole resources
/// are left out where the text would exceed the size of a comment.
pub fn text(target: &Target, env: Option<&str>, plan: &Plan) -> String {
    let Target { stack, region, account, endpoint, open } = target;
    let at = endpoint.as_ref().map(|it| format!(" at {}", code(it))).unwrap_or_default();
    let with_env = env.map(|it| format!(", environment {}", code(it))).unwrap_or_default();
    let mut text = format!(
        "<!-- stackctl plan stack=\"{}\" env=\"{}\" -->\n### Stack {}{with_env}\n\n{}\n\nin {}, account {}{at}\n",
        attribute(stack),
        attribute(env.unwrap_or_default()),
        code(stack),
        headline(plan),
        code(region),
        code(account),
    );
    let mut room = MOST.saturating_sub(text.len());
    let risks: Vec<String> = plan.entries.iter().map(risks).filter(|it| !it.is_empty()).collect();
    let exposures = plan.exposures.iter().map(|(address, Exposure { what, close })| {
        format!("! {}\n  {}\n", indented(&format!("{address}: {what}")), indented(close))
    });
    let opens = open.iter().map(|what| format!("! {}\n", indented(what)));
    let resources: Vec<String> = plan.entries.iter().map(resource).collect();
    section("**Deleted, replaced or not done**", risks, &mut room, &mut text);
    section(
        "**Open in AWS, not in the file, and not changed by apply**",
        exposures.collect(),
        &mut room,
        &mut text,
    );
    section("**Opened by the file**", opens.collect(), &mut room, &mut text);
    if !resources.is_empty() {
        text += "\n<details><summary>All resources of the plan</summary>\n";
        section("", resources, &mut room, &mut text);
        text += "\n</details>\n";
    }
    text
}

fn headline(plan: &Plan) -> String {
    if !plan.entries.is_empty() {
        return format!("**{}.**", tally(plan, Outcome::future));
    }
    match plan.exposures.len() {
        0 => "**No differences.** AWS matches the file.".to_owned(),
        1 => "**Nothing to do, but one exposed setting is not in the file.**".to_owned(),
        some => format!("**Nothing to do, but {some} exposed settings are not in the file.**"),
    }
}

/// Adds the blocks that there is room for, and the number of the others.
fn section(title: &str, blocks: Vec<String>, room: &mut usize, text: &mut String) {
    let all = blocks.len();
    let mut shown = String::new();
    let mut count = 0;
    for block in blocks {
        // The fences may be as long as a block, which is then nothing but backticks.
        let needed = diff(&format!("{shown}{block}")).len();
        if needed > *room {
            break;
        }
        shown += &block;
        count += 1;
    }
    if all > 0 && !title.is_empty() {
        *text += &format!("\n{title}\n");
    }
    if count > 0 {
        let block = diff(&shown);
        *room -= block.len();
        *text += &format!("\n{block}");
    }
    if count < all {
        *text += &format!("\n{} more are not shown, because a comment is limited in size.\n", all - count);
    }
}

/// The lines of a resource that a reader must not miss: a deletion, a replacement, a refusal, and every note.
fn risks(entry: &Entry) -> String {
    let outcome = Outcome::of(entry);
    let deletes = |step: &Step| matches!(step.verb, Verb::Delete | Verb::DeletePart(_));
    let word = match outcome {
        Outcome::Created | Outcome::Changed if entry.steps.iter().any(deletes) => {
            "deleted in part or replaced"
        }
        Outcome::Created | Outcome::Changed | Outcome::Kept | Outcome::Used => "",
        Outcome::Deleted if entry.steps.iter().any(|step| step.verb == Verb::Create) => "replaced",
        Outcome::Deleted => "deleted",
        Outcome::Skipped => "left out",
        Outcome::Refused => "refused",
    };
    let mut lines = String::new();
    for Step { verb, changes: _, note } in &entry.steps {
        match verb {
            Verb::Skip { why } | Verb::Refuse { why } => lines += &format!("  {}\n", indented(why)),
            Verb::DeletePart(label) => lines += &format!("  {}\n", label.action),
            Verb::Create
            | Verb::Update(_)
            | Verb::Delete
            | Verb::CreatePart(_)
            | Verb::Keep { .. }
            | Verb::Use => {}
        }
        if let Some(note) = note {
            lines += &format!("  {}\n", indented(note));
        }
    }
    if word.is_empty() && lines.is_empty() {
        return lines;
    }
    let word = if word.is_empty() { String::new() } else { format!(": {word}") };
    format!("{} {}{word}\n{lines}", sign(outcome), indented(&entry.address.to_string()))
}

/// The sign that GitHub colours as the terminal does.
fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Changed => "!",
        Outcome::Kept | Outcome::Used => " ",
        Outcome::Created | Outcome::Deleted | Outcome::Skipped | Outcome::Refused => outcome.sign(),
    }
}

fn described(verb: &Verb) -> String {
    match verb {
        Verb::Keep { why } | Verb::Skip { why } | Verb::Refuse { why } => why.clone(),
        Verb::Use => "exists already; stackctl changes nothing of it".to_owned(),
        Verb::Create | Verb::Delete | Verb::Update(_) | Verb::CreatePart(_) | Verb::DeletePart(_) => {
            verb.label().action.to_owned()
        }
    }
}

fn resource(entry: &Entry) -> String {
    let outcome = Outcome::of(entry);
    let head = format!("{}  {}", entry.address, entry.name);
    let mut text = format!("{} {} ({})\n", sign(outcome), indented(&head), outcome.future());
    for Step { verb, changes, note: _ } in &entry.steps {
        let whole = matches!(verb, Verb::Create | Verb::Delete)
            || (outcome == Outcome::Created && !changes.is_empty());
        if !whole {
            text += &format!("    ({})\n", indented(&described(verb)));
        }
        for FieldChange { field, from, to } in changes {
            let is_mechanical = outcome == Outcome::Created && field.starts_with("tags.stackctl:");
            match (from, to) {
                (_, _) if is_mechanical => {}
                (None, Some(to)) => text += &format!("+     {}: {}\n", indented(field), indented(to)),
                (Some(from), None) => text += &format!("-     {}: {}\n", indented(field), indented(from)),
                (Some(from), Some(to)) => {
                    text += &format!("-     {}: {}\n", indented(field), indented(from));
                    text += &format!("+     {}: {}\n", indented(field), indented(to));
                }
                (None, None) => {}
            }
        }
    }
    text + "\n"
}

#[cfg(test)]
mod tests;
