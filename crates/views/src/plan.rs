//! A plan as text.

pub mod markdown;

use stackctl_engine::{Exposure, FieldChange, Plan, Step, Verb, plan::Entry};
use stackctl_stackfile::limits::is_limit;

use crate::{
    changes::summary,
    outcome::{Outcome, tally},
    style::{Ink, Style, shortened, visible, width},
    target::Target,
};

/// The text of a plan: the counts, then deletions and what is left out in full, then a line for each other resource. A
/// verbose style has all resources in full.
pub fn text(target: &Target, plan: &Plan, style: Style) -> String {
    let mut text = title(target, style);
    if !plan.entries.is_empty() {
        let counts = format!("Plan: {}", tally(plan, Outcome::future));
        text += &format!("\n{}\n", style.paint(Ink::Strong, &counts));
    }
    text += &entries(plan, style);
    text += &limits(plan, style);
    text += &open(target, plan, style);
    if plan.entries.iter().any(|entry| !style.verbose && is_shortened(entry)) {
        text += &format!("\n{}\n", style.paint(Ink::Faint, "-v shows every setting."));
    }
    text
}

fn title(target: &Target, style: Style) -> String {
    let Target { stack, region, account, endpoint, open: _ } = target;
    let at = endpoint.as_ref().map(|it| format!(" at {it}")).unwrap_or_default();
    let (stack, place) = (format!("stack {stack}"), format!(" in {region} (account {account})"));
    let fits = style.width.is_none_or(|all| width(&stack) + width(&place) + width(&at) <= all);
    let break_before = if fits || at.is_empty() { "" } else { "\n " };
    format!("{}{place}{break_before}{at}\n", style.paint(Ink::Strong, &stack))
}

/// The resources, those that need attention first.
fn entries(plan: &Plan, style: Style) -> String {
    let mut entries: Vec<&Entry> = plan.entries.iter().collect();
    entries.sort_by_key(|entry| match Outcome::of(entry) {
        Outcome::Refused => 0,
        Outcome::Skipped => 1,
        Outcome::Deleted => 2,
        Outcome::Changed => 3,
        Outcome::Created => 4,
        Outcome::Used => 5,
        Outcome::Kept => 6,
    });
    let column = plan.entries.iter().map(|it| width(&it.address.to_string())).max().unwrap_or_default();
    let mut text = String::new();
    let mut after_details = true;
    for entry in entries {
        let details = details(entry, style);
        if after_details || !details.is_empty() {
            text.push('\n');
        }
        after_details = !details.is_empty();
        text += &heading(entry, column, style);
        text += &details;
    }
    text
}

/// The field of a bucket that says when its objects are deleted.
const EXPIRE: &str = "expire";

/// The limits of new functions and buckets. The line of a changed one has those that change.
fn limits(plan: &Plan, style: Style) -> String {
    let mut text = String::new();
    let new = plan.entries.iter().filter(|it| !style.verbose && Outcome::of(it) == Outcome::Created);
    for Entry { address, name: _, steps } in new {
        let limits =
            steps.iter().flat_map(|step| &step.changes).filter_map(|FieldChange { field, from: _, to }| {
                let to = to.as_deref()?;
                if field == EXPIRE {
                    return Some(to.to_owned());
                }
                let variable = field.strip_prefix("environment.").filter(|it| is_limit(it))?;
                Some(format!("{variable} {to}"))
            });
        let limits: Vec<String> = limits.collect();
        if !limits.is_empty() {
            let space = if text.is_empty() { "\n" } else { "" };
            let limits = visible(&format!("{address}: {}", limits.join(", ")));
            text += &format!("{space}{}", style.beside("limits: ", 8, &limits, None));
        }
    }
    text
}

