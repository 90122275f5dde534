//! The functions that others made. They have one key, and stand beside the stack's own in the file, not in the stack.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use stackctl_yaml::tree::{Entry, Node, Value};

use crate::{
    function::Function,
    read::{
        definitions::Definitions,
        existing::{EXISTING, refuse_others},
        kind::Kind,
        reader::{Read, Reader},
    },
    values::names::{FunctionName, LogicalName},
};

type All = BTreeMap<LogicalName, Function>;

/// The stack's own functions.
pub(crate) struct OwnFunctions;

impl Read for OwnFunctions {
    type Value = All;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<All> {
        let Value::Map(entries) = &node.value else { return All::read(node, reader) };
        let own = entries.iter().filter(|it| !is_existing(it)).cloned().collect();
        All::read(&Node { span: node.span, value: Value::Map(own) }, reader)
    }

    fn absent() -> Option<All> {
        All::absent()
    }

    fn schema(definitions: &mut Definitions) -> Json {
        All::schema(definitions)
    }
}

/// Reads the functions that others made.
pub(crate) fn read(root: &Node, reader: &mut Reader<'_>) -> BTreeMap<LogicalName, FunctionName> {
    let section = root.entry(Kind::Function.key()).map(|it| it.value.entries()).unwrap_or_default();
    let mut all = BTreeMap::new();
    for entry in section.iter().filter(|it| is_existing(it)) {
        let known = Function::fields();
        for other in entry.value.entries().iter().filter(|it| known.iter().all(|field| field.key != it.key)) {
            reader.unknown_key(&other.key, other.key_span, "an existing function", &[EXISTING]);
        }
        refuse_others(&entry.value, reader, "function", &known, &[], |key| {
            (key == "buckets").then_some(GRANTS)
        });
        let logical = <LogicalName as Read>::read(&entry.key_node(), reader);
        let name = entry.value.entry(EXISTING).and_then(|it| <FunctionName as Read>::read(&it.value, reader));
        all.extend(logical.zip(name));
    }
    all
}

/// The way out of grants of a function that others made.
const GRANTS: &str = "what it may do is in its own role: have its owner allow it";

fn is_existing(entry: &Entry) -> bool {
    entry.value.entry(EXISTING).is_some()
}
