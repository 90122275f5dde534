//! Tokens that must not let anybody in.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A text that is not a token.
pub const GARBAGE: &str = "garbage";

/// A token's own claims, with `alg: none` and no signature.
pub fn unsigned(token: &str) -> String {
    let claims = token.split('.').nth(1).unwrap_or_default();
    format!("{}.{claims}.", part(&json!({ "alg": "none", "typ": "JWT" })))
}

/// A token's own claims with another person's id, under the signature of the first.
pub fn altered(token: &str) -> String {
    let mut parts = token.split('.');
    let mut next = || parts.next().unwrap_or_default();
    let (head, claims, signature) = (next(), claims(next()), next());
    let other = with(claims, "sub", json!("00000000-0000-4000-8000-000000000000"));
    format!("{head}.{}.{signature}", part(&other))
}

/// The claims of a token with another issuer and an unknown signer.
pub fn of_another_issuer(token: &str) -> String {
    let own = claims(token.split('.').nth(1).unwrap_or_default());
    let issuer = own["iss"].as_str().unwrap_or_default();
    let other = match issuer.rsplit_once('_') {
        Some((region, _)) => format!("{region}_Stranger1"),
        None => "https://stranger.example".to_owned(),
    };
    let head = part(&json!({ "alg": "RS256", "kid": "c3RyYW5nZXI=", "typ": "JWT" }));
    let signature = BASE64_URL_SAFE_NO_PAD.encode([0x5a; 256]);
    format!("{head}.{}.{signature}", part(&with(own, "iss", json!(other))))
}

fn claims(part: &str) -> Value {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).unwrap_or_default();
    let claims: Option<Value> = serde_json::from_slice(&bytes).ok();
    claims.filter(Value::is_object).unwrap_or_default()
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn part(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(token: &str) -> Vec<Value> {
        token.split('.').take(2).map(claims).collect()
    }

    #[test]
    fn they_look_like_the_real_one() {
        let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc";
        let own = json!({ "iss": issuer, "sub": "ada", "aud": "client", "token_use": "id" });
        let real = format!("{}.{}.signature", part(&json!({ "alg": "RS256", "kid": "k" })), part(&own));
        assert_eq!(parts(&unsigned(&real)), [json!({ "alg": "none", "typ": "JWT" }), own.clone()]);
        assert!(unsigned(&real).ends_with('.'));
        let altered = altered(&real);
        assert_eq!(parts(&altered)[0]["kid"], "k");
        assert_ne!(parts(&altered)[1]["sub"], "ada");
        assert!(altered.ends_with(".signature"));
        let foreign = parts(&of_another_issuer(&real));
        assert_eq!(foreign[1]["iss"], "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Stranger1");
        assert_eq!(foreign[1]["aud"], "client");
    }

    #[test]
    fn what_is_no_token_is_no_trouble() {
        for text in ["", "a", "a.b", "a.b.c.d", "é.ü"] {
            let _ = (unsigned(text), altered(text), of_another_issuer(text));
        }
    }
}
