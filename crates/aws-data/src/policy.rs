//! Policy documents, compared by meaning.

pub mod open;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::account::Arn;

/// A policy document, compared by its meaning: statements, actions, resources, principals and condition values are sets, a
/// scalar is a set of one, and ids of statements do not count (IAM-13).
#[derive(Debug, Clone)]
pub struct Policy {
    /// The statements in their one canonical form.
    meaning: BTreeSet<String>,
    /// The document with the list of its statements, as AWS returned it.
    document: Value,
}

impl PartialEq for Policy {
    fn eq(&self, other: &Policy) -> bool {
        self.meaning == other.meaning
    }
}

impl Eq for Policy {}

impl Policy {
    /// A document of these statements.
    pub fn of(statements: impl IntoIterator<Item = Value>) -> Policy {
        let meaning = meaning(statements);
        let statements: Vec<Value> = meaning.iter().map(|text| read(text)).collect();
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        Policy { meaning, document }
    }

    /// Reads a document as AWS returns it.
    ///
    /// # Errors
    /// A text that is not JSON, or not a policy.
    pub fn parse(text: &str) -> Result<Policy, serde_json::Error> {
        let mut document: Map<String, Value> = serde_json::from_str(text)?;
        let statements: Vec<Value> = statements(text)?.into_iter().map(Value::Object).collect();
        document.insert("Statement".to_owned(), statements.clone().into());
        Ok(Policy { meaning: meaning(statements), document: document.into() })
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
        self.document.to_string()
    }

    /// The document as a value.
    pub fn to_json(&self) -> Value {
        self.document.clone()
    }

    /// Each statement on a line of its own, for a person to read.
    pub fn lines(&self) -> Vec<String> {
        self.meaning.iter().map(|text| line(&read(text))).collect()
    }

    /// The statements in their order, as AWS returned them.
    pub fn statements(&self) -> &[Value] {
        self.document["Statement"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Whether each statement of `own` is in effect here: some statement has its effect and condition, and at least its
    /// actions, resources and principals.
    pub fn covers(&self, own: &Policy) -> bool {
        own.meaning.iter().all(|it| self.covers_statement(&read(it)))
    }

    /// The document with the statements of `own` at its end that are not in effect here yet. All others stay as they are.
    #[must_use]
    pub fn with(&self, own: &Policy) -> Policy {
        let mut all = self.statements().to_vec();
        all.extend(
            own.statements().iter().filter(|it| !self.covers_statement(&canonical((*it).clone()))).cloned(),
        );
        self.of_statements(all)
    }

    /// The document with those of its statements that pass the filter.
    #[must_use]
    pub fn only(&self, filter: impl Fn(&Value) -> bool) -> Policy {
        self.of_statements(self.statements().iter().filter(|it| filter(it)).cloned().collect())
    }

    fn of_statements(&self, statements: Vec<Value>) -> Policy {
        let mut document = self.document.clone();
        document["Statement"] = statements.clone().into();
        Policy { meaning: meaning(statements), document }
    }

    fn covers_statement(&self, own: &Value) -> bool {
        self.meaning.iter().any(|it| covers(&read(it), own))
    }
}

/// Statements in their canonical form.
fn meaning(statements: impl IntoIterator<Item = Value>) -> BTreeSet<String> {
    statements.into_iter().map(|statement| canonical(statement).to_string()).collect()
}

/// A statement in its canonical form, as a value.
fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("written by `meaning`")
}

/// Whether a statement says at least what `own` says; both are canonical.
fn covers(statement: &Value, own: &Value) -> bool {
    let (Some(statement), Some(own)) = (statement.as_object(), own.as_object()) else { return false };
    statement.keys().eq(own.keys())
        && own.iter().all(|(name, own)| {
            let its = &statement[name];
            match (name.as_str(), its, own) {
                ("Action" | "Resource", _, _) => is_subset(own, its),
                ("Principal", Value::Object(its), Value::Object(own)) => {
                    own.iter().all(|(kind, own)| its.get(kind).is_some_and(|its| is_subset(own, its)))
                }
                _ => its == own,
            }
        })
}

fn is_subset(few: &Value, many: &Value) -> bool {
    match (few, many) {
        (Value::Array(few), Value::Array(many)) => few.iter().all(|it| many.contains(it)),
        _ => few == many,
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
    fn what_others_say_is_kept_as_it_is() {
        let own = trust("lambda.amazonaws.com");
        let text = r#"{"Version":"2008-10-17","Id":"theirs","Statement":[
            {"Sid":"b","Effect":"Allow","Principal":{"Service":"edgelambda.amazonaws.com"},"Action":"sts:AssumeRole"},
            {"Sid":"a","Effect":"Deny","Principal":"*","Action":["sts:TagSession"]}]}"#;
        let theirs = Policy::parse(text).unwrap();
        assert!(!theirs.covers(&own));
        let both = theirs.with(&own);
        assert!(both.covers(&own) && both.covers(&theirs));
        assert_eq!(both.with(&own).document(), both.document(), "nothing is added twice");
        let mut expected: Value = serde_json::from_str(text).unwrap();
        expected["Statement"].as_array_mut().unwrap().push(own.to_json()["Statement"][0].clone());
        assert_eq!(both.to_json(), expected);
        assert_eq!(
            both.only(|it| it.get("Sid").is_some()).to_json(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[test]
    fn a_wider_statement_covers() {
        let own = trust("lambda.amazonaws.com");
        let check = |statement: &str, expected: bool| {
            let policy = Policy::parse(&format!(r#"{{"Statement":{statement}}}"#)).unwrap();
            assert_eq!(policy.covers(&own), expected, "{statement}");
        };
        let services = r#"{"Service":["edgelambda.amazonaws.com","lambda.amazonaws.com"]}"#;
        check(&format!(r#"{{"Effect":"Allow","Principal":{services},"Action":"sts:AssumeRole"}}"#), true);
        check(
            &format!(
                r#"{{"Effect":"Allow","Principal":{services},"Action":["sts:TagSession","sts:AssumeRole"]}}"#
            ),
            true,
        );
        check(&format!(r#"{{"Effect":"Deny","Principal":{services},"Action":"sts:AssumeRole"}}"#), false);
        check(&format!(r#"{{"Effect":"Allow","Principal":{services},"Action":"sts:TagSession"}}"#), false);
        check(
            &format!(
                r#"{{"Effect":"Allow","Principal":{services},"Action":"sts:AssumeRole","Condition":{{"Bool":{{"a":"b"}}}}}}"#
            ),
            false,
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
