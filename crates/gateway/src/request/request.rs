//! Requests that the gateway has received and recognised.

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, Uri, body::Incoming, header, http::request::Parts,
};
use serde_json::{Value, json};

use super::{
    body::{Body, BoxError, full, read},
    operation::{self, Invocation, Operation},
    url::scope,
};
use crate::{access::caller::Caller, response::json_response};

/// The longest form of a query-protocol call.
const LONGEST_FORM: usize = 1 << 20;
/// The longest form of a call of a deployed API.
const LONGEST_FORM_TO_AN_API: usize = 10 << 20;

/// A request that the gateway has received and recognised.
pub struct CloudRequest {
    /// The operation that it calls.
    pub operation: Operation,
    /// Its method.
    pub method: Method,
    /// Its path and query, as they were sent.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, which may still be arriving.
    pub body: Body,
    /// Whether its query or its form names an Action.
    pub has_action: bool,
    /// The caller.
    pub caller: Caller,
}

impl CloudRequest {
    /// Recognises a request; a form is read for its Action. `Err` is the answer to a form that can't be read.
    pub(crate) async fn receive(received: Request<Incoming>) -> Result<CloudRequest, Box<Response<Body>>> {
        let (parts, body) = received.into_parts();
        let body = body.map_err(BoxError::from).boxed();
        // A page may PUT a file under this content type (axios does), which is not read.
        let (form, body) = if parts.method == Method::POST && is_form(&parts.headers) {
            let longest = if parts.uri.path() == "/" { LONGEST_FORM } else { LONGEST_FORM_TO_AN_API };
            match read(body, longest).await {
                Some(bytes) => (Some(bytes.clone()), full(bytes)),
                None => {
                    let body = json!({"message": "the form could not be read, or is too long"});
                    return Err(Box::new(json_response(StatusCode::PAYLOAD_TOO_LARGE, &body)));
                }
            }
        } else {
            (None, body)
        };
        let operation = operation::recognise(&parts.method, &parts.uri, &parts.headers, form.as_deref());
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let has_action = operation::has_action(query) || form.as_deref().is_some_and(operation::has_action);
        let Parts { method, uri, headers, .. } = parts;
        Ok(CloudRequest { operation, method, uri, headers, body, has_action, caller: Caller::Anyone })
    }

    /// The region of a request that the root key signed.
    pub fn root_region(&self) -> Option<String> {
        let scope = scope(&self.uri, &self.headers)?;
        (self.caller == Caller::Root).then(|| scope.region.to_owned())
    }

    /// Reads the whole body and keeps it for the emulator; `None` when it breaks off.
    pub async fn read_whole(&mut self) -> Option<Bytes> {
        let body = read(std::mem::take(&mut self.body), usize::MAX).await?;
        self.body = full(body.clone());
        Some(body)
    }

    /// The call of a deployed API, if the request is one.
    pub fn invocation(&self) -> Option<Invocation<'_>> {
        operation::invocation(&self.uri, &self.headers)
    }

    /// Reads the body as text and keeps it for the emulator.
    pub async fn read_text(&mut self) -> String {
        let body = read(std::mem::take(&mut self.body), usize::MAX).await.unwrap_or_default();
        self.body = full(body.clone());
        String::from_utf8_lossy(&body).into_owned()
    }

    /// Replaces the body.
    pub fn replace_body(&mut self, text: String) {
        // The header has the former body's length.
        self.headers.remove(header::CONTENT_LENGTH);
        self.body = full(text);
    }

    /// Reads the body as JSON and keeps it for the emulator.
    pub async fn read_json(&mut self) -> Option<Value> {
        let body = read(std::mem::take(&mut self.body), LONGEST_FORM).await?;
        self.body = full(body.clone());
        serde_json::from_slice(&body).ok()
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).map(|it| String::from_utf8_lossy(it.as_bytes()).to_lowercase());
    content_type.is_some_and(|it| it.contains("x-www-form-urlencoded"))
}
