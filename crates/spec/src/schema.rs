//! The JSON Schema of `stack.yaml`, for editors.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::{read::Read, stack::Stack};

/// The JSON Schema (draft 2020-12) of `stack.yaml`. It knows what each key is; what only the whole file tells,
/// such as whether a name exists, [`parse`](crate::parse()) knows.
pub fn schema() -> Json {
    let mut definitions = Definitions::default();
    let stack = Stack::schema(&mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stack.yaml",
        "$ref": stack["$ref"],
        "$defs": definitions.all,
    })
}

/// The schemas of structs, each under its name.
#[derive(Default)]
pub(crate) struct Definitions {
    all: BTreeMap<String, Json>,
    of_overlay: bool,
}

impl Definitions {
    /// Defines a struct once, and refers to it.
    pub(crate) fn define(&mut self, name: &str, schema: impl FnOnce(&mut Definitions) -> Json) -> Json {
        let name = if self.of_overlay { format!("{name}Overlay") } else { name.to_owned() };
        if !self.all.contains_key(&name) {
            self.all.insert(name.clone(), Json::Null);
            let schema = schema(self);
            self.all.insert(name.clone(), schema);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// Whether what is left out may stand in the rest of the file.
    pub(crate) fn is_of_overlay(&self) -> bool {
        self.of_overlay
    }

    /// The schema of an overlay: the stack's own, with nothing required and without some keys.
    pub(crate) fn overlay<R: Read>(&mut self, name: &str, without: &[&str]) -> Json {
        let outside = std::mem::replace(&mut self.of_overlay, true);
        R::schema(self);
        self.of_overlay = outside;
        if let Some(properties) = self.all.get_mut(name).and_then(|it| it["properties"].as_object_mut()) {
            properties.retain(|key, _| !without.contains(&key.as_str()));
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}
