//! Whether the policy of a function lets a service invoke it, whatever the form of its statements.

use serde_json::{Map, Value};

use crate::policy::statements;

/// A service that invokes a function for a resource of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation<'a> {
    /// The service, such as `s3.amazonaws.com`.
    pub service: &'a str,
    /// The ARN of the resource, such as a bucket or a method of an API.
    pub source: &'a str,
    /// The account that owns the resource.
    pub account: &'a str,
}

impl Invocation<'_> {
    /// Whether a policy allows it. Conditions on other keys than the source are not judged: an allowing statement with one
    /// does not count.
    ///
    /// # Errors
    /// A text that is not JSON, or not a policy.
    pub fn is_allowed(&self, policy: &str) -> Result<bool, serde_json::Error> {
        let statements = statements(policy)?;
        let has = |statement: &Map<String, Value>, effect: &str| {
            statement.get("Effect").is_some_and(|it| it == effect)
        };
        let any = |effect: &str| statements.iter().any(|it| has(it, effect) && self.fits(it));
        Ok(any("Allow") && !any("Deny"))
    }

    fn fits(&self, statement: &Map<String, Value>) -> bool {
        let field = |name: &str| statement.get(name).unwrap_or(&Value::Null);
        let principal = field("Principal");
        let is_service =
            *principal == "*" || texts(&principal["Service"]).any(|it| it == self.service || it == "*");
        let acts = texts(field("Action")).any(|it| is_like(&it.to_lowercase(), "lambda:invokefunction"));
        let conditions = field("Condition").as_object().into_iter().flatten();
        let mut keys = conditions.flat_map(|(operator, keys)| {
            keys.as_object().into_iter().flatten().map(move |(key, values)| (operator, key, values))
        });
        is_service && acts && keys.all(|(operator, key, values)| self.meets(operator, key, values))
    }

    fn meets(&self, operator: &str, key: &str, values: &Value) -> bool {
        let actual = match key.to_ascii_lowercase().as_str() {
            "aws:sourcearn" => self.source,
            "aws:sourceaccount" => self.account,
            _ => return false,
        };
        texts(values).any(|value| match operator {
            "ArnLike" | "ArnEquals" | "StringLike" => is_like(value, actual),
            "StringEquals" => value == actual,
            _ => false,
        })
    }
}

/// The texts of a value that is one or a list.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let all = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    all.iter().filter_map(Value::as_str)
}

/// Whether a text fits a pattern in which `*` stands for any text and `?` for any character.
fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // Whether the pattern so far fits the first `n` characters.
    let mut fits = vec![false; text.len() + 1];
    fits[0] = true;
    for part in pattern {
        let before = fits.clone();
        for n in 0..=text.len() {
            fits[n] = match part {
                '*' => before[n] || (n > 0 && fits[n - 1]),
                '?' => n > 0 && before[n - 1],
                one => n > 0 && before[n - 1] && text[n - 1] == one,
            };
        }
    }
    fits[text.len()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const API: &str = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/production/GET/photos";

    #[test]
    fn statements_of_every_form() {
        let check = |statements: Value, expected: bool| {
            let policy = json!({ "Statement": statements }).to_string();
            let call =
                Invocation { service: "apigateway.amazonaws.com", source: API, account: "123456789012" };
            assert_eq!(call.is_allowed(&policy).unwrap(), expected, "{policy}");
        };
        let allow = |change: &dyn Fn(&mut Value)| {
            let mut statement = json!({
                "Effect": "Allow",
                "Principal": { "Service": "apigateway.amazonaws.com" },
                "Action": "lambda:InvokeFunction",
                "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:team-resize",
                "Condition": { "ArnLike": {
                    "AWS:SourceArn": "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/production/*",
                } },
            });
            change(&mut statement);
            statement
        };
        let with = |condition: Value| allow(&|it| it["Condition"] = condition.clone());
        let arn = |operator: &str, pattern: &str| with(json!({ operator: { "aws:SourceArn": pattern } }));
        check(json!([]), false);
        check(allow(&|_| {}), true);
        check(json!([allow(&|it| it["Principal"] = "*".into())]), true);
        check(allow(&|it| it["Action"] = json!(["lambda:Invoke*"])), true);
        check(allow(&|it| drop(it.as_object_mut().unwrap().remove("Condition"))), true);
        check(arn("ArnEquals", "arn:aws:execute-api:*:123456789012:a1b2c3/*/GET/photos"), true);
        check(arn("StringEquals", API), true);
        check(with(json!({ "StringEquals": { "aws:SourceAccount": ["1", "123456789012"] } })), true);
        for other in [
            allow(&|it| it["Principal"] = json!({ "Service": "s3.amazonaws.com" })),
            allow(&|it| it["Principal"] = json!({ "AWS": "arn:aws:iam::123456789012:root" })),
            allow(&|it| it["Action"] = "lambda:GetFunction".into()),
            arn("ArnLike", "arn:aws:execute-api:eu-west-1:123456789012:other/*"),
            arn("ArnLike", "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/production/POST/*"),
            arn("StringEquals", "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*"),
            with(json!({ "StringEquals": { "aws:SourceAccount": "1" } })),
            with(json!({ "StringEquals": { "aws:PrincipalOrgID": "o-1" } })),
        ] {
            check(other, false);
        }
        let deny = allow(&|it| it["Effect"] = "Deny".into());
        check(json!([allow(&|_| {}), deny]), false);
        let deny_another =
            json!({ "Effect": "Deny", "Principal": { "Service": "s3.amazonaws.com" }, "Action": "*" });
        check(json!([allow(&|_| {}), deny_another]), true);
    }
}
