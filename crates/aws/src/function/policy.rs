//! The policy of a function: which of its statements are ours, and what each lets invoke it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::policy::statements;

/// What the ids of our statements begin with.
pub const STATEMENT: &str = "stackctl-";

/// Our statements of a function's policy (LAM-46), each with the source that it lets invoke.
///
/// # Errors
/// What is not JSON, or not a policy.
pub fn permissions(policy: &str) -> Result<BTreeMap<String, Option<String>>, serde_json::Error> {
    let ours = statements(policy)?.into_iter().filter_map(|mut statement| match statement.remove("Sid") {
        Some(Value::String(id)) if id.starts_with(STATEMENT) => Some((id, source(&statement.into()))),
        _ => None,
    });
    Ok(ours.collect())
}

/// The source of a statement that lets API Gateway invoke, and nothing else.
fn source(statement: &Value) -> Option<String> {
    let (kind, service) = only_field(&statement["Principal"])?;
    let (operator, keys) = only_field(&statement["Condition"])?;
    let (key, source) = only_field(keys)?;
    let expected = statement["Effect"] == "Allow"
        && kind == "Service"
        && only_text(service)? == "apigateway.amazonaws.com"
        && only_text(&statement["Action"])? == "lambda:InvokeFunction"
        && operator == "ArnLike"
        && key.eq_ignore_ascii_case("AWS:SourceArn");
    only_text(source).filter(|_| expected).map(str::to_owned)
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
}
