//! The properties that hold for every answer of AWS. The fuzz targets check them with generated input, the tests with
//! the input that fuzzing found.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{
    invoke_permission::{STATEMENT, permissions},
    policy::{self, Policy},
    srp::{Challenge, Srp},
    token,
};

/// A role's policy: read, it is sent back with the same meaning, and each statement has a line.
pub fn role_policy(text: &str) {
    let Ok(policy) = Policy::decode(text) else { return };
    let document = policy.document();
    assert_eq!(Policy::parse(&document).ok().as_ref(), Some(&policy), "{document}");
    let statements: Value = serde_json::from_str(&document).unwrap();
    let statements = statements["Statement"].as_array().unwrap();
    assert!(statements.iter().all(Value::is_object), "{document}");
    // Two statements with the same meaning have one line.
    assert!(policy.lines().len() <= statements.len() && policy.lines().is_empty() == statements.is_empty());
    let own = policy::trust("lambda.amazonaws.com");
    let with = policy.with(&own);
    assert!(with.covers(&own) && with.covers(&policy), "{document}");
    assert_eq!(&with.statements()[..statements.len()], statements, "{document}");
}

/// A function's policy: only a statement of stackctl has a source, and only where it admits no other caller.
pub fn function_policy(text: &str) {
    let Ok(permissions) = permissions(text) else { return };
    let document: Value = serde_json::from_str(text).unwrap();
    for (id, source) in permissions {
        assert!(id.starts_with(STATEMENT));
        let Some(source) = source else { continue };
        let mut statements = document["Statement"].as_array().unwrap().iter();
        let statement = statements.rfind(|it| it["Sid"] == id.as_str()).unwrap();
        let only = |value: &Value, wanted: &str| match value {
            Value::Array(all) => all.len() == 1 && all[0] == wanted,
            one => one == wanted,
        };
        assert!(only(&statement["Effect"], "Allow"), "{statement}");
        assert!(only(&statement["Action"], "lambda:InvokeFunction"), "{statement}");
        assert!(only(&statement["Principal"]["Service"], "apigateway.amazonaws.com"), "{statement}");
        for (part, names) in [("Principal", 1), ("Condition", 1)] {
            assert_eq!(statement[part].as_object().unwrap().len(), names, "{statement}");
        }
        let condition = statement["Condition"]["ArnLike"].as_object().unwrap();
        assert!(condition.len() == 1 && condition.values().all(|it| only(it, &source)), "{statement}");
    }
}

/// A token: what is forged of it is a token of three parts, with no signature or with claims of others.
pub fn token(text: &str) {
    let claims = |token: &str| {
        let part = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).ok()?;
        serde_json::from_slice::<Value>(&part).ok()
    };
    let unsigned = token::unsigned(text);
    let altered = token::altered(text);
    let foreign = token::of_another_issuer(text);
    for forged in [&unsigned, &altered, &foreign] {
        assert_eq!(forged.split('.').count(), 3, "{forged}");
    }
    assert!(unsigned.ends_with('.'), "{unsigned}");
    let (altered, foreign) = (claims(&altered).unwrap(), claims(&foreign).unwrap());
    assert!(altered["sub"].as_str().unwrap().starts_with("00000000-"));
    assert!(foreign["iss"].as_str().unwrap().to_lowercase().contains("stranger"));
}

/// A challenge, a part on each line: the proof has its size, or there is a reason.
pub fn challenge(text: &str) {
    let mut lines = text.lines();
    let mut next = || lines.next().unwrap_or_default();
    let challenge = Challenge { user: next(), salt: next(), big_b: next(), secret_block: next() };
    match Srp::with_secret(1_234_567_890_u64.into()).prove(
        "eu-west-1_abc",
        "secret",
        challenge,
        "Tue Jul 3 11:01:00 UTC 2018",
    ) {
        Ok(claim) => assert_eq!(claim.len(), 44),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTION_POLICY: &str = include_str!("../../../fuzz/seeds/policy/function.json");

    #[test]
    fn policies() {
        for text in [
            FUNCTION_POLICY,
            include_str!("../../../fuzz/seeds/policy/bucket.json"),
            include_str!("../../../fuzz/seeds/policy/role.txt"),
        ] {
            role_policy(text);
            function_policy(text);
        }
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for text in
            ["", "[]", "1", r#"[{"Statement":[]}]"#, r#"{"Statement":1}"#, r#"{"Statement":["Allow"]}"#]
        {
            assert!(Policy::decode(text).is_err() && permissions(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tokens() {
        for text in [
            include_str!("../../../fuzz/seeds/token/access"),
            include_str!("../../../fuzz/seeds/token/id"),
            "",
            "a",
            "a.b.c.d",
            "é.ü",
        ] {
            token(text);
        }
    }

    #[test]
    fn challenges() {
        challenge(include_str!("../../../fuzz/seeds/challenge/small"));
        challenge(include_str!("../../../fuzz/seeds/challenge/whole"));
        challenge("");
    }
}
