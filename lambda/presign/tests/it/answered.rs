//! What holds for the answer to any event. The fuzz target `event` tries it too.

use serde_json::Value;

use crate::asking::{endpoint, now};

/// Asks an endpoint that has all grants, and looks at the answer; says whether it is good.
pub fn check(event: &Value) -> bool {
    let answer = endpoint(&[("MAX_BYTES", "1MB")]).handle(event, now()).answer;
    let status = answer["statusCode"].as_u64().unwrap();
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    let headers = answer["headers"].as_object().unwrap();
    assert!(headers.values().all(Value::is_string) && headers["Vary"] == "Origin", "{event}");
    let origins = event["stageVariables"]["CORS_ORIGINS"].as_str().unwrap_or_default();
    if let Some(told) = headers.get("Access-Control-Allow-Origin").and_then(Value::as_str) {
        let listed = origins.split(',').any(|it| it.trim() == told);
        assert!(if origins == "any" { told == "*" } else { listed }, "{told} for {event}");
    }
    if status != 200 {
        assert!((400..500).contains(&status) && body["error"]["code"].is_string(), "{body} for {event}");
        return false;
    }
    let key = match (body.as_str(), body["fields"]["key"].as_str()) {
        (Some(url), _) => key_of(url),
        (None, Some(key)) => key.to_owned(),
        (None, None) => key_of(body["url"].as_str().unwrap()),
    };
    let sub = event["requestContext"]["authorizer"]["claims"]["sub"].as_str().unwrap();
    let rest = key.strip_prefix("uploads/").and_then(|it| it.strip_prefix(sub)?.strip_prefix('/'));
    let rest = rest.unwrap_or_else(|| panic!("{key} for {event}"));
    assert!(!sub.is_empty() && !sub.contains('/'), "{event}");
    assert!(
        !rest.contains("//") && !rest.split('/').any(|part| part == "." || part == ".."),
        "{key} for {event}"
    );
    check_sizes(event, &body);
    true
}

/// No URL lets more in than the endpoint's limit, which is set: the size is signed, or the form has a range.
fn check_sizes(event: &Value, body: &Value) {
    let url = body.as_str().or_else(|| body["url"].as_str()).unwrap();
    let is_put = body.is_string() || body["method"] == "PUT";
    let is_end = body["method"] == "POST" && url.contains("uploadId=");
    let needed = if is_put { "content-length" } else { "x-amz-mp-object-size" };
    assert!(!(is_put || is_end) || url.contains(needed), "{url} for {event}");
    assert!(!is_put || url.contains("If-None-Match=%2A") || url.contains("partNumber="), "{url} for {event}");
}

/// The path of a URL, decoded; a listing's prefix.
fn key_of(url: &str) -> String {
    let (address, query) = url.split_once('?').unwrap();
    let key = address.strip_prefix("https://my-bucket.s3.eu-west-1.amazonaws.com/").unwrap();
    let prefix = || query.split('&').find_map(|pair| pair.strip_prefix("prefix=")).unwrap();
    let encoded = if key.is_empty() { prefix() } else { key };
    percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap().into_owned()
}
