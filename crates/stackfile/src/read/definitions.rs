//! The definitions of a JSON Schema, collected while it is written.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

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

    /// The schema of an overlay: that of the stack, with nothing required, without some keys, and with keys of its own.
    pub(crate) fn overlay(
        &mut self,
        name: &str,
        without: &[&str],
        own: [(&str, Json); 1],
        schema: impl FnOnce(&mut Definitions) -> Json,
    ) -> Json {
        let outside = std::mem::replace(&mut self.of_overlay, true);
        schema(self);
        self.of_overlay = outside;
        if let Some(properties) = self.all.get_mut(name).and_then(|it| it["properties"].as_object_mut()) {
            properties.retain(|key, _| !without.contains(&key.as_str()));
            properties.extend(own.map(|(key, schema)| (key.to_owned(), schema)));
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// All definitions, by name.
    pub(crate) fn into_json(self) -> BTreeMap<String, Json> {
        self.all
    }
}
