//! The policy of a function: which of its statements are ours and what each lets invoke it, and what the others allow.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::policy::{Policy, statements};

/// The beginning of the ids of stackctl's statements.
pub const STATEMENT: &str = "stackctl-";

/// Lambda takes no longer id (LAM-53).
const LONGEST: usize = 100;

/// The id of the statement that lets a stage of an API invoke. One that would be too long ends in a digest of itself.
pub fn statement_id(api: &str, stage: &str) -> String {
    let id = format!("{STATEMENT}{api}-{stage}");
    if id.len() <= LONGEST {
        return id;
    }
    let digest: String = Sha256::digest(&id).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let kept: String = id.chars().take(LONGEST - digest.len() - 1).collect();
    format!("{kept}-{digest}")
}

/// The beginning of the ids of the statements that let S3 invoke. No API's name begins with a capital letter, so these
/// ids are none of an API's.
const BUCKET_STATEMENT: &str = "stackctl-S3-";

/// The id of the statement that lets S3 invoke for a bucket, by the bucket's logical name.
pub fn bucket_statement_id(bucket: &str) -> String {
    format!("{BUCKET_STATEMENT}{bucket}")
}

/// Our statements of a function's policy (LAM-46) that let stages of APIs invoke, each with the source that it lets
/// invoke; `None` for a statement of another form.
///
/// # Errors
/// A text that is not JSON, or not a policy.
pub fn permissions(policy: &str) -> Result<BTreeMap<String, Option<String>>, serde_json::Error> {
    let ours = own(policy)?.into_iter().filter(|(id, _)| !id.starts_with(BUCKET_STATEMENT));
    Ok(ours.map(|(id, statement)| (id, source(&statement))).collect())
}

/// The bucket for which a statement lets S3 invoke. A bucket's ARN does not name the account, so the statement does
/// (LAM-74).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSource {
    /// The ARN of the bucket.
    pub bucket: String,
    /// The id of the account that must own it.
    pub account: String,
}

impl fmt::Display for BucketSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BucketSource { bucket, account } = self;
        write!(out, "{bucket} of account {account}")
    }
}

/// Our statements of a function's policy that let S3 invoke, each with its bucket; `None` for a statement of another
/// form.
///
/// # Errors
/// A text that is not JSON, or not a policy.
pub fn bucket_permissions(policy: &str) -> Result<BTreeMap<String, Option<BucketSource>>, serde_json::Error> {
    let ours = own(policy)?.into_iter().filter(|(id, _)| id.starts_with(BUCKET_STATEMENT));
    Ok(ours.map(|(id, statement)| (id, bucket_source(&statement))).collect())
}

/// Our statements, each with its id.
fn own(policy: &str) -> Result<Vec<(String, Value)>, serde_json::Error> {
    let ours = statements(policy)?.into_iter().filter_map(|mut statement| match statement.remove("Sid") {
        Some(Value::String(id)) if id.starts_with(STATEMENT) => Some((id, statement.into())),
        _ => None,
    });
    Ok(ours.collect())
}

/// A statement that allows something and is not stackctl's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Its id.
    pub id: String,
    /// The allowed access, for a person to read.
    pub text: String,
    /// Whether it is for everybody, without a condition.
    pub for_all: bool,
}

/// The statements that are not ours and allow something.
///
/// # Errors
/// A text that is not JSON, or not a policy.
pub fn foreign(policy: &str) -> Result<Vec<Foreign>, serde_json::Error> {
    let others = statements(policy)?.into_iter().filter_map(|mut statement| {
        let id = statement.get("Sid").and_then(Value::as_str).unwrap_or_default().to_owned();
        if id.starts_with(STATEMENT) || statement.get("Effect").is_some_and(|it| it == "Deny") {
            return None;
        }
        // It is always this function.
        statement.remove("Resource");
        let principal = statement.get("Principal");
        let everybody = principal.is_some_and(|it| it == "*" || only_text(&it["AWS"]) == Some("*"));
        let for_all = everybody && statement.get("Condition").is_none();
        Some(Foreign { id, text: Policy::of([statement.into()]).lines().join("; "), for_all })
    });
    Ok(others.collect())
}

/// The source of a statement that lets API Gateway invoke, and nothing else.
fn source(statement: &Value) -> Option<String> {
    let (operator, keys) = only_field(&statement["Condition"])?;
    let (key, source) = only_field(keys)?;
    let expected = lets_invoke(statement, "apigateway.amazonaws.com")
        && operator == "ArnLike"
        && key.eq_ignore_ascii_case("AWS:SourceArn");
    only_text(source).filter(|_| expected).map(str::to_owned)
}

/// The bucket of a statement that lets S3 invoke for one bucket of one account, and nothing else.
fn bucket_source(statement: &Value) -> Option<BucketSource> {
    let condition = statement["Condition"].as_object().filter(|it| it.len() == 2)?;
    let value = |operator: &str, name: &str| {
        let (key, value) = only_field(condition.get(operator)?)?;
        only_text(value).filter(|_| key.eq_ignore_ascii_case(name)).map(str::to_owned)
    };
    let source = BucketSource {
        bucket: value("ArnLike", "AWS:SourceArn")?,
        account: value("StringEquals", "AWS:SourceAccount")?,
    };
    lets_invoke(statement, "s3.amazonaws.com").then_some(source)
}

/// Whether a statement lets a service, and nothing else, invoke; its condition aside.
fn lets_invoke(statement: &Value, service: &str) -> bool {
    let principal = only_field(&statement["Principal"]);
    statement["Effect"] == "Allow"
        && principal.is_some_and(|(kind, it)| kind == "Service" && only_text(it) == Some(service))
        && only_text(&statement["Action"]) == Some("lambda:InvokeFunction")
}

