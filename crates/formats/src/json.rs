//! Indented JSON.

/// A value as indented JSON.
pub fn json(value: &impl serde::Serialize) -> String {
    // Only maps with keys other than text fail, and there are none.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
