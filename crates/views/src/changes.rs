//! The changes of a resource in one line.

use stackctl_engine::{FieldChange, Step, Verb, plan::Entry};

use crate::style::{shortened, visible, width};

/// A longer value is left out of the line.
const LONGEST_VALUE: usize = 32;

/// The changes in one line of at most `room` columns: with their values where these fit, else their fields, else as many
/// of them as fit.
pub(crate) fn summary(entry: &Entry, room: Option<usize>) -> String {
    let changes: Vec<Change<'_>> = entry.steps.iter().flat_map(changes).collect();
    let fits = |line: &String| room.is_none_or(|room| width(line) <= room);
    let in_full: Vec<String> = changes.iter().map(Change::in_full).collect();
    let in_short: Vec<String> = changes.iter().map(Change::in_short).collect();
    if let Some(line) = [in_full.join(", "), in_short.join(", ")].into_iter().find(fits) {
        return line;
    }
    let some =
        |count: usize| format!("{}, and {} more", in_short[..count].join(", "), in_short.len() - count);
    let first = || shortened(&in_short.concat(), room.unwrap_or(usize::MAX));
    (1..in_short.len()).rev().map(some).find(fits).unwrap_or_else(first)
}

/// What a step does, in a few words.
enum Change<'a> {
    /// The step has no fields.
    Action(&'static str),
    /// One value of a field.
    Value(&'a FieldChange),
    /// Several values of a field, such as the statements of a policy.
    Values { field: &'a str, added: usize, changed: usize, removed: usize },
}

fn changes(step: &Step) -> Vec<Change<'_>> {
    let Step { verb, changes, note: _ } = step;
    match verb {
        // Resources that are kept, used, skipped or refused have lines of their own.
        Verb::Keep { .. } | Verb::Use | Verb::Skip { .. } | Verb::Refuse { .. } => return Vec::new(),
        Verb::Create | Verb::Update(_) | Verb::Delete | Verb::CreatePart(_) | Verb::DeletePart(_) => {}
    }
    if changes.is_empty() {
        return vec![Change::Action(verb.label().action)];
    }
    let runs = changes.chunk_by(|one, next| one.field == next.field);
    runs.filter_map(|run| match run {
        [] => None,
        [one] => Some(Change::Value(one)),
        [first, ..] => {
            let count = |is: fn(&FieldChange) -> bool| run.iter().filter(|it| is(it)).count();
            Some(Change::Values {
                field: &first.field,
                added: count(|it| it.from.is_none()),
                changed: count(|it| it.from.is_some() && it.to.is_some()),
                removed: count(|it| it.to.is_none()),
            })
        }
    })
    .collect()
}

impl Change<'_> {
    /// The change with its value, unless that is long.
    fn in_full(&self) -> String {
        let Change::Value(FieldChange { field, from, to }) = self else { return self.in_short() };
        let short = |value: &Option<String>| {
            let value = visible(value.as_deref().unwrap_or_default());
            (width(&value) <= LONGEST_VALUE && !value.contains('\n')).then_some(value)
        };
        match (from, to, short(from), short(to)) {
            (Some(_), Some(_), Some(from), Some(to)) => format!("{} {from} → {to}", visible(field)),
            (None, Some(_), _, Some(to)) => format!("+{} {to}", visible(field)),
            (Some(_), None, Some(from), _) => format!("-{} {from}", visible(field)),
            (Some(_) | None, Some(_) | None, ..) => self.in_short(),
        }
    }

    /// The change without a value.
    fn in_short(&self) -> String {
        match self {
            Change::Action(action) => visible(action),
            Change::Value(FieldChange { field, from: None, to: _ }) => format!("+{}", visible(field)),
            Change::Value(FieldChange { field, from: _, to: None }) => format!("-{}", visible(field)),
            Change::Value(FieldChange { field, from: Some(_), to: Some(_) }) => visible(field),
            Change::Values { field, added, changed, removed } => {
                let counts = [("+", added), ("~", changed), ("-", removed)];
                let counts = counts.into_iter().filter(|(_, count)| **count > 0);
                let counts: String = counts.map(|(sign, count)| format!(" {sign}{count}")).collect();
                format!("{}{counts}", visible(field))
            }
        }
    }
}