fn only_field(value: &Value) -> Option<(&String, &Value)> {
    value.as_object().filter(|all| all.len() == 1)?.iter().next()
}

fn only_text(value: &Value) -> Option<&str> {
    match value {
        Value::Array(all) if all.len() == 1 => all[0].as_str(),
        one => one.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(change: impl FnOnce(&mut Value)) -> BTreeMap<String, Option<String>> {
        let mut policy = serde_json::json!({ "Version": "2012-10-17", "Id": "default", "Statement": [{
            "Sid": "stackctl-uploads-production", "Effect": "Allow",
            "Principal": { "Service": "apigateway.amazonaws.com" },
            "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:eu-west-1:1:function:f",
            "Condition": { "ArnLike": { "AWS:SourceArn": "arn:aws:execute-api:eu-west-1:1:api/production/*" } },
        }] });
        change(&mut policy["Statement"][0]);
        permissions(&policy.to_string()).unwrap()
    }

    #[test]
    fn what_others_allow() {
        let policy = |statements: Value| foreign(&serde_json::json!({ "Statement": statements }).to_string());
        let evil = serde_json::json!({
            "Sid": "evil", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "f",
        });
        let found =
            |for_all, text: &str| vec![Foreign { id: "evil".to_owned(), text: text.to_owned(), for_all }];
        let open = r#"Allow lambda:InvokeFunction, Principal {"AWS":["*"]}"#;
        assert_eq!(policy(evil.clone()).unwrap(), found(true, open));
        let change = |field: &str, value: Value| {
            let mut one = evil.clone();
            one[field] = value;
            policy(serde_json::json!([one])).unwrap()
        };
        assert_eq!(change("Principal", serde_json::json!({ "AWS": ["*"] })), found(true, open));
        assert_eq!(change("Effect", "Deny".into()), []);
        assert_eq!(change("Sid", "stackctl-x".into()), []);
        let condition = serde_json::json!({ "StringEquals": { "aws:SourceAccount": "1" } });
        assert_eq!(
            change("Condition", condition),
            found(false, &format!(r#"{open}, Condition {{"StringEquals":{{"aws:SourceAccount":["1"]}}}}"#))
        );
        assert_eq!(
            change("Principal", serde_json::json!({ "Service": "events.amazonaws.com" })),
            found(false, r#"Allow lambda:InvokeFunction, Principal {"Service":["events.amazonaws.com"]}"#)
        );
        // Without an id no command can name it, and it is shown all the same.
        assert_eq!(change("Sid", Value::Null)[0].id, "");
    }

    #[test]
    fn ids_are_as_long_as_lambda_takes() {
        assert_eq!(statement_id("uploads", "production"), "stackctl-uploads-production");
        let stage = |length| "s".repeat(length);
        assert_eq!(statement_id("uploads", &stage(83)), format!("stackctl-uploads-{}", stage(83)));
        let long = [84, 85, 128].map(|length| statement_id("uploads", &stage(length)));
        assert!(long.iter().all(|id| id.len() == 100 && id.starts_with("stackctl-uploads-sss")), "{long:?}");
        assert!(long[0] != long[1] && long[1] != long[2]);
        assert_eq!(long[2], statement_id("uploads", &stage(128)));
    }

    #[test]
    fn only_our_own_form_has_a_source() {
        let ours = |source: Option<&str>| {
            BTreeMap::from([("stackctl-uploads-production".to_owned(), source.map(str::to_owned))])
        };
        assert_eq!(statement(|_| {}), ours(Some("arn:aws:execute-api:eu-west-1:1:api/production/*")));
        assert_eq!(statement(|it| it["Effect"] = "Deny".into()), ours(None));
        assert_eq!(statement(|it| it["Principal"] = "*".into()), ours(None));
        assert_eq!(statement(|it| it["Principal"]["AWS"] = "*".into()), ours(None));
        assert_eq!(statement(|it| it["Condition"] = Value::Null), ours(None));
        assert_eq!(statement(|it| it["Action"] = "lambda:*".into()), ours(None));
        assert_eq!(statement(|it| it["Sid"] = "someone".into()), BTreeMap::new());
    }

    #[test]
    fn only_our_own_form_lets_s3_invoke_for_a_bucket() {
        let check = |change: &dyn Fn(&mut Value)| {
            let mut statement = serde_json::json!({
                "Sid": bucket_statement_id("uploads"), "Effect": "Allow",
                "Principal": { "Service": "s3.amazonaws.com" },
                "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:eu-west-1:1:function:f",
                "Condition": {
                    "StringEquals": { "AWS:SourceAccount": "1" },
                    "ArnLike": { "AWS:SourceArn": "arn:aws:s3:::uploads" },
                },
            });
            change(&mut statement);
            let policy = serde_json::json!({ "Statement": [statement] }).to_string();
            assert_eq!(permissions(&policy).unwrap(), BTreeMap::new());
            bucket_permissions(&policy).unwrap().remove("stackctl-S3-uploads")
        };
        let source = BucketSource { bucket: "arn:aws:s3:::uploads".to_owned(), account: "1".to_owned() };
        assert_eq!(check(&|_| {}), Some(Some(source)));
        assert_eq!(check(&|it| it["Condition"]["StringEquals"] = Value::Null), Some(None));
        assert_eq!(check(&|it| drop(it["Condition"].as_object_mut().unwrap().remove("ArnLike"))), Some(None));
        assert_eq!(check(&|it| it["Condition"]["Bool"] = serde_json::json!({ "a": "b" })), Some(None));
        assert_eq!(check(&|it| it["Principal"] = "*".into()), Some(None));
        assert_eq!(check(&|it| it["Effect"] = "Deny".into()), Some(None));
        assert_eq!(check(&|it| it["Sid"] = "mine".into()), None);
    }
}
