//! Answers changed on their way back.

use http_body_util::BodyExt;
use hyper::{Response, header};
use serde_json::Value;
use stackctl_gateway::{Body, full};

/// Changes a successful answer's JSON.
pub(crate) async fn json(response: Response<Body>, change: impl FnOnce(&mut Value)) -> Response<Body> {
    text(response, |text| {
        let mut value = serde_json::from_str(text).ok()?;
        change(&mut value);
        Some(value.to_string())
    })
    .await
}

/// Changes a successful answer's text, if there is something to change.
pub(crate) async fn text(
    response: Response<Body>,
    change: impl FnOnce(&str) -> Option<String>,
) -> Response<Body> {
    if !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await.map(|it| it.to_bytes()) else {
        // Broken off: as the caller would have met it, but for the status.
        parts.status = hyper::StatusCode::BAD_GATEWAY;
        return Response::from_parts(parts, full(""));
    };
    match str::from_utf8(&body).ok().and_then(change) {
        Some(changed) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, full(changed))
        }
        None => Response::from_parts(parts, full(body)),
    }
}

/// Drops members that are empty where AWS shows none.
pub(crate) fn drop_empty(value: &mut Value, members: &[&str]) {
    if let Value::Object(map) = value {
        for member in members {
            let empty = match map.get(*member) {
                Some(Value::Null) => true,
                Some(Value::String(it)) => it.is_empty(),
                Some(Value::Array(it)) => it.is_empty(),
                Some(Value::Object(it)) => it.is_empty(),
                Some(Value::Bool(_) | Value::Number(_)) | None => false,
            };
            if empty {
                map.remove(*member);
            }
        }
    }
}

/// Adds members that are not there.
pub(crate) fn add_missing(value: &mut Value, members: Value) {
    if let (Value::Object(map), Value::Object(members)) = (value, members) {
        for (name, member) in members {
            map.entry(name).or_insert(member);
        }
    }
}
