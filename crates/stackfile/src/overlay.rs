//! Overlays: what `envs` merges over the rest of the file.

use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use serde_json::Value as Json;
use stackctl_yaml::{
    problem::{Problem, quoted},
    suggestion::did_you_mean,
    tree::{Entry, Node, Value},
};

use crate::{
    function::source,
    read::{
        definitions::Definitions,
        existing::EXISTING,
        reader::{Read, Reader},
    },
};

/// Each is merged and checked whole, so there can't be any number of them.
const MOST: usize = 32;

/// The keys that an overlay can't have: key, problem and help.
const NOT_HERE: [(&str, &str, &str); 2] = [
    ("stack", "an overlay can't rename the stack", "the environment is added to its name by itself"),
    ("envs", "an overlay has no overlays", "put it beside this one"),
];

/// The key of an overlay that says of the environment, and not of its stack, that `stackctl dev --aws` may use it.
const FOR_DEVELOPMENT: &str = "dev";

/// An overlay of a `T`. What it says is checked where it is merged.
pub(crate) struct Overlay<T>(PhantomData<T>);

impl<T: Read> Read for Overlay<T> {
    type Value = ();

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<()> {
        match &node.value {
            Value::Nothing | Value::Map(_) => {}
            Value::Scalar { .. } | Value::List(_) | Value::Unreadable => {
                reader.wrong_kind(node, "a map", Some("write what is different, as in the rest of the file"));
            }
        }
        for (key, label, help) in NOT_HERE {
            if let Some(entry) = node.entry(key) {
                let title = format!("`{key}` in an overlay");
                reader.tell(Problem::new(entry.key_span, title, label).help(help));
            }
        }
        if let Some(entry) = node.entry(FOR_DEVELOPMENT) {
            bool::read(&entry.value, reader);
        }
        Some(())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let doc = "Whether the environment is for development: `stackctl dev --aws` changes no other one. Default: false.";
        let mut own = bool::schema(definitions);
        own["description"] = doc.into();
        let without: Vec<&str> = NOT_HERE.iter().map(|it| it.0).chain([FOR_DEVELOPMENT]).collect();
        definitions.overlay("StackOverlay", &without, [(FOR_DEVELOPMENT, own)], T::schema)
    }
}

/// Whether an environment is for development.
pub(crate) fn is_for_development(environment: &Entry) -> bool {
    let said = environment.value.entry(FOR_DEVELOPMENT).map(|it| &it.value.value);
    matches!(said, Some(Value::Scalar { text, plain: true, .. }) if text == "true")
}

/// The environments of a file.
pub(crate) fn environments(root: &Node) -> Result<&[Entry], Problem> {
    let Some(envs) = root.entry("envs") else { return Ok(&[]) };
    let entries = envs.value.entries();
    if entries.len() > MOST {
        let label = format!("{}; {MOST} is most", entries.len());
        let problem = Problem::new(envs.key_span, "too many environments", label);
        return Err(problem.help("keep those that are used, or split the file in two"));
    }
    Ok(entries)
}

/// The overlay of an environment.
pub(crate) fn environment<'a>(
    root: &Node,
    environments: &'a [Entry],
    name: &str,
) -> Result<&'a Entry, Problem> {
    environments.iter().find(|it| it.key == name).ok_or_else(|| {
        let names: Vec<&str> = environments.iter().map(|it| it.key.as_str()).collect();
        let label = format!("no environment is called {}", quoted(name));
        let help = did_you_mean(name, names.iter().copied()).unwrap_or_else(|| match names.as_slice() {
            [] => format!("add it under `envs`: {}", quoted(&format!("envs: {{{name}: {{}}}}"))),
            all => format!("environments here: {}", all.join(", ")),
        });
        Problem::new(root.key_span_at(&["envs"]), "unknown environment", label).help(help)
    })
}

/// A file with an overlay merged over it: maps are merged, all else is replaced.
pub(crate) fn merged(root: &Node, overlay: &Node) -> Node {
    if !matches!(root.value, Value::Map(_) | Value::Nothing) {
        return root.clone();
    }
    let own = |key: &str| key == FOR_DEVELOPMENT || NOT_HERE.iter().any(|it| it.0 == key);
    let above = overlay.entries().iter().filter(|it| !own(&it.key));
    let root = without_replaced_resources(without_replaced_sources(root, overlay), overlay);
    Node { span: root.span, value: Value::Map(merged_entries(root.entries(), above)) }
}

/// A function has one source of code: the source of an overlay replaces the one below it.
fn without_replaced_sources(root: &Node, overlay: &Node) -> Node {
    let mut root = root.clone();
    let functions = overlay.entry("functions").map(|it| it.value.entries()).unwrap_or_default();
    let replaced: BTreeSet<&str> =
        functions.iter().filter(|it| source::is_named(&it.value)).map(|it| it.key.as_str()).collect();
    let entries = root.entries_mut().into_iter().flatten();
    let functions =
        entries.filter(|it| it.key == "functions").filter_map(|it| it.value.entries_mut()).flatten();
    for function in functions.filter(|it| replaced.contains(it.key.as_str())) {
        if let Some(keys) = function.value.entries_mut() {
            keys.retain(|it| !source::has_key(&it.key));
        }
    }
    root
}

/// The keys that may stand beside `existing`, by section.
const BESIDE_EXISTING: [(&str, &[&str]); 3] =
    [("buckets", &["access"]), ("user_pools", &["clients"]), ("functions", &[])];

/// A resource that others made has few keys: `existing` in an overlay replaces the others below it.
fn without_replaced_resources(mut root: Node, overlay: &Node) -> Node {
    for (section, may) in BESIDE_EXISTING {
        let above = overlay.entry(section).map(|it| it.value.entries()).unwrap_or_default();
        let existing: BTreeSet<&str> =
            above.iter().filter(|it| it.value.entry(EXISTING).is_some()).map(|it| it.key.as_str()).collect();
        let sections = root.entries_mut().into_iter().flatten().filter(|it| it.key == section);
        let resources = sections.filter_map(|it| it.value.entries_mut()).flatten();
        for resource in resources.filter(|it| existing.contains(it.key.as_str())) {
            if let Some(keys) = resource.value.entries_mut() {
                keys.retain(|it| may.contains(&it.key.as_str()));
            }
        }
    }
    root
}

fn merged_entries<'a>(below: &[Entry], above: impl Iterator<Item = &'a Entry>) -> Vec<Entry> {
    let mut merged = below.to_vec();
    let places: BTreeMap<&str, usize> =
        below.iter().enumerate().map(|(at, it)| (it.key.as_str(), at)).collect();
    for entry in above {
        match places.get(entry.key.as_str()) {
            Some(at) => merged[*at] = merged_entry(&below[*at], entry),
            None => merged.push(entry.clone()),
        }
    }
    merged
}

fn merged_entry(below: &Entry, above: &Entry) -> Entry {
    match (&below.value.value, &above.value.value) {
        // A key with nothing after it says nothing.
        (Value::Map(_), Value::Nothing) => below.clone(),
        (Value::Map(under), Value::Map(over)) => {
            let value = Value::Map(merged_entries(under, over.iter()));
            let Entry { key, key_span, value: Node { span, .. } } = below;
            Entry { key: key.clone(), key_span: *key_span, value: Node { span: *span, value } }
        }
        _ => above.clone(),
    }
}