/// The settings that widen access: those of the file, and those that others made.
fn open(target: &Target, plan: &Plan, style: Style) -> String {
    let head = format!("{} ", style.paint(Ink::Bad, "open:"));
    let mut text = String::new();
    for (at, what) in target.open.iter().enumerate() {
        let space = if at == 0 { "\n" } else { "" };
        text += &format!("{space}{}", style.beside(&head, 6, &visible(what), None));
    }
    if !plan.exposures.is_empty() {
        text += "\n";
        let what = "Not in the file, and not changed by apply; the command below each line removes it:";
        text += &style.beside("", 0, what, None);
        text += "\n";
    }
    for (address, Exposure { what, close }) in &plan.exposures {
        text += &style.beside(&head, 6, &visible(&format!("{address}: {what}")), None);
        // Commands stay in one line, so that they can be copied.
        text += &format!("      {}\n", visible(close));
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
    let sign = style.paint(outcome.ink(), outcome.sign());
    let room = style.width.map(|all| all.saturating_sub(column + 4)).filter(|room| *room >= 20);
    let beside = match outcome {
        Outcome::Changed if !style.verbose && is_shortened(entry) => summary(entry, room),
        Outcome::Created
        | Outcome::Changed
        | Outcome::Deleted
        | Outcome::Kept
        | Outcome::Used
        | Outcome::Skipped
        | Outcome::Refused => {
            let name = visible(&entry.name);
            style.paint(Ink::Faint, &room.map_or(name.clone(), |room| shortened(&name, room)))
        }
    };
    let line = format!("{sign} {}{space}{beside}", style.paint(Ink::Strong, &address));
    format!("{}\n", line.trim_end())
}

/// Whether the resource has one line, unless the style is verbose. What is deleted, left out or refused is always shown
/// in full.
fn is_shortened(entry: &Entry) -> bool {
    let deletes = entry.steps.iter().any(|step| matches!(step.verb, Verb::Delete | Verb::DeletePart(_)));
    match Outcome::of(entry) {
        Outcome::Created | Outcome::Changed => !deletes,
        Outcome::Deleted | Outcome::Kept | Outcome::Used | Outcome::Skipped | Outcome::Refused => false,
    }
}

/// A line below a resource.
enum Line<'a> {
    Field { change: &'a FieldChange, named: bool },
    Words { ink: Option<Ink>, words: String },
    Advice { ink: Ink, words: String },
}

fn details(entry: &Entry, style: Style) -> String {
    let outcome = Outcome::of(entry);
    let shortened = !style.verbose && is_shortened(entry);
    let mut lines = Vec::new();
    for Step { verb, changes, note } in &entry.steps {
        match verb {
            Verb::Keep { why } | Verb::Skip { why } | Verb::Refuse { why } => {
                lines.push(Line::Words { ink: None, words: visible(why) })
            }
            // The heading says it.
            Verb::Use => {}
            Verb::Create | Verb::Delete | Verb::Update(_) | Verb::CreatePart(_) | Verb::DeletePart(_) => {
                // The heading says that the whole resource is created or deleted.
                let whole = matches!(
                    (outcome, verb),
                    (Outcome::Created, Verb::Create | Verb::CreatePart(_))
                        | (Outcome::Deleted, Verb::Delete | Verb::DeletePart(_))
                );
                // The changed fields describe a step; a step without any is described by its label.
                if style.verbose || (changes.is_empty() && !whole && !shortened) {
                    let words = format!("({})", visible(verb.label().action));
                    lines.push(Line::Words { ink: Some(Ink::Faint), words });
                }
            }
        }
        let mut before = None;
        for change in changes {
            let is_mechanical = outcome == Outcome::Created && change.field.starts_with("tags.stackctl:");
            if style.verbose || !(is_mechanical || shortened) {
                lines.push(Line::Field { change, named: before != Some(&change.field) });
                before = Some(&change.field);
            }
        }
        if let Some(note) = note {
            let ink = if matches!(verb, Verb::Keep { .. } | Verb::Use) { Ink::Faint } else { Ink::Bad };
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
mod tests;
