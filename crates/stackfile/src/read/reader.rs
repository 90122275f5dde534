//! How a value of the file is read, and how the schema describes it: one trait says both.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use stackctl_yaml::{
    problem::{Problem, Span, quoted},
    suggestion::did_you_mean,
    tree::{Node, Value},
};

use crate::read::{definitions::Definitions, kind::Kind};

/// More problems than this are not looked for.
const MOST_PROBLEMS: usize = 100;

/// A way of reading something; often the type itself.
pub(crate) trait Read {
    /// The value that is read.
    type Value;

    /// Reads a value, or tells what is wrong with it.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value>;

    /// The value of an omitted key; `None` if the key is required.
    fn absent() -> Option<Self::Value> {
        None
    }

    /// Its JSON Schema, for editors.
    fn schema(definitions: &mut Definitions) -> Json;
}

/// The names in the file, and the problems found so far.
pub(crate) struct Reader<'a> {
    names: &'a BTreeMap<Kind, BTreeSet<String>>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(names: &'a BTreeMap<Kind, BTreeSet<String>>) -> Reader<'a> {
        Reader { names, problems: Vec::new() }
    }

    /// The names of the file's resources of a kind.
    pub(crate) fn names(&self, kind: Kind) -> Option<&'a BTreeSet<String>> {
        self.names.get(&kind)
    }

    pub(crate) fn problems(self) -> Vec<Problem> {
        self.problems
    }

    pub(crate) fn tell(&mut self, problem: Problem) {
        if !self.has_enough() {
            self.problems.push(problem);
        }
    }

    /// Whether nothing more needs to be looked for.
    pub(crate) fn has_enough(&self) -> bool {
        self.problems.len() >= MOST_PROBLEMS
    }

    /// Tells that something else was wanted; `wanted` begins with an article.
    pub(crate) fn wrong_kind(&mut self, node: &Node, wanted: &str, help: Option<&str>) {
        let (title, found) = match &node.value {
            Value::Unreadable => return,
            Value::Nothing => ("no value", "nothing"),
            Value::Scalar { .. } => ("wrong kind of value", "text"),
            Value::List(_) => ("wrong kind of value", "a list"),
            Value::Map(_) => ("wrong kind of value", "a map"),
        };
        let wanted = if title == "no value" {
            format!("{wanted} is wanted")
        } else {
            format!("{found}, where {wanted} is wanted")
        };
        let help = help.map(str::to_owned);
        self.tell(Problem { help, ..Problem::new(node.span, title, wanted) });
    }

    /// The text of a scalar.
    pub(crate) fn text<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<&'n str> {
        match &node.value {
            Value::Scalar { text, .. } => Some(text),
            Value::Nothing | Value::List(_) | Value::Map(_) | Value::Unreadable => {
                let nothing = node.value == Value::Nothing;
                let help =
                    if nothing { "write it after the `:`" } else { "write one value, without brackets" };
                self.wrong_kind(node, wanted, Some(help));
                None
            }
        }
    }

    /// Whether an unknown key of this map that is similar to `key` was reported.
    pub(crate) fn is_misspelt(&self, node: &Node, key: &str) -> bool {
        let near = |it: &str| did_you_mean(it, [key]).is_some();
        let unknown = node.entries().iter().filter(|it| near(&it.key));
        unknown.into_iter().any(|it| self.problems.iter().any(|problem| problem.span == it.key_span))
    }

    /// Tells of a key that means nothing here.
    pub(crate) fn unknown_key(&mut self, key: &str, span: Span, of: &str, known: &[&str]) {
        if self.has_enough() {
            return;
        }
        let help = did_you_mean(key, known.iter().copied())
            .unwrap_or_else(|| format!("keys of {of}: {}", known.join(", ")));
        self.tell(Problem::new(span, "unknown key", format!("{of} has no such key")).help(help));
    }
}

impl<R: Read> Read for Option<R> {
    type Value = Option<R::Value>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value> {
        R::read(node, reader).map(Some)
    }

    fn absent() -> Option<Self::Value> {
        Some(None)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        R::schema(definitions)
    }
}

