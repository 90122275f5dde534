//! The problems found while a document is read, and access to its parts.

use serde_json::Value;

/// Collects the errors and warnings that AWS would report for a document.
#[derive(Default)]
pub(crate) struct Reader {
    pub errors: Vec<String>,
    pub warnings: Vec<String>,
}

/// The members of an object; none of anything else.
pub(crate) fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The strings of a list; none of anything else.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}
