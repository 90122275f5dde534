//! The outcome of a plan for one resource.

use stackctl_engine::{Plan, Verb, plan::Entry};

use crate::style::Ink;

/// The outcome of a plan for one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The resource is created.
    Created,
    /// The resource is changed.
    Changed,
    /// The resource is deleted.
    Deleted,
    /// The file asks to keep the resource.
    Kept,
    /// The stack uses the resource, which others made.
    Used,
    /// The plan leaves the resource out.
    Skipped,
    /// The action on the resource is refused.
    Refused,
}

impl Outcome {
    /// The outcome of an entry's steps.
    pub fn of(entry: &Entry) -> Outcome {
        let steps = &entry.steps;
        if steps.iter().any(|step| matches!(step.verb, Verb::Refuse { .. })) {
            return Outcome::Refused;
        }
        match steps.first().map(|step| &step.verb) {
            Some(Verb::Create) => Outcome::Created,
            Some(Verb::Delete) => Outcome::Deleted,
            Some(Verb::Keep { .. }) if steps.len() == 1 => Outcome::Kept,
            Some(Verb::Use) if steps.len() == 1 => Outcome::Used,
            Some(Verb::Skip { .. }) => Outcome::Skipped,
            Some(Verb::Keep { .. } | Verb::Use | Verb::Refuse { .. }) | None => Outcome::Changed,
            Some(Verb::Update(_) | Verb::CreatePart(_) | Verb::DeletePart(_)) => Outcome::Changed,
        }
    }

    /// The outcome in words after the steps are done.
    pub fn past(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Changed => "changed",
            Outcome::Deleted => "deleted",
            Outcome::Kept => "kept",
            Outcome::Used => "used",
            Outcome::Skipped => "left out",
            Outcome::Refused => "refused",
        }
    }

    /// The outcome in words before the steps are done.
    pub fn future(self) -> &'static str {
        match self {
            Outcome::Created => "to create",
            Outcome::Changed => "to change",
            Outcome::Deleted => "to delete",
            Outcome::Kept => "to keep",
            Outcome::Used => "to use",
            Outcome::Skipped => "left out",
            Outcome::Refused => "refused",
        }
    }

    /// The sign before the resource.
    pub fn sign(self) -> &'static str {
        match self {
            Outcome::Created => "+",
            Outcome::Changed => "~",
            Outcome::Deleted => "-",
            Outcome::Kept | Outcome::Used => "=",
            Outcome::Skipped | Outcome::Refused => "!",
        }
    }

    /// The colour of the sign.
    pub fn ink(self) -> Ink {
        match self {
            Outcome::Created => Ink::Good,
            Outcome::Changed => Ink::Change,
            Outcome::Deleted | Outcome::Skipped | Outcome::Refused => Ink::Bad,
            Outcome::Kept | Outcome::Used => Ink::Faint,
        }
    }
}

/// The number of resources of each outcome, as in `7 created, 1 changed`.
pub fn tally(plan: &Plan, say: impl Fn(Outcome) -> &'static str) -> String {
    let outcomes = [
        Outcome::Created,
        Outcome::Changed,
        Outcome::Deleted,
        Outcome::Kept,
        Outcome::Used,
        Outcome::Skipped,
        Outcome::Refused,
    ];
    let counts = outcomes
        .map(|outcome| (outcome, plan.entries.iter().filter(|it| Outcome::of(it) == outcome).count()));
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{count} {}", say(outcome)))
        .collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use stackctl_engine::Step;

    use super::*;
    use crate::samples;

    #[test]
    fn part_of_a_thing_is_not_the_thing() {
        let stage = Step::delete_part("delete a stage", "of").change("stage", Some("old".to_owned()), None);
        let entry = |step| Entry {
            address: samples::address("rest_api", "a"),
            name: "a".to_owned(),
            steps: vec![step],
        };
        assert_eq!(Outcome::of(&entry(stage)), Outcome::Changed);
        assert_eq!(Outcome::of(&entry(Step::new(Verb::Delete))), Outcome::Deleted);
    }
}