/// A map. What is wrong with one entry does not hide the others.
impl<K: Read<Value: Ord>, V: Read> Read for BTreeMap<K, V> {
    type Value = BTreeMap<K::Value, V::Value>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value> {
        match &node.value {
            Value::Nothing => return Self::absent(),
            Value::Map(_) => {}
            Value::Scalar { .. } | Value::List(_) | Value::Unreadable => {
                reader.wrong_kind(node, "a map", Some("write `name: value` on lines of their own, indented"));
                return None;
            }
        }
        let mut all = BTreeMap::new();
        for entry in node.entries() {
            let key = K::read(&entry.key_node(), reader);
            let value = V::read(&entry.value, reader);
            if let Some(key) = key
                && all.insert(key, value).is_some()
            {
                let label = format!("{} is the same as one above", quoted(&entry.key));
                reader.tell(Problem::new(entry.key_span, "written twice", label).help("keep one of the two"));
            }
        }
        Some(all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
    }

    fn absent() -> Option<Self::Value> {
        Some(BTreeMap::new())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({
            "type": ["object", "null"],
            "propertyNames": K::schema(definitions),
            "additionalProperties": V::schema(definitions),
        })
    }
}

/// A list without an order, each item once.
impl<T: Read<Value: Ord>> Read for BTreeSet<T> {
    type Value = BTreeSet<T::Value>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value> {
        let items = match &node.value {
            Value::Nothing => return Self::absent(),
            Value::List(items) => items,
            Value::Scalar { text, .. } => {
                let help = format!("write it as a list: {}", quoted(&format!("[{text}]")));
                reader.wrong_kind(node, "a list", Some(&help));
                return None;
            }
            Value::Map(_) | Value::Unreadable => {
                reader.wrong_kind(node, "a list", Some("write it as a list: `[a, b]`"));
                return None;
            }
        };
        let mut all = BTreeSet::new();
        for item in items {
            if let Some(value) = T::read(item, reader)
                && !all.insert(value)
            {
                let problem = Problem::new(item.span, "written twice", "the list has this already");
                reader.tell(problem.help("keep one of the two"));
            }
        }
        Some(all)
    }

    fn absent() -> Option<Self::Value> {
        Some(BTreeSet::new())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": ["array", "null"], "items": T::schema(definitions), "uniqueItems": true })
    }
}

/// A map or list with something in it.
pub(crate) struct NonEmpty<R>(std::marker::PhantomData<R>);

impl<R: Read> Read for NonEmpty<R> {
    type Value = R::Value;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value> {
        let empty = match &node.value {
            Value::Nothing => true,
            Value::List(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty(),
            Value::Scalar { .. } | Value::Unreadable => false,
        };
        if empty {
            let problem = Problem::new(node.span, "nothing in it", "at least one is wanted");
            reader.tell(problem.help("write one, or take away what is of no use without"));
            return None;
        }
        R::read(node, reader)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let mut schema = R::schema(definitions);
        for (kind, least) in [("object", "minProperties"), ("array", "minItems")] {
            if schema["type"] == json!([kind, "null"]) {
                schema["type"] = kind.into();
                schema[least] = 1.into();
            }
        }
        schema
    }
}

impl Read for bool {
    type Value = bool;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<bool> {
        const WANTED: &str = "`true` or `false`";
        let text = reader.text(node, WANTED)?;
        let plain = matches!(node.value, Value::Scalar { plain: true, .. });
        let meant = match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "y" => Some(true),
            "false" | "no" | "off" | "n" => Some(false),
            _ => None,
        };
        match (text, meant) {
            ("true", _) if plain => return Some(true),
            ("false", _) if plain => return Some(false),
            (_, Some(meant)) => {
                let quotes = if plain { "" } else { ", without quotes" };
                let problem = Problem::new(node.span, "not `true` or `false`", format!("{WANTED} is wanted"));
                reader.tell(problem.help(format!("write `{meant}`{quotes}")));
            }
            (_, None) => {
                let problem = Problem::new(node.span, "not `true` or `false`", format!("{WANTED} is wanted"));
                reader.tell(problem.help("write one of the two"));
            }
        }
        None
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "boolean" })
    }
}
