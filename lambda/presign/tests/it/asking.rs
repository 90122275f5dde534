//! An endpoint, the events that API Gateway sends it, and what it answers.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use presign::Endpoint;
use serde_json::{Value, json};

/// The page that asks.
pub const PAGE: &str = "http://localhost:5173";

/// 2026-11-24T03:30:00Z
pub fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_491_000)
}

/// With every grant, and with more variables, of which the last of a name counts.
pub fn endpoint(more: &[(&str, &str)]) -> Endpoint {
    let mut variables = vec![
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "a-secret"),
        ("AWS_SESSION_TOKEN", "a-token"),
        ("AWS_REGION", "eu-west-1"),
        ("BUCKET_UPLOADS", "my-bucket"),
        ("GRANTS_UPLOADS", "put,get,list,delete,multipart"),
    ];
    variables.extend(more);
    Endpoint::new(variables.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())))
}

/// An event of a person who is signed in.
pub fn event(method: &str, resource: &str, body: Option<Value>) -> Value {
    json!({
        "httpMethod": method,
        "resource": resource,
        "path": resource,
        "headers": { "origin": PAGE },
        "stageVariables": { "CORS_ORIGINS": format!("{PAGE},http://localhost:3000") },
        "requestContext": { "requestId": "r1", "authorizer": { "claims": { "sub": "me-1" } } },
        "body": body.map(|body| body.to_string()),
        "isBase64Encoded": false,
    })
}

/// An event about a file.
pub fn event_about(method: &str, key: &str) -> Value {
    let mut event = event(method, "/uploads/{key+}", None);
    event["pathParameters"] = json!({ "key": key });
    event
}

/// The status and the body of the answer; CORS is checked on each.
pub fn ask(endpoint: &Endpoint, event: &Value) -> (u64, Value) {
    let answer = endpoint.handle(event, now()).answer;
    assert_eq!(answer["headers"]["Vary"], "Origin");
    assert_eq!(answer["headers"]["Content-Type"], "application/json");
    assert_eq!(answer["headers"]["Access-Control-Allow-Origin"], PAGE, "{answer}");
    let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    (answer["statusCode"].as_u64().unwrap(), body)
}

/// The body of an answer that must be good.
pub fn granted(endpoint: &Endpoint, event: &Value) -> Value {
    let (status, body) = ask(endpoint, event);
    assert_eq!(status, 200, "{event} {body}");
    body
}

/// The status and the code of a refusal.
pub fn refused(endpoint: &Endpoint, event: &Value) -> (u64, String) {
    let (status, body) = ask(endpoint, event);
    assert_eq!(body["requestId"], "r1", "{body}");
    assert!(body["error"]["message"].as_str().is_some_and(|it| !it.is_empty()), "{body}");
    (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
}

/// The names in a URL's query that are not of the signature.
pub fn query_of(url: &str) -> BTreeSet<String> {
    let names = url.split_once('?').unwrap().1.split('&').map(|part| part.split('=').next().unwrap());
    names.filter(|name| !name.starts_with("X-Amz-")).map(str::to_owned).collect()
}

/// The headers that a URL signs.
pub fn signed(url: &str) -> &str {
    url.split_once("X-Amz-SignedHeaders=").unwrap().1.split('&').next().unwrap()
}
