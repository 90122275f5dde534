//! The functions that are called when an object of a bucket was created or deleted.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use stackctl_yaml::{
    problem::Problem,
    tree::{Node, Value},
};

use crate::{
    read::{
        choice::choice,
        definitions::Definitions,
        kind::Kind,
        reader::{Read, Reader},
        record::record,
        reference::{Named, RefTo},
    },
    values::names::{KeyPart, LogicalName},
};

choice! {
    "an event of objects";
    /// What happened to an object.
    pub enum On {
        /// `created`: it was uploaded, copied, or overwritten.
        Created = "created",
        /// `deleted`: it was deleted, also by `expire`.
        Deleted = "deleted",
    }
}

record! {
    "an event";
    /// A function that is called when something happens to objects.
    pub struct Event {
        /// What happens: `created` or `deleted`.
        pub on: On,
        /// The beginning of the objects' keys, such as `uploads/`. Default: all keys.
        pub prefix: Option<KeyPart>,
        /// The end of the objects' keys, such as `.jpg`. Default: all keys.
        pub suffix: Option<KeyPart>,
        /// The function that is called.
        pub call: LogicalName as RefTo<Called>,
    }
}

impl Event {
    /// Whether one object may match both filters, by S3's rule: one prefix begins with the other, and one suffix ends in
    /// the other.
    fn meets(&self, other: &Event) -> bool {
        let (suffix, of_other) = (text(self.suffix.as_ref()), text(other.suffix.as_ref()));
        self.on == other.on
            && prefixes_meet(text(self.prefix.as_ref()), text(other.prefix.as_ref()))
            && (suffix.ends_with(of_other) || of_other.ends_with(suffix))
    }
}

/// Whether one key may begin with both prefixes.
pub(crate) fn prefixes_meet(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

fn text(filter: Option<&KeyPart>) -> &str {
    filter.map_or("", KeyPart::as_str)
}

/// A function, as an event names it.
pub(crate) struct Called;

impl Named for Called {
    const KIND: Kind = Kind::Function;
}

/// A map from what happens to the function that is called, or a list of events with filters.
pub(crate) struct Events;

type ByName = BTreeMap<On, RefTo<Called>>;

impl Read for Events {
    type Value = Vec<Event>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Vec<Event>> {
        match &node.value {
            Value::Nothing | Value::Map(_) => {
                let events = ByName::read(node, reader)?.into_iter();
                Some(events.map(|(on, call)| Event { on, prefix: None, suffix: None, call }).collect())
            }
            Value::List(items) => Some(of_list(items, reader)),
            Value::Scalar { .. } | Value::Unreadable => {
                let help = "write `{ created: FUNCTION }`, or a list of `{ on: created, prefix: uploads/, call: FUNCTION }`";
                reader.wrong_kind(node, "a map or a list", Some(help));
                None
            }
        }
    }

    fn absent() -> Option<Vec<Event>> {
        Some(Vec::new())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let list = json!({ "type": "array", "items": Event::schema(definitions) });
        json!({ "anyOf": [ByName::schema(definitions), list] })
    }
}

/// The events of a list; S3 takes no two that one object may match.
fn of_list(items: &[Node], reader: &mut Reader<'_>) -> Vec<Event> {
    let mut all: Vec<(Event, usize)> = Vec::new();
    for item in items {
        let Some(event) = Event::read(item, reader) else { continue };
        if let Some(prefix) = item.entry("prefix").filter(|_| text(event.prefix.as_ref()).starts_with('/')) {
            let problem =
                Problem::new(prefix.value.span, "not a prefix of keys", "keys do not begin with `/`");
            reader.tell(problem.help("take the `/` away"));
        } else if let Some((_, line)) = all.iter().find(|(other, _)| other.meets(&event)) {
            let label = format!("an object may match this one and the one in line {line}");
            let problem = Problem::new(item.span, format!("two functions for one `{}`", event.on), label);
            reader.tell(problem.help(
                "S3 calls one function for what happens to an object: give the two prefixes or suffixes of which \
                 neither contains the other",
            ));
        }
        all.push((event, item.span.line));
    }
    all.into_iter().map(|(event, _)| event).collect()
}
