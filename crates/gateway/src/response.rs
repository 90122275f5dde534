//! Answers of the gateway's own.

use hyper::{
    Response, StatusCode,
    header::{self, HeaderValue},
};
use serde_json::json;

use crate::request::body::{Body, full};

/// The gateway's own refusal.
pub fn refused(why: &str) -> Response<Body> {
    json_response(StatusCode::FORBIDDEN, &json!({"message": why}))
}

/// An answer of the gateway's own.
pub fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(full(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
