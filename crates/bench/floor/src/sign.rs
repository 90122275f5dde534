//! A presigned PUT URL, signed without a library (S3-40 to S3-45).

use std::time::SystemTime;

use crate::{
    date,
    sha256::{hexadecimal, hmac, sha256},
};

/// Who signs, and for which bucket.
pub struct Signer {
    /// The access key's id.
    pub key_id: String,
    /// Its secret.
    pub secret: String,
    /// The session's token.
    pub token: String,
    /// The region.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// How many seconds a URL works.
    pub expires: u32,
}

impl Signer {
    /// The URL; the key is of letters that need no encoding.
    pub fn presign(&self, key: &str, now: SystemTime) -> String {
        let Signer { key_id, secret, token, region, bucket, expires } = self;
        let date = date::basic(now);
        let day = &date[..8];
        let scope = format!("{day}/{region}/s3/aws4_request");
        let host = format!("{bucket}.s3.{region}.amazonaws.com");
        let query = format!(
            "If-None-Match=%2A&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date={date}\
             &X-Amz-Expires={expires}&X-Amz-Security-Token={}&X-Amz-SignedHeaders=host",
            encoded(&format!("{key_id}/{scope}")),
            encoded(token),
        );
        let canonical = format!("PUT\n/{key}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD");
        let to_sign =
            format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hexadecimal(&sha256(canonical.as_bytes())));
        let first = format!("AWS4{secret}").into_bytes();
        let parts = [day, region, "s3", "aws4_request", &to_sign];
        let signature = parts.iter().fold(first, |key, part| hmac(&key, part.as_bytes()).to_vec());
        format!("https://{host}/{key}?{query}&X-Amz-Signature={}", hexadecimal(&signature))
    }
}

/// Everything but what RFC 3986 calls unreserved as `%XX`.
fn encoded(text: &str) -> String {
    let mut all = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            all.push(char::from(byte));
        } else {
            all.push_str(&format!("%{byte:02X}"));
        }
    }
    all
}
