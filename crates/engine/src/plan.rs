//! The plan, as data.

use std::fmt;

use crate::address::Address;

/// The steps of an apply or a destroy, in the graph's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The things that something would be done to.
    pub entries: Vec<Entry>,
    /// What is open that is not wanted, and that no step closes.
    pub exposures: Vec<(Address, Exposure)>,
}

impl Plan {
    /// Everything is as it is wanted.
    pub fn is_empty(&self) -> bool {
        self.all(|verb| verb == Verb::Keep)
    }

    /// There is nothing to do, though something may be left out.
    pub fn does_nothing(&self) -> bool {
        self.all(|verb| matches!(verb, Verb::Keep | Verb::Skip))
    }

    fn all(&self, is: impl Fn(Verb) -> bool) -> bool {
        self.entries.iter().all(|entry| entry.steps.iter().all(|step| is(step.verb)))
    }

    /// Whether the cloud differs from what is wanted: something would be done, or something is open that no step closes.
    pub fn differs(&self) -> bool {
        !self.is_empty() || !self.exposures.is_empty()
    }

    /// Entries that must not be done; with one of them, nothing is.
    pub fn refused(&self) -> impl Iterator<Item = &Entry> {
        self.with(Verb::Refuse)
    }

    /// Entries of which something is left out; all others are done.
    pub fn skipped(&self) -> impl Iterator<Item = &Entry> {
        self.with(Verb::Skip)
    }

    fn with(&self, verb: Verb) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.steps.iter().any(|step| step.verb == verb))
    }
}

/// The steps of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The thing.
    pub address: Address,
    /// Its name in AWS.
    pub name: String,
    /// What would be done, in order.
    pub steps: Vec<Step>,
}

/// One step, the size of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The sort of step.
    pub verb: Verb,
    /// The step, as in `set CORS`; for [`Verb::Refuse`], [`Verb::Skip`] and [`Verb::Keep`], why.
    pub what: String,
    /// The fields that differ afterwards.
    pub changes: Vec<Change>,
    /// A warning to read before agreeing, such as data that is lost. Lines after the first are commands.
    pub note: Option<String>,
}

impl Step {
    /// A step without changes or note.
    pub fn new(verb: Verb, what: impl Into<String>) -> Step {
        Step { verb, what: what.into(), changes: Vec::new(), note: None }
    }

    /// The same with one more change; `None` to the left is "was not there", to the right "is taken away".
    pub fn change(mut self, field: &str, from: Option<String>, to: Option<String>) -> Step {
        if from != to {
            self.changes.push(Change { field: field.to_owned(), from, to });
        }
        self
    }

    /// The same with the changes of two maps, key by key, as `field.key`.
    pub fn changes<K: Ord + fmt::Display, V: Eq + fmt::Display>(
        mut self,
        field: &str,
        from: &std::collections::BTreeMap<K, V>,
        to: &std::collections::BTreeMap<K, V>,
    ) -> Step {
        let keys: std::collections::BTreeSet<&K> = from.keys().chain(to.keys()).collect();
        for key in keys {
            let text = |map: &std::collections::BTreeMap<K, V>| map.get(key).map(V::to_string);
            self = self.change(&format!("{field}.{key}"), text(from), text(to));
        }
        self
    }

    /// The same with a note.
    pub fn note(mut self, note: impl Into<String>) -> Step {
        self.note = Some(note.into());
        self
    }
}

/// A setting that widens access or changes what becomes of data, was made by someone else, and is theirs to remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// What is open to whom, without the thing's address.
    pub what: String,
    /// The command that closes it, to be run as it stands.
    pub close: String,
}

/// The sort of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Something new.
    Create,
    /// Something else than before.
    Update,
    /// Something gone.
    Delete,
    /// It stays, on purpose.
    Keep,
    /// The thing is left as it is, since it or what it needs is not the stack's; the rest of the plan is done.
    Skip,
    /// It must not be done; then nothing of the plan is.
    Refuse,
}

/// A field that differs afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field, as the file calls it where it does.
    pub field: String,
    /// The current value; `None` if the field is not set.
    pub from: Option<String>,
    /// The new value; `None` if the field is removed.
    pub to: Option<String>,
}
