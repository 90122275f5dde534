//! A method without scopes expects an id token. AWS refuses an access token there, and a refresh token everywhere; the
//! emulator accepts both.

use hyper::header::{self, HeaderValue};
use serde_json::Value;

use crate::{
    apis::rest_api,
    request::request::CloudRequest,
    upstream::{Upstream, UpstreamError},
};

/// Replaces a token that AWS would refuse by text that the emulator refuses too. So the emulator answers 401 with the
/// API's gateway responses (AGW-50, AGW-56).
pub(crate) async fn before(
    request: &mut CloudRequest,
    upstream: &Upstream,
    region: &str,
) -> Result<(), UpstreamError> {
    let Some(claims) = request.headers.get(header::AUTHORIZATION).and_then(not_an_id_token) else {
        return Ok(());
    };
    let Some(invocation) = request.invocation() else { return Ok(()) };
    // The API's region is nowhere in the request: it is this cloud's own, or else that of the token's pool.
    let mut resources = rest_api::resources(upstream, region, invocation.api).await?;
    if resources.is_empty() {
        let pool = claims["iss"].as_str().unwrap_or_default();
        let region = pool.split('.').nth(1).unwrap_or_default().to_owned();
        resources = rest_api::resources(upstream, &region, invocation.api).await?;
    }
    let path = percent_encoding::percent_decode_str(invocation.path).decode_utf8_lossy().into_owned();
    let is_refresh_token = claims["token_use"] == "refresh";
    let is_refused = rest_api::find_method(&resources, &path, request.method.as_str()).is_some_and(|it| {
        it["authorizationType"] == "COGNITO_USER_POOLS"
            && (is_refresh_token || it["authorizationScopes"].as_array().is_none_or(Vec::is_empty))
    });
    if is_refused {
        request.headers.insert(
            header::AUTHORIZATION,
            HeaderValue::from_static("another token where an id token is due"),
        );
    }
    Ok(())
}

/// The claims of an access token or a refresh token, unverified: a forged one is refused.
pub(crate) fn not_an_id_token(value: &HeaderValue) -> Option<Value> {
    let token = value.to_str().ok()?.trim();
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    let claims = decode_base64url(token.split('.').nth(1)?)?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    (claims["token_use"] == "access" || claims["token_use"] == "refresh").then_some(claims)
}

fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bits = 0u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_other_tokens() {
        let value = |claims: &'static str| HeaderValue::from_static(claims);
        // {"token_use":"access"}, {"token_use":"refresh"} and {"token_use":"id"}
        assert!(not_an_id_token(&value("e30.eyJ0b2tlbl91c2UiOiJyZWZyZXNoIn0.s")).is_some());
        assert!(not_an_id_token(&value("e30.eyJ0b2tlbl91c2UiOiJhY2Nlc3MifQ.s")).is_some());
        assert!(not_an_id_token(&value("Bearer e30.eyJ0b2tlbl91c2UiOiJhY2Nlc3MifQ.s")).is_some());
        assert!(not_an_id_token(&value("e30.eyJ0b2tlbl91c2UiOiJpZCJ9.s")).is_none());
        assert!(not_an_id_token(&value("garbage")).is_none());
    }
}
