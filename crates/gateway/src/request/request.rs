//! A request that the gateway has received and recognised.

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

/// A form this long is no call of the query protocol.
const LONGEST_FORM: usize = 1 << 20;
/// A form this long is no call of an API either.
const LONGEST_FORM_TO_AN_API: usize = 10 << 20;

/// A request on its way to the emulator.
pub struct Asked {
    /// What it asks for.
    pub operation: Operation,
    /// Its method.
    pub method: Method,
    /// Its path and query, as they were sent.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, which may be on its way.
    pub body: Body,
    /// Whether its query or its form names an Action.
    pub has_action: bool,
    /// Who sends it.
    pub caller: Caller,
}

impl Asked {
    /// The region of a request that the root key signed.
    pub fn root_region(&self) -> Option<String> {
        let scope = scope(&self.uri, &self.headers)?;
        (self.caller == Caller::Root).then(|| scope.region.to_owned())
    }

    /// The whole body, which stays there for the emulator; none when it breaks off.
    pub async fn read_whole(&mut self) -> Option<Bytes> {
        let body = read(std::mem::take(&mut self.body), usize::MAX).await?;
        self.body = full(body.clone());
        Some(body)
    }

    /// The API call that this is, if it is one.
    pub fn invocation(&self) -> Option<Invocation<'_>> {
        operation::invocation(&self.uri, &self.headers)
    }

    /// The body as text, which stays there for the emulator.
    pub async fn read_text(&mut self) -> String {
        let body = read(std::mem::take(&mut self.body), usize::MAX).await.unwrap_or_default();
        self.body = full(body.clone());
        String::from_utf8_lossy(&body).into_owned()
    }

    /// Sends another body on.
    pub fn replace_body(&mut self, text: String) {
        // The length is that of the former.
        self.headers.remove(header::CONTENT_LENGTH);
        self.body = full(text);
    }

    /// The body as JSON, which stays there for the emulator.
    pub async fn read_json(&mut self) -> Option<Value> {
        let body = read(std::mem::take(&mut self.body), LONGEST_FORM).await?;
        self.body = full(body.clone());
        serde_json::from_slice(&body).ok()
    }
}

/// Recognises a request; a form is read for its Action.
pub(crate) async fn asked(request: Request<Incoming>) -> Result<Asked, Box<Response<Body>>> {
    let (parts, body) = request.into_parts();
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
    Ok(Asked { operation, method, uri, headers, body, has_action, caller: Caller::Anyone })
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).map(|it| String::from_utf8_lossy(it.as_bytes()).to_lowercase());
    content_type.is_some_and(|it| it.contains("x-www-form-urlencoded"))
}
