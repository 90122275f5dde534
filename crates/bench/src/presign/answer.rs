//! The meaning of an answer. Each variant must give the same one, with a valid signature.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::event::{KEY_ID, REGION, SECRET, SUB, token};

/// What does not change from call to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    host: String,
    /// The key without its UUID.
    prefix: String,
    expires: String,
    signed_headers: String,
    origin: String,
}

/// Reads an answer.
///
/// # Errors
/// The reason why the answer is wrong.
pub fn meaning(answer: &str) -> Result<Meaning, String> {
    let wrong = |what: &str| format!("{what} in {answer}");
    let answer: Value = serde_json::from_str(answer).map_err(|error| wrong(&error.to_string()))?;
    if answer["statusCode"] != 200 {
        return Err(wrong("another status than 200"));
    }
    let url: String = answer["body"]
        .as_str()
        .and_then(|body| serde_json::from_str(body).ok())
        .ok_or_else(|| wrong("no JSON string as the body"))?;
    let (address, query) = url.split_once('?').ok_or_else(|| wrong("no query"))?;
    let (host, key) = address
        .strip_prefix("https://")
        .and_then(|address| address.split_once('/'))
        .ok_or_else(|| wrong("no address"))?;
    let prefix = format!("uploads/{SUB}/");
    let is_uuid = |it: &str| it.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if !key.strip_prefix(&prefix).is_some_and(is_uuid) {
        return Err(wrong("another key"));
    }
    let pairs: BTreeMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let value = |name: &str| {
        let value = pairs.get(name).ok_or_else(|| wrong(&format!("no {name}")))?;
        percent_decode_str(value).decode_utf8().map(String::from).map_err(|error| wrong(&error.to_string()))
    };
    let date = value("X-Amz-Date")?;
    let scope = format!("{}/{REGION}/s3/aws4_request", date.get(..8).unwrap_or_default());
    if value("X-Amz-Credential")? != format!("{KEY_ID}/{scope}") || value("X-Amz-Security-Token")? != token()
    {
        return Err(wrong("other credentials"));
    }
    let signed: Vec<_> = pairs.iter().filter(|(name, _)| **name != "X-Amz-Signature").collect();
    let signed: Vec<_> = signed.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let canonical = format!("PUT\n/{key}\n{}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD", signed.join("&"));
    let digest = hexadecimal(&Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}");
    if value("X-Amz-Signature")? != hexadecimal(&signature(&scope, &to_sign)) {
        return Err(wrong("another signature"));
    }
    Ok(Meaning {
        host: host.to_owned(),
        prefix,
        expires: value("X-Amz-Expires")?,
        signed_headers: value("X-Amz-SignedHeaders")?,
        origin: answer["headers"]["Access-Control-Allow-Origin"].as_str().unwrap_or_default().to_owned(),
    })
}

fn signature(scope: &str, to_sign: &str) -> Vec<u8> {
    let first = format!("AWS4{SECRET}").into_bytes();
    scope.split('/').chain([to_sign]).fold(first, |key, part| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(part.as_bytes());
        mac.finalize().into_bytes().to_vec()
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use serde_json::json;

    use super::*;

    /// Signed by Python's hmac.
    fn good() -> String {
        let token = token();
        let token = utf8_percent_encode(&token, NON_ALPHANUMERIC);
        let url = format!(
            "https://s3-presigned-url-uploads-123456789012-eu-west-1.s3.eu-west-1.amazonaws.com\
             /uploads/{SUB}/6f1c1a5e-9d2b-4c3d-8e4f-0a1b2c3d4e5f?X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20261124%2Feu-west-1%2Fs3%2Faws4_request\
             &X-Amz-Date=20261124T033000Z&X-Amz-Expires=10&X-Amz-Security-Token={token}&X-Amz-SignedHeaders=host\
             &X-Amz-Signature=990c46cba01617d7f7984b78dd64277de2653330a5f5a591347f31855c047c8c"
        );
        json!({ "statusCode": 200, "headers": {}, "body": json!(url).to_string() }).to_string()
    }

    #[test]
    fn what_is_no_answer() {
        let found = meaning(&good()).unwrap();
        assert_eq!((found.expires.as_str(), found.signed_headers.as_str()), ("10", "host"));
        for (from, to) in [
            ("Expires=10", "Expires=11"),
            ("6f1c1a5e", "7f1c1a5e"),
            ("uploads/c2b5", "uploads/d2b5"),
            ("IQoJ", "IQoK"),
            ("ASIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN8EXAMPLE"),
            ("200", "403"),
            ("https", "http"),
        ] {
            assert!(meaning(&good().replacen(from, to, 1)).is_err(), "{from}");
        }
    }
}
