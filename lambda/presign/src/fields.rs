//! The fields of a request's body. One of another kind than it must be is refused, never taken as absent: without its
//! `uploadId`, the end of an upload would be the end of a file.

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
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(invalid(name, format!("`{name}` must be a text that is not empty"))),
        }
    }

    /// A whole number, not below zero.
    pub fn number(self, name: &str) -> Result<Option<u64>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(number)),
                None => Err(invalid(name, format!("`{name}` must be a whole number, not below zero"))),
            },
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
