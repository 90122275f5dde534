//! What requests and answers say, read from their text.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use stackctl_gateway::Asked;

/// The body as JSON; null when it is none.
pub(crate) async fn read_json(asked: &mut Asked) -> Value {
    serde_json::from_str(&asked.read_text().await).unwrap_or_default()
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

/// What stands in an element of XML, without looking at what surrounds it.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}
