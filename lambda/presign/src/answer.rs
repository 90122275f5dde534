//! Answers and errors: always JSON, always with CORS for the pages that may ask.

use serde_json::{Map, Value, json};

use crate::request::Request;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    body: Value,
}

/// Why a request is refused.
#[derive(Debug)]
pub struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    more: Map<String, Value>,
}

impl Refusal {
    /// A refusal with a stable code and a message for people.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into(), more: Map::new() }
    }

    /// The same with one more field.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Refusal {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// As an answer.
    pub fn answer(self, request: &Request) -> Answer {
        let mut error = self.more;
        error.insert("code".to_owned(), self.code.into());
        error.insert("message".to_owned(), self.message.into());
        Answer { status: self.status, body: json!({ "error": error, "requestId": request.id }) }
    }
}

impl Answer {
    /// 200.
    pub fn ok(body: Value) -> Answer {
        Answer { status: 200, body }
    }

    /// The function's environment is wrong.
    pub fn misconfigured(why: &str, request: &Request) -> Answer {
        Refusal::new(500, "Misconfigured", why).answer(request)
    }

    /// What API Gateway takes from a function (LAM-49).
    pub fn to_event(&self, request: &Request) -> Value {
        let mut headers = json!({
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "Vary": "Origin",
        });
        if let Some(origin) = allowed_origin(request) {
            headers["Access-Control-Allow-Origin"] = origin.into();
        }
        json!({ "statusCode": self.status, "headers": headers, "body": self.body.to_string() })
    }
}

/// The caller's origin when it is in the stage's list; `*` when any is.
fn allowed_origin(Request { origin, origins, .. }: &Request) -> Option<String> {
    let (origin, origins) = (origin.as_ref()?, origins.as_ref()?);
    if origins == "any" {
        return Some("*".to_owned());
    }
    origins.split(',').any(|allowed| allowed == origin).then(|| origin.clone())
}
