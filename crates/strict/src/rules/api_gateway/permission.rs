//! Whether a function's policy lets an API call it (LAM-46, LAM-47).

use serde_json::Value;

use crate::read::list;

/// The text before the function's name in an integration's URI, the name, and the text after it.
pub(crate) fn function_of(uri: &str) -> Option<(&str, &str, &str)> {
    let at = uri.find(":function:")? + ":function:".len();
    let length = uri[at..].find(['/', ':'])?;
    Some((&uri[..at], &uri[at..at + length], &uri[at + length..]))
}

/// A resource's path in a source ARN: variables become stars.
pub(crate) fn path_of(path: &str) -> String {
    let part = |it: &str| if it.starts_with('{') { "*".to_owned() } else { it.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether API Gateway may call it for that source.
pub(crate) fn allows(policy: &Value, source: &str) -> bool {
    list(&policy["Statement"]).iter().any(|it| {
        let principal = &it["Principal"];
        let has = |value: &Value, texts: &[&str]| {
            list(value).iter().filter_map(Value::as_str).any(|it| texts.contains(&it))
        };
        it["Effect"] == "Allow"
            && (principal == "*" || has(&principal["Service"], &["apigateway.amazonaws.com", "*"]))
            && has(&it["Action"], &["lambda:InvokeFunction", "lambda:*", "*"])
            && conditions(&it["Condition"]).all(|(operator, key, wanted)| {
                let actual = match key.to_ascii_lowercase().as_str() {
                    "aws:sourcearn" => source,
                    "aws:sourceaccount" => source.split(':').nth(4).unwrap_or_default(),
                    _ => return false,
                };
                let fits = |wanted: &str| match operator {
                    "ArnLike" | "ArnEquals" | "StringLike" => is_like(wanted, actual),
                    "StringEquals" => wanted == actual,
                    _ => false,
                };
                list(wanted).iter().filter_map(Value::as_str).any(fits)
            })
    })
}

/// Operator, key and values of each condition.
fn conditions(condition: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    condition.as_object().into_iter().flatten().flat_map(|(operator, keys)| {
        keys.as_object()
            .into_iter()
            .flatten()
            .map(move |(key, wanted)| (operator.as_str(), key.as_str(), wanted))
    })
}

/// Whether a text fits a pattern of `*` and `?`.
fn is_like(pattern: &str, text: &str) -> bool {
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            is_like(&pattern[1..], text)
                || text.chars().next().is_some_and(|it| is_like(pattern, &text[it.len_utf8()..]))
        }
        (Some('?'), Some(it)) => is_like(&pattern[1..], &text[it.len_utf8()..]),
        (Some(wanted), Some(it)) if wanted == it => {
            is_like(&pattern[wanted.len_utf8()..], &text[it.len_utf8()..])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SOURCE: &str = "arn:aws:execute-api:eu-west-1:000000000000:api1/production/GET/files/*";

    fn allowed(condition: Value) -> bool {
        let policy = json!({ "Statement": [{ "Effect": "Allow", "Principal": { "Service": "apigateway.amazonaws.com" },
            "Action": "lambda:InvokeFunction", "Resource": "*", "Condition": condition }] });
        allows(&policy, SOURCE)
    }

    #[test]
    fn who_may_call() {
        let by = |arn: &str| {
            allowed(
                json!({ "ArnLike": { "AWS:SourceArn": format!("arn:aws:execute-api:eu-west-1:000000000000:{arn}") } }),
            )
        };
        assert!(by("api1/*/*/*") && by("api1/*") && by("api1/production/GET/files/*") && by("*/*/GET/*"));
        assert!(!by("api2/*/*/*") && !by("api1/other/GET/files/*") && !by("api1/production/POST/files/*"));
        assert!(!by("api1/production/GET/files"));
        assert!(allowed(json!({})) && allowed(Value::Null));
        assert!(allowed(json!({ "StringEquals": { "AWS:SourceAccount": "000000000000" } })));
        assert!(!allowed(json!({ "StringEquals": { "AWS:SourceAccount": "111111111111" } })));
        assert!(!allows(&Value::Null, SOURCE));
    }

    #[test]
    fn parts_of_an_integration() {
        let uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:0:function:f/invocations";
        assert_eq!(function_of(uri).unwrap().1, "f");
        assert_eq!(path_of("/files/{key+}"), "/files/*");
        assert!(function_of("arn:aws:apigateway:eu-west-1:sqs:path/1/q").is_none());
    }
}
