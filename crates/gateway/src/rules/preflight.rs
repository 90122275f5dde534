//! A preflight for several origins: AWS evaluates the mock's response template, the emulator returns its source.

use http_body_util::BodyExt;
use hyper::{
    HeaderMap, Response, StatusCode,
    header::{self, HeaderName, HeaderValue},
};
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::{
    apis::vtl::{self, Parameters, Rendered},
    request::{
        body::{Body, full},
        request::CloudRequest,
        url::query,
    },
    response::json_response,
};

/// Text that only a template's source contains.
const UNEVALUATED: &str = "$context.responseOverride";

/// Evaluates the template that came back as the body, and lets it override the answer.
pub(crate) async fn after(request: &CloudRequest, response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await.map(|it| it.to_bytes()) else { return broken() };
    let template = match str::from_utf8(&body) {
        Ok(text) if text.contains(UNEVALUATED) => text,
        _ => return Response::from_parts(parts, full(body)),
    };
    let Ok(Rendered { body, headers, status }) = vtl::render(template, &parameters(request)) else {
        return broken();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    for (name, value) in headers {
        let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) else {
            return broken();
        };
        parts.headers.insert(name, value);
    }
    if let Some(status) = status.and_then(|it| StatusCode::from_u16(it).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, full(body))
}

/// AWS's answer when a template cannot be evaluated.
fn broken() -> Response<Body> {
    let mut response =
        json_response(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "message": "Internal server error" }));
    let kind = HeaderValue::from_static("InternalServerErrorException");
    response.headers_mut().insert("x-amzn-errortype", kind);
    response
}

/// Header names are exact in templates, and browsers speak HTTP/2 to AWS, where all of them are in lower case.
fn parameters(request: &CloudRequest) -> Parameters {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Parameters {
        path: Default::default(),
        query: query(&request.uri).map(|(name, value)| (decoded(name), decoded(value))).collect(),
        header: lower_case(&request.headers),
    }
}

fn lower_case(headers: &HeaderMap) -> std::collections::BTreeMap<String, String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}
