//! The fields of a request's body. One of another kind than it must be is refused, `null` too, and never taken as
//! absent: without its `uploadId`, the end of an upload would be the end of a file.

use serde_json::{Map, Value};

use crate::{answer::Refusal, request::Request};

/// The body, a JSON object.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// Of a request that must have a body.
    pub fn of(request: &'a Request) -> Result<Fields<'a>, Refusal> {
        request.body.as_ref().map(Fields).ok_or_else(|| invalid("body", "the body must be a JSON object"))
    }

    /// A text; one that is there is not empty.
    pub fn text(self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(invalid(name, format!("`{name}` must be a text that is not empty"))),
        }
    }

    /// A whole number, not below zero. As in JSON Schema, `5.0` and `5e0` are ones too.
    pub fn number(self, name: &str) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let whole = |it: &f64| *it >= 0.0 && it.trunc() == *it;
        // What is too large for it becomes the largest number, which no limit allows.
        match value.as_u64().or_else(|| value.as_f64().filter(whole).map(|it| it as u64)) {
            Some(number) => Ok(Some(number)),
            None => Err(invalid(name, format!("`{name}` must be a whole number, not below zero"))),
        }
    }
}

/// What must be there.
pub fn needed<T>(name: &str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| invalid(name, format!("`{name}` is missing")))
}

/// A request that can't be understood, and where.
pub fn invalid(field: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidRequest", message).with("field", field)
}
