//! The plan, as data.

pub mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::address::Address;

/// The steps of an apply or a destroy, in the graph's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The resources with at least one step.
    pub entries: Vec<Entry>,
    /// The exposures that no step closes.
    pub exposures: Vec<(Address, Exposure)>,
}

impl Plan {
    /// Whether every resource is in its desired state.
    pub fn is_empty(&self) -> bool {
        self.all(|verb| matches!(verb, Verb::Keep { .. } | Verb::Use))
    }

    /// Whether no step changes anything; steps may be left out.
    pub fn does_nothing(&self) -> bool {
        self.all(|verb| matches!(verb, Verb::Keep { .. } | Verb::Use | Verb::Skip { .. }))
    }

    fn all(&self, is: impl Fn(&Verb) -> bool) -> bool {
        self.entries.iter().all(|entry| entry.steps.iter().all(|step| is(&step.verb)))
    }

    /// Whether the cloud differs from the desired state: a step is planned, or an exposure exists that no step closes.
    pub fn differs(&self) -> bool {
        !self.is_empty() || !self.exposures.is_empty()
    }

    /// Whether a step deletes something, or has a warning to read before agreeing.
    pub fn deletes(&self) -> bool {
        let warns = |it: &Step| it.note.is_some() && it.verb != Verb::Use;
        let deletes = |it: &Step| warns(it) || matches!(it.verb, Verb::Delete | Verb::DeletePart(_));
        self.entries.iter().any(|entry| entry.steps.iter().any(deletes))
    }

    /// The entries with a refused step; with one of them, no step of the plan is done.
    pub fn refused(&self) -> impl Iterator<Item = &Entry> {
        self.with(|verb| matches!(verb, Verb::Refuse { .. }))
    }

    /// The entries with a step that is left out; all other steps are done.
    pub fn skipped(&self) -> impl Iterator<Item = &Entry> {
        self.with(|verb| matches!(verb, Verb::Skip { .. }))
    }

    fn with(&self, is: impl Fn(&Verb) -> bool) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.steps.iter().any(|step| is(&step.verb)))
    }
}

/// The steps of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The resource.
    pub address: Address,
    /// Its name in the cloud.
    pub name: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

impl Entry {
    /// Whether the stack only uses the resource, which others made.
    pub fn is_use(&self) -> bool {
        self.steps.iter().all(|step| step.verb == Verb::Use)
    }
}

/// One step, about one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The action, or the reason why there is none.
    pub verb: Verb,
    /// The fields that differ afterwards.
    pub changes: Vec<FieldChange>,
    /// A warning to read before agreeing, such as data that is lost. Lines after the first are commands.
    pub note: Option<String>,
}

impl Step {
    /// A step without changes and without a note.
    pub fn new(verb: Verb) -> Step {
        Step { verb, changes: Vec::new(), note: None }
    }

    /// A step that creates the resource.
    pub fn create() -> Step {
        Step::new(Verb::Create)
    }

    /// A step that updates the resource; see [`Label`] for the two parts of its label.
    pub fn update(action: &'static str, preposition: &'static str) -> Step {
        Step::new(Verb::Update(Label { action, preposition }))
    }

    /// A step that creates a part of the resource; see [`Label`].
    pub fn create_part(action: &'static str, preposition: &'static str) -> Step {
        Step::new(Verb::CreatePart(Label { action, preposition }))
    }

    /// A step that deletes a part of the resource; see [`Label`].
    pub fn delete_part(action: &'static str, preposition: &'static str) -> Step {
        Step::new(Verb::DeletePart(Label { action, preposition }))
    }

    /// A step that must not be done.
    pub fn refuse(why: impl Into<String>) -> Step {
        Step::new(Verb::Refuse { why: why.into() })
    }

    /// Adds a change of one field; `from` is `None` if the field is not set, `to` if it is removed. Equal values add
    /// nothing.
    pub fn change(mut self, field: &str, from: Option<String>, to: Option<String>) -> Step {
        if from != to {
            self.changes.push(FieldChange { field: field.to_owned(), from, to });
        }
        self
    }

