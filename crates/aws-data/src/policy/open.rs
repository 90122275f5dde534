//! Statements that let in everyone, or another account.

use std::collections::BTreeSet;

use serde_json::Value;

/// The condition keys that bind a statement to fixed callers, in lower case. Without one of them, S3 calls a statement for
/// everyone public (S3-66).
const BINDING: [&str; 14] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

/// The condition operators that limit a key to the values that they name, in lower case.
const LIMITING: [&str; 6] =
    ["arnequals", "arnlike", "ipaddress", "stringequals", "stringequalsignorecase", "stringlike"];

/// The callers of other accounts that a statement lets in, for a person to read; `None` if there are none. Services of AWS
/// are not named.
pub fn lets_in(statement: &Value, account: &str) -> Option<String> {
    if statement["Effect"] != "Allow" {
        return None;
    }
    if let Some(but) = statement.get("NotPrincipal") {
        return Some(format!("everyone but {but}"));
    }
    let principal = statement.get("Principal")?;
    if is_everyone(principal) {
        let bound = if is_bound(statement) { ", on conditions" } else { "" };
        return Some(format!("everyone{bound}"));
    }
    let own = |name: &str| name == account || name.split(':').nth(4) == Some(account);
    let others = principal.as_object()?.iter().filter(|(kind, _)| *kind != "Service");
    let others: BTreeSet<&str> =
        others.flat_map(|(_, names)| texts(names)).filter(|name| !own(name)).collect();
    (!others.is_empty()).then(|| others.into_iter().collect::<Vec<_>>().join(", "))
}

/// Whether S3 refuses a bucket policy with this statement while public policies are blocked (S3-66).
pub fn is_public(statement: &Value) -> bool {
    let everyone =
        statement.get("NotPrincipal").is_some() || statement.get("Principal").is_some_and(is_everyone);
    statement["Effect"] == "Allow" && everyone && !is_bound(statement)
}

fn is_everyone(principal: &Value) -> bool {
    *principal == "*" || texts(&principal["AWS"]).any(|it| it == "*")
}

fn is_bound(statement: &Value) -> bool {
    let fixed = |values: &Value| {
        let mut all = texts(values).peekable();
        all.peek().is_some() && all.all(|it| !it.contains(['*', '?', '$']))
    };
    statement["Condition"].as_object().into_iter().flatten().any(|(operator, keys)| {
        let operator = operator.to_lowercase();
        let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
        LIMITING.contains(&operator)
            && keys
                .as_object()
                .into_iter()
                .flatten()
                .any(|(key, values)| BINDING.contains(&key.to_lowercase().as_str()) && fixed(values))
    })
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let all = match value {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    all.iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_is_let_in() {
        let check = |principal: Value, condition: Value, expected: Option<&str>, public: bool| {
            let mut statement =
                json!({ "Effect": "Allow", "Action": "s3:GetObject", "Principal": principal });
            if !condition.is_null() {
                statement["Condition"] = condition;
            }
            assert_eq!(lets_in(&statement, "111111111111").as_deref(), expected, "{statement}");
            assert_eq!(is_public(&statement), public, "{statement}");
            statement["Effect"] = "Deny".into();
            assert_eq!((lets_in(&statement, "111111111111"), is_public(&statement)), (None, false));
        };
        let own = "arn:aws:iam::111111111111:role/r";
        let other = "arn:aws:iam::222222222222:root";
        check(json!("*"), Value::Null, Some("everyone"), true);
        check(json!({ "AWS": [own, "*"] }), Value::Null, Some("everyone"), true);
        let tls = json!({ "Bool": { "aws:SecureTransport": "true" } });
        check(json!("*"), tls, Some("everyone"), true);
        let network = json!({ "StringEquals": { "aws:sourceVpce": "vpce-1" } });
        check(json!("*"), network, Some("everyone, on conditions"), false);
        let any_network = json!({ "StringLike": { "aws:sourceVpce": "vpce-*" } });
        check(json!("*"), any_network, Some("everyone"), true);
        let others = json!({ "StringNotEquals": { "aws:SourceAccount": "1" } });
        check(json!("*"), others, Some("everyone"), true);
        check(json!({ "AWS": [own, other] }), Value::Null, Some(other), false);
        check(json!({ "AWS": "222222222222" }), Value::Null, Some("222222222222"), false);
        check(json!({ "AWS": ["111111111111", own] }), Value::Null, None, false);
        check(json!({ "Service": "logging.s3.amazonaws.com" }), Value::Null, None, false);
        check(json!({ "CanonicalUser": "79a5" }), Value::Null, Some("79a5"), false);
        let provider = "arn:aws:iam::111111111111:oidc-provider/token.example";
        check(json!({ "Federated": provider }), Value::Null, None, false);
        check(json!({ "Federated": "accounts.google.com" }), Value::Null, Some("accounts.google.com"), false);
        let all_but = json!({ "Effect": "Allow", "NotPrincipal": { "AWS": own } });
        assert!(lets_in(&all_but, "111111111111").is_some() && is_public(&all_but));
    }
}
