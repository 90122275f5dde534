//! The steps of a diff as text, for the tests of the kinds.

use crate::{FieldChange, Known, Resource, Step, Verb};

/// The steps from `live` to `desired`, while no other resource exists.
pub fn steps<R: Resource>(desired: &R, live: Option<&R::Live>) -> String {
    steps_with(desired, live, &Known::default())
}

/// The steps from `live` to `desired`, with the outputs of other resources.
pub fn steps_with<R: Resource>(desired: &R, live: Option<&R::Live>, known: &Known) -> String {
    let actions = desired.diff(live, known);
    actions.iter().map(|action| text(&desired.describe(action))).collect()
}

/// A line for the step, and one for each of its changes.
pub fn text(Step { verb, changes, note }: &Step) -> String {
    let sign = match verb {
        Verb::Create | Verb::CreatePart(_) => '+',
        Verb::Update(_) => '~',
        Verb::Delete | Verb::DeletePart(_) => '-',
        Verb::Keep { .. } | Verb::Use => '=',
        Verb::Skip { .. } | Verb::Refuse { .. } => '!',
    };
    let mut text = format!("{sign} {verb}\n");
    for FieldChange { field, from, to } in changes {
        text += &match (from, to) {
            (None, Some(to)) => format!("    {field}: {to}\n"),
            (Some(from), None) => format!("    {field}: {from} → gone\n"),
            (Some(from), Some(to)) => format!("    {field}: {from} → {to}\n"),
            (None, None) => String::new(),
        };
    }
    if let Some(note) = note {
        text += &format!("    ({note})\n");
    }
    text
}
