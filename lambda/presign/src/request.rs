//! What is read of a proxy event of API Gateway; everything else of it is ignored.

use serde_json::Value;

/// A request as this function sees it. Whatever is missing is empty.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The route's path, as in `/uploads/{key+}`.
    pub resource: String,
    /// The value of the route's one parameter.
    pub parameter: Option<String>,
    /// The body, when it is a JSON object.
    pub body: Option<Value>,
    /// The query.
    query: Value,
    /// Who asks: the `sub` of the claims that the authorizer checked. Nothing else tells it.
    pub sub: Option<String>,
    /// The page that asks.
    pub origin: Option<String>,
    /// The pages that may ask, as the stage tells.
    pub origins: Option<String>,
    /// API Gateway's id of the request.
    pub id: String,
}

impl Request {
    /// Reads an event; nothing of it is believed to be there.
    pub fn read(event: &Value) -> Request {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let header = |name: &str| {
            let headers = event["headers"].as_object()?;
            headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| text(value))
        };
        let context = &event["requestContext"];
        let parameters = event["pathParameters"].as_object();
        Request {
            method: text(&event["httpMethod"]).unwrap_or_default().to_uppercase(),
            resource: text(&event["resource"]).unwrap_or_default(),
            parameter: parameters.and_then(|all| all.values().next()).and_then(text),
            body: body(event),
            query: event["queryStringParameters"].clone(),
            sub: text(&context["authorizer"]["claims"]["sub"]).filter(|sub| is_sub(sub)),
            origin: header("origin"),
            origins: text(&event["stageVariables"]["CORS_ORIGINS"]),
            id: text(&context["requestId"]).unwrap_or_default(),
        }
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query[name].as_str()
    }

    /// A field of the body, or of the query.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.body.as_ref().and_then(|body| body[name].as_str()).or_else(|| self.query(name))
    }
}

/// Cognito's are UUIDs; whatever it is, it stands in keys.
fn is_sub(sub: &str) -> bool {
    !sub.is_empty()
        && sub.len() <= 128
        && sub.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn body(event: &Value) -> Option<Value> {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let text = event["body"].as_str()?;
    let bytes = if event["isBase64Encoded"] == true {
        BASE64_STANDARD.decode(text).ok()?
    } else {
        text.as_bytes().to_vec()
    };
    serde_json::from_slice(&bytes).ok().filter(Value::is_object)
}
