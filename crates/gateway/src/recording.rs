//! Whole requests in a file, where tests ask for it: AWS's service models say whether each is valid.

use std::{fs::File, io::Write, sync::Mutex};

use hyper::header;
use serde_json::{Value, json};

use crate::request::request::Asked;

/// The beginning of the application's name in the user agent of stackctl's clients.
const AGENT: &str = "app/stackctl";

/// Headers whose values are secrets.
const SECRET: [&str; 2] = ["authorization", "x-amz-security-token"];

/// The file, for this user alone.
pub struct Recording(Mutex<File>);

impl Recording {
    /// Adds its lines to an open file.
    pub fn new(file: File) -> Recording {
        Recording(Mutex::new(file))
    }

    /// Adds a request of stackctl's own, as a JSON line. Its body stays there for the emulator.
    pub(crate) async fn add(&self, asked: &mut Asked) {
        let agent = asked.headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok());
        if !agent.is_some_and(|it| it.split(' ').any(|word| word.starts_with(AGENT))) {
            return;
        }
        let body = asked.read_text().await;
        let headers = asked.headers.iter().filter(|(name, _)| !SECRET.contains(&name.as_str()));
        let headers: Vec<_> =
            headers.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect();
        let line = json!({
            "service": asked.operation.service,
            "operation": asked.operation.name,
            "method": asked.method.as_str(),
            "uri": asked.uri.to_string(),
            "headers": headers,
            "body": without_secrets(body),
        });
        let mut file = self.0.lock().expect("nothing panics while holding it");
        // A full disk is no reason to refuse the request.
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }
}

/// A JSON body with its passwords masked, as long as before, and without code.
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
            for (name, member) in members {
                match member {
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
        assert_eq!(without_secrets("Action=GetRole".to_owned()), "Action=GetRole");
    }
}
