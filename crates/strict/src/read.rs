//! Parsers for the bodies of requests and answers.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use stackctl_gateway::{CloudRequest, elements};

/// The body as JSON; null when it is not JSON.
pub(crate) async fn read_json(request: &mut CloudRequest) -> Value {
    serde_json::from_str(&request.read_text().await).unwrap_or_default()
}

/// A scalar is a list of one (IAM-13).
pub(crate) fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// A parameter of a form.
pub(crate) fn parameter(form: &str, name: &str) -> Option<String> {
    let value = form.split('&').find_map(|it| it.strip_prefix(name)?.strip_prefix('='))?.replace('+', " ");
    Some(percent_decode_str(&value).decode_utf8_lossy().into_owned())
}

/// The content of the first XML element of that name.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    elements(xml, name).next()
}
