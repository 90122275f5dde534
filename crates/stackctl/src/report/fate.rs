//! What happens to a thing as a whole.

use stackctl_engine::{Plan, Step, Verb, plan::Entry};

use super::style::Ink;

/// What happens to a thing as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It does not exist yet.
    Created,
    /// It exists and will be different.
    Changed,
    /// It will not exist any more.
    Deleted,
    /// It stays, on purpose.
    Kept,
    /// It is left as it is, while the rest is done.
    Skipped,
    /// What should happen to it must not.
    Refused,
}

impl Fate {
    /// What the steps of an entry amount to.
    pub fn of(entry: &Entry) -> Fate {
        let steps = &entry.steps;
        if steps.iter().any(|step| step.verb == Verb::Refuse) {
            return Fate::Refused;
        }
        // Parts of a thing are created and deleted too; only the thing itself is so without an object.
        match steps.first() {
            Some(Step { verb: Verb::Create, what, .. }) if what == "create" => Fate::Created,
            Some(Step { verb: Verb::Delete, what, .. }) if what == "delete" => Fate::Deleted,
            Some(Step { verb: Verb::Keep, .. }) if steps.len() == 1 => Fate::Kept,
            Some(Step { verb: Verb::Skip, .. }) => Fate::Skipped,
            _ => Fate::Changed,
        }
    }

    /// What became of the thing once its steps are done.
    pub fn past(self) -> &'static str {
        match self {
            Fate::Created => "created",
            Fate::Changed => "changed",
            Fate::Deleted => "deleted",
            Fate::Kept => "kept",
            Fate::Skipped => "left out",
            Fate::Refused => "refused",
        }
    }

    /// What is to become of it.
    pub fn future(self) -> &'static str {
        match self {
            Fate::Created => "to create",
            Fate::Changed => "to change",
            Fate::Deleted => "to delete",
            Fate::Kept => "to keep",
            Fate::Skipped => "left out",
            Fate::Refused => "refused",
        }
    }

    /// The sign before it.
    pub fn sign(self) -> &'static str {
        match self {
            Fate::Created => "+",
            Fate::Changed => "~",
            Fate::Deleted => "-",
            Fate::Kept => "=",
            Fate::Skipped | Fate::Refused => "!",
        }
    }

    /// Its colour.
    pub fn ink(self) -> Ink {
        match self {
            Fate::Created => Ink::Good,
            Fate::Changed => Ink::Change,
            Fate::Deleted | Fate::Skipped | Fate::Refused => Ink::Bad,
            Fate::Kept => Ink::Faint,
        }
    }
}

/// How many things there are of each fate, as in `7 created, 1 changed`.
pub fn tally(plan: &Plan, say: impl Fn(Fate) -> &'static str) -> String {
    let fates = [Fate::Created, Fate::Changed, Fate::Deleted, Fate::Kept, Fate::Skipped, Fate::Refused];
    let counts = fates.map(|fate| (fate, plan.entries.iter().filter(|it| Fate::of(it) == fate).count()));
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(fate, count)| format!("{count} {}", say(fate)))
        .collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn part_of_a_thing_is_not_the_thing() {
        let stage =
            Step::new(Verb::Delete, "delete a stage of").change("stage", Some("old".to_owned()), None);
        let entry = |step| Entry {
            address: samples::address("rest_api", "a"),
            name: "a".to_owned(),
            steps: vec![step],
        };
        assert_eq!(Fate::of(&entry(stage)), Fate::Changed);
        assert_eq!(Fate::of(&entry(Step::new(Verb::Delete, "delete"))), Fate::Deleted);
    }
}
