//! Parsers for the bodies of requests and answers.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use stackctl_gateway::CloudRequest;

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

/// The contents of all XML elements of that name, which are not inside each other.
pub(crate) fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let end = format!("</{name}>");
    xml.split(&format!("<{name}>")).skip(1).filter_map(|it| Some(it.split_once(&end)?.0)).collect()
}

/// The content of the first XML element of that name.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}
