//! Policy documents, compared by meaning.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::account::Arn;

/// A policy document in its one canonical form: statements, actions, resources, principals and condition values are
/// sets, a scalar is a set of one, and ids of statements do not count (IAM-13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy(BTreeSet<String>);

impl Policy {
    /// A document of these statements.
    pub fn of(statements: impl IntoIterator<Item = Value>) -> Policy {
        Policy(statements.into_iter().map(|statement| canonical(statement).to_string()).collect())
    }

    /// Reads a document as AWS returns it.
    ///
    /// # Errors
    /// A text that is not JSON, or not a policy.
    pub fn parse(text: &str) -> Result<Policy, serde_json::Error> {
        Ok(Policy::of(statements(text)?.into_iter().map(Value::Object)))
    }

    /// Reads a document as IAM returns it: percent-encoded (IAM-12).
    ///
    /// # Errors
    /// A text that is not JSON, or not a policy.
    pub fn decode(text: &str) -> Result<Policy, serde_json::Error> {
        let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        Policy::parse(&text)
    }

    /// The document to send.
    pub fn document(&self) -> String {
        self.to_json().to_string()
    }

    /// The document as a value.
    pub fn to_json(&self) -> Value {
        let statements: Vec<Value> =
            self.0.iter().map(|text| serde_json::from_str(text).expect("written by `of`")).collect();
        json!({ "Version": "2012-10-17", "Statement": statements })
    }

    /// Each statement on a line of its own, for a person to read.
    pub fn lines(&self) -> Vec<String> {
        self.0.iter().map(|text| line(&serde_json::from_str(text).expect("written by `of`"))).collect()
    }
}

/// The statements of a document: one of them may stand alone.
///
/// # Errors
/// A text that is not JSON, or not a policy.
pub fn statements(text: &str) -> Result<Vec<Map<String, Value>>, serde_json::Error> {
    let mut document: Map<String, Value> = serde_json::from_str(text)?;
    match document.remove("Statement") {
        Some(Value::Object(one)) => Ok(vec![one]),
        Some(all) => serde_json::from_value(all),
        None => Ok(Vec::new()),
    }
}

/// The trust policy that lets a service assume a role.
pub fn trust(service: &str) -> Policy {
    Policy::of([json!({
        "Effect": "Allow",
        "Principal": { "Service": service },
        "Action": "sts:AssumeRole",
    })])
}

/// Refuses everything that does not come over TLS to a bucket.
pub fn tls_only(bucket: &Arn) -> Policy {
    Policy::of([json!({
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket.0, format!("{bucket}/*")],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    })])
}

fn canonical(statement: Value) -> Value {
    let Value::Object(fields) = statement else { return statement };
    let fields = fields.into_iter().filter(|(name, _)| name != "Sid").map(|(name, value)| {
        let value = match name.as_str() {
            "Action" | "NotAction" | "Resource" | "NotResource" => set(value),
            "Principal" | "NotPrincipal" => match value {
                // `"*"` and `{"AWS": "*"}` are the same.
                Value::String(all) => json!({ "AWS": [all] }),
                Value::Object(kinds) => each(kinds, set),
                other => other,
            },
            "Condition" => match value {
                Value::Object(operators) => each(operators, |keys| match keys {
                    Value::Object(keys) => each(keys, set),
                    other => other,
                }),
                other => other,
            },
            _ => value,
        };
        (name, value)
    });
    Value::Object(fields.collect())
}

fn each(map: Map<String, Value>, change: impl Fn(Value) -> Value) -> Value {
    Value::Object(map.into_iter().map(|(key, value)| (key, change(value))).collect())
}

fn set(value: Value) -> Value {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let all: BTreeSet<String> = match &value {
        Value::Array(all) => all.iter().map(text).collect(),
        one => BTreeSet::from([text(one)]),
    };
    json!(all)
}

fn line(statement: &Value) -> String {
    let list = |name: &str| match statement.get(name) {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    let mut line = format!("{} {}", statement["Effect"].as_str().unwrap_or("?"), list("Action"));
    if statement.get("Resource").is_some() {
        line += &format!(" on {}", list("Resource"));
    }
    for name in ["Principal", "Condition", "NotAction", "NotResource", "NotPrincipal"] {
        if let Some(value) = statement.get(name) {
            line += &format!(", {name} {value}");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(left: &str, right: &str, same: bool) {
        assert_eq!(Policy::parse(left).unwrap() == Policy::parse(right).unwrap(), same, "{left}\n{right}");
    }

    #[test]
    fn meaning_counts_and_form_does_not() {
        let one = r#"{"Statement":{"Sid":"1","Effect":"Allow","Action":"a:B","Resource":["x","y"]}}"#;
        check(one, r#"{"Statement":[{"Effect":"Allow","Resource":["y","x"],"Action":["a:B"]}]}"#, true);
        check(one, r#"{"Statement":[{"Effect":"Deny","Resource":["y","x"],"Action":["a:B"]}]}"#, false);
        check(one, r#"{"Statement":[{"Effect":"Allow","Resource":["y"],"Action":["a:B"]}]}"#, false);
        check(
            r#"{"Statement":[{"Effect":"Deny","Principal":"*","Condition":{"Bool":{"k":false}}}]}"#,
            r#"{"Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Condition":{"Bool":{"k":["false"]}}}]}"#,
            true,
        );
    }

    #[test]
    fn documents_survive_iam() {
        let policy = trust("lambda.amazonaws.com");
        let document = policy.document();
        let encoded = percent_encoding::utf8_percent_encode(&document, percent_encoding::NON_ALPHANUMERIC);
        assert_eq!(Policy::decode(&encoded.to_string()).unwrap(), policy);
    }
}
