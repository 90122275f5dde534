//! The JSON Schema of `stack.yaml`, for editors.

use serde_json::{Value as Json, json};

use crate::{
    read::{definitions::Definitions, reader::Read},
    stack::Stack,
};

/// The JSON Schema (draft 2020-12) of `stack.yaml`. It knows what each key is; what only the whole file tells,
/// such as whether a name exists, [`parse`](crate::parse()) knows.
pub fn schema() -> Json {
    let mut definitions = Definitions::default();
    let stack = Stack::schema(&mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stack.yaml",
        "$ref": stack["$ref"],
        "$defs": definitions.into_json(),
    })
}
