//! How things of the file name each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use serde_json::Value as Json;
use stackctl_yaml::{
    problem::{Problem, quoted},
    suggestion::did_you_mean,
    tree::{Entry, Node},
};

use crate::{
    read::{
        definitions::Definitions,
        kind::Kind,
        reader::{Read, Reader},
    },
    values::names::LogicalName,
};

/// The names of all resources of the file, also of those that have problems.
pub(crate) fn names(root: &Node) -> BTreeMap<Kind, BTreeSet<String>> {
    let names_of = |kind: Kind| {
        // A misspelt section is one problem; its resources are there all the same.
        let near = |it: &&Entry| {
            let keys = Kind::ALL.map(Kind::key);
            !keys.contains(&it.key.as_str()) && did_you_mean(&it.key, [kind.key()]).is_some()
        };
        let entry = root.entry(kind.key()).or_else(|| root.entries().iter().find(near));
        let map = entry.map(|it| it.value.entries()).unwrap_or_default();
        (kind, map.iter().map(|it| it.key.clone()).collect())
    };
    Kind::ALL.map(names_of).into()
}

/// A thing that others refer to.
pub(crate) trait Named {
    const KIND: Kind;
}

/// The logical name of something that the file has.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RefTo<T>(PhantomData<T>);

impl<T: Named> Read for RefTo<T> {
    type Value = LogicalName;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<LogicalName> {
        let text = reader.text(node, T::KIND.with_article())?;
        let names = reader.names(T::KIND);
        if names.is_some_and(|it| it.contains(text)) {
            // A name that is none has been told of where the thing stands.
            return text.parse().ok();
        }
        if !reader.has_enough() {
            let problem = unknown::<T>(node, text, reader);
            reader.tell(problem);
        }
        None
    }

    fn schema(definitions: &mut Definitions) -> Json {
        <LogicalName as Read>::schema(definitions)
    }
}

fn unknown<T: Named>(node: &Node, text: &str, reader: &Reader<'_>) -> Problem {
    let (kind, known) = (T::KIND, reader.names(T::KIND));
    let title = format!("unknown {}", kind.word());
    let other = Kind::ALL.into_iter().find(|it| reader.names(*it).is_some_and(|names| names.contains(text)));
    let label = match other {
        Some(other) => format!("{} is {}, not {}", quoted(text), other.with_article(), kind.with_article()),
        None => format!("no {} has this name", kind.word()),
    };
    let known = || known.into_iter().flatten().map(String::as_str);
    let help = did_you_mean(text, known()).unwrap_or_else(|| match known().count() {
        0 => format!("add {} of this name under `{}`", kind.with_article(), kind.key()),
        1..=12 => {
            format!("{} here: {}", kind.key().replace('_', " "), known().collect::<Vec<_>>().join(", "))
        }
        _ => format!("add it under `{}`", kind.key()),
    });
    Problem::new(node.span, title, label).help(help)
}
