//! The fields of a request's body. A field of the wrong type, also `null`, is refused and never taken as absent: without
//! its `uploadId`, aborting an upload would delete a file.

use serde_json::{Map, Value};

use crate::{answer::Refusal, request::Request};

/// The body, a JSON object.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The fields of a request that must have a body.
    pub fn of(request: &'a Request) -> Result<Fields<'a>, Refusal> {
        request.body.as_ref().map(Fields).ok_or_else(|| invalid("body", "the body must be a JSON object"))
    }

    /// A text field; it is not empty when present.
    pub fn text(self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(invalid(name, format!("`{name}` must be a text that is not empty"))),
        }
    }

    /// A whole number, not negative. As in JSON Schema, `5.0` and `5e0` are whole.
    pub fn number(self, name: &str) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let whole = |it: &f64| *it >= 0.0 && it.trunc() == *it;
        // A number that is too large becomes the largest one, which no limit allows.
        match value.as_u64().or_else(|| value.as_f64().filter(whole).map(|it| it as u64)) {
            Some(number) => Ok(Some(number)),
            None => Err(invalid(name, format!("`{name}` must be a whole number, not below zero"))),
        }
    }
}

/// The value of a required field.
pub fn needed<T>(name: &str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| invalid(name, format!("`{name}` is missing")))
}

/// The refusal of a request with a wrong field.
pub fn invalid(field: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidRequest", message).with("field", field)
}
