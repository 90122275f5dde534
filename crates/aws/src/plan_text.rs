//! What a resource would do, as text: for the tests of its diff.

use stackctl_engine::{Change, Known, Resource, Step, Verb};

/// The steps from `live` to `wanted`, while nothing else is known.
pub fn steps<R: Resource>(wanted: &R, live: Option<&R::Live>) -> String {
    let actions = wanted.diff(live, &Known::default());
    actions.iter().map(|action| text(&wanted.describe(action))).collect()
}

/// A line for the step, and one for each of its changes.
pub fn text(Step { verb, what, changes, note }: &Step) -> String {
    let sign = match verb {
        Verb::Create => '+',
        Verb::Update => '~',
        Verb::Delete => '-',
        Verb::Keep => '=',
        Verb::Skip | Verb::Refuse => '!',
    };
    let mut text = format!("{sign} {what}\n");
    for Change { field, from, to } in changes {
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