    /// Adds the changes between two maps, key by key, as `field.key`.
    pub fn changes<K: Ord + fmt::Display, V: Eq + fmt::Display>(
        mut self,
        field: &str,
        from: &BTreeMap<K, V>,
        to: &BTreeMap<K, V>,
    ) -> Step {
        let keys: BTreeSet<&K> = from.keys().chain(to.keys()).collect();
        for key in keys {
            let text = |map: &BTreeMap<K, V>| map.get(key).map(V::to_string);
            self = self.change(&format!("{field}.{key}"), text(from), text(to));
        }
        self
    }

    /// Adds a note.
    pub fn note(mut self, note: impl Into<String>) -> Step {
        self.note = Some(note.into());
        self
    }
}

/// The action of a step. [`fmt::Display`] writes the label of a step that changes something, and the reason of every
/// other step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// The resource is created.
    Create,
    /// The resource is updated.
    Update(Label),
    /// The resource is deleted.
    Delete,
    /// A part of the resource is created, as in `create the stage of`; the resource itself exists before.
    CreatePart(Label),
    /// A part of the resource is deleted; the resource itself stays.
    DeletePart(Label),
    /// The resource stays, as desired.
    Keep {
        /// Why.
        why: String,
    },
    /// The stack uses the resource, which others made, and changes nothing of it.
    Use,
    /// The resource is left unchanged, because it or one that it needs is not the stack's. All other steps are done.
    Skip {
        /// Why.
        why: String,
    },
    /// The step must not be done; then no step of the plan is.
    Refuse {
        /// Why.
        why: String,
    },
}

impl Verb {
    /// The label for events and errors.
    pub fn label(&self) -> Label {
        match self {
            Verb::Create => Label::CREATE,
            Verb::Delete => Label::DELETE,
            Verb::Update(label) | Verb::CreatePart(label) | Verb::DeletePart(label) => *label,
            Verb::Keep { .. } | Verb::Use | Verb::Skip { .. } | Verb::Refuse { .. } => Label::CHANGE,
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verb::Keep { why } | Verb::Skip { why } | Verb::Refuse { why } => out.write_str(why),
            Verb::Use => out.write_str("use"),
            Verb::Create | Verb::Update(_) | Verb::Delete | Verb::CreatePart(_) | Verb::DeletePart(_) => {
                self.label().fmt(out)
            }
        }
    }
}

/// The action of a step as a verb phrase that an address can follow: `set the size` and `of` are displayed as
/// `set the size of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// The verb phrase, as in `set the size`.
    pub action: &'static str,
    /// The word between the phrase and the address; empty if the address follows directly, as in `encrypt`.
    pub preposition: &'static str,
}

impl Label {
    /// The creation of a resource.
    pub const CREATE: Label = Label { action: "create", preposition: "" };
    /// The deletion of a resource.
    pub const DELETE: Label = Label { action: "delete", preposition: "" };
    /// The release of a resource: the stack's marks are removed, and it stays.
    pub const RELEASE: Label = Label { action: "release", preposition: "" };
    /// A change that is not specified further.
    pub const CHANGE: Label = Label { action: "change", preposition: "" };
    /// The observation of a resource.
    pub const LOOK: Label = Label { action: "look", preposition: "at" };
}

impl fmt::Display for Label {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Label { action, preposition } = self;
        out.write_str(action)?;
        if preposition.is_empty() { Ok(()) } else { write!(out, " {preposition}") }
    }
}

/// A setting that another program or person made and that widens access or changes what happens to data. stackctl
/// reports it and does not remove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The exposure as a sentence without the resource's address: what is open to whom.
    pub what: String,
    /// The command that closes it, ready to be run.
    pub close: String,
}

/// A field that differs after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field, named as in the file where the file has it.
    pub field: String,
    /// The current value; `None` if the field is not set.
    pub from: Option<String>,
    /// The new value; `None` if the field is removed.
    pub to: Option<String>,
}
