//! Records whole requests in a file, for tests that check them against AWS's service models.

use std::{fs::File, io::Write, sync::Mutex};

use hyper::header;
use serde_json::{Value, json};

use crate::request::request::CloudRequest;

/// The beginning of the application's name in the user agent of stackctl's clients.
const AGENT: &str = "app/stackctl";

/// Headers whose values are secrets.
const SECRET: [&str; 2] = ["authorization", "x-amz-security-token"];

/// The file of recorded requests.
pub struct Recording(Mutex<File>);

impl Recording {
    /// Adds its lines to an open file.
    pub fn new(file: File) -> Recording {
        Recording(Mutex::new(file))
    }

    /// Adds a request of stackctl's clients as a JSON line. The body is kept for the emulator.
    pub(crate) async fn add(&self, request: &mut CloudRequest) {
        let agent = request.headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok());
        if !agent.is_some_and(|it| it.split(' ').any(|word| word.starts_with(AGENT))) {
            return;
        }
        let body = request.read_text().await;
        let headers = request.headers.iter().filter(|(name, _)| !SECRET.contains(&name.as_str()));
        let headers: Vec<_> =
            headers.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect();
        let line = json!({
            "service": request.operation.service,
            "operation": request.operation.name,
            "method": request.method.as_str(),
            "uri": request.uri.to_string(),
            "headers": headers,
            "body": without_secrets(body),
        });
        let mut file = self.0.lock().expect("no code panics while holding it");
        // A full disk is no reason to refuse the request.
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }
}

/// A JSON body without code, its passwords and secrets masked at the same length.
fn without_secrets(body: String) -> String {
    match serde_json::from_str::<Value>(&body) {
        Ok(mut value @ Value::Object(_)) => {
            mask(&mut value);
            value.to_string()
        }
        _ => body,
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_secure = members.get("Type").is_some_and(|it| it == "SecureString");
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "Value" && is_secure => *text = "x".repeat(text.len()),
                    Value::String(text) if name.ends_with("Password") => {
                        *text = text.chars().map(|it| if it.is_whitespace() { it } else { 'x' }).collect();
                    }
                    Value::String(text) if name == "ZipFile" => "AAAA".clone_into(text),
                    member => mask(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_as_long_as_before() {
        let body = r#"{"Username":"ada","TemporaryPassword":"a ö","x":[{"Password":"secret"}],"ZipFile":"UEsDBA=="}"#;
        assert_eq!(
            without_secrets(body.to_owned()),
            r#"{"TemporaryPassword":"x x","Username":"ada","ZipFile":"AAAA","x":[{"Password":"xxxxxx"}]}"#
        );
        assert_eq!(
            without_secrets(r#"{"Name":"/a","Type":"SecureString","Value":"whsec_"}"#.to_owned()),
            r#"{"Name":"/a","Type":"SecureString","Value":"xxxxxx"}"#
        );
        assert_eq!(without_secrets("Action=GetRole".to_owned()), "Action=GetRole");
    }
}
