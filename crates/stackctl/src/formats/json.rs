//! JSON to be read by people.

/// Any of our own values as JSON to be read.
pub fn json(value: &impl serde::Serialize) -> String {
    // Only maps whose keys are no text can't be written, and there are none.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
