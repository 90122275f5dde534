//! Responses and refusals: always JSON, always with CORS for the pages that may call the API.

use serde_json::{Map, Value, json};

use crate::request::Request;

/// A refusal of a request.
#[derive(Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code for programs; never renamed.
    pub code: &'static str,
    /// The message for people.
    pub message: String,
    more: Map<String, Value>,
}

impl Refusal {
    /// A refusal with a stable code and a message for people.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into(), more: Map::new() }
    }

    /// Adds a field.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Refusal {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// The body of the response.
    pub fn body(self, request_id: &str) -> Value {
        let Refusal { status: _, code, message, more: mut error } = self;
        error.insert("code".to_owned(), code.into());
        error.insert("message".to_owned(), message.into());
        json!({ "error": error, "requestId": request_id })
    }
}

/// The response that API Gateway accepts from a function (LAM-49).
pub fn event(status: u16, body: &Value, request: &Request) -> Value {
    let mut headers = json!({
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "Vary": "Origin",
    });
    if let Some(origin) = allowed_origin(request) {
        headers["Access-Control-Allow-Origin"] = origin.into();
    }
    json!({ "statusCode": status, "headers": headers, "body": body.to_string() })
}

/// The caller's origin when it is in the stage's list; `*` when the list allows any.
fn allowed_origin(Request { origin, origins, .. }: &Request) -> Option<&str> {
    let (origin, origins) = (origin.as_deref()?, origins.as_deref()?);
    if origins == "any" {
        return Some("*");
    }
    origins.split(',').any(|allowed| allowed.trim() == origin).then_some(origin)
}
