//! The fields that are read from a proxy event of API Gateway.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value};

use crate::access::groups;

/// A request. Missing fields are empty.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The route's path, as in `/uploads/{key+}`.
    pub resource: String,
    /// The requested path.
    pub path: String,
    /// The value of the route's one parameter.
    pub parameter: Option<String>,
    /// The body, when it is a JSON object.
    pub body: Option<Map<String, Value>>,
    /// The caller: the `sub` of the claims that the authorizer checked, and nothing else.
    pub sub: Option<String>,
    /// The caller's groups, from the same claims.
    pub groups: Vec<String>,
    /// The origin of the page.
    pub origin: Option<String>,
    /// The origins that may call the API, from the stage's variable.
    pub origins: Option<String>,
    /// API Gateway's id of the request.
    pub id: String,
    query: Value,
}

impl Request {
    /// Reads an event; every field may be missing.
    pub fn read(event: &Value) -> Request {
        let context = &event["requestContext"];
        let parameters = event["pathParameters"].as_object();
        Request {
            method: text(&event["httpMethod"]).unwrap_or_default().to_ascii_uppercase(),
            resource: text(&event["resource"]).unwrap_or_default(),
            path: text(&event["path"]).unwrap_or_default(),
            parameter: parameters.and_then(|all| all.values().next()).and_then(text),
            body: body(event),
            sub: text(&context["authorizer"]["claims"]["sub"]),
            groups: groups::read(&context["authorizer"]["claims"]["cognito:groups"]),
            origin: header(event, "origin"),
            origins: text(&event["stageVariables"]["CORS_ORIGINS"]),
            id: text(&context["requestId"]).unwrap_or_default(),
            query: event["queryStringParameters"].clone(),
        }
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query[name].as_str()
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn header(event: &Value, name: &str) -> Option<String> {
    let of = |headers: &'static str| {
        let mut all = event[headers].as_object()?.iter();
        all.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    of("headers").and_then(text).or_else(|| of("multiValueHeaders").and_then(|values| text(&values[0])))
}

fn body(event: &Value) -> Option<Map<String, Value>> {
    let text = event["body"].as_str()?;
    let parsed = if event["isBase64Encoded"] == true {
        serde_json::from_slice(&BASE64_STANDARD.decode(text).ok()?)
    } else {
        serde_json::from_str(text)
    };
    parsed.ok()
}
