//! A presigned POST: a form whose policy bounds the key, the type and the size. The AWS SDK for Rust has none.

use std::{
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use crate::{date, sign::Signer};

/// The upload that the form allows.
#[derive(Debug)]
pub struct Form<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The media type; without one, the form names none.
    pub content_type: Option<&'a str>,
    /// The SHA-256 of the file, in base64.
    pub checksum: Option<&'a str>,
    /// The size in bytes.
    pub size: RangeInclusive<u64>,
    /// How long the form is valid.
    pub expires: Duration,
}

impl Signer {
    /// The URL to post to, and the form's fields, which come before the file.
    pub fn post(&self, form: &Form<'_>, now: SystemTime) -> (String, Value) {
        let Form { bucket, key, content_type, checksum, size, expires } = form;
        let date = date::basic(now);
        let scope = format!("{}/{}/s3/aws4_request", &date[..8], self.region);
        let mut fields = Map::new();
        let mut field = |name: &str, value: &str| fields.insert(name.to_owned(), value.into());
        field("key", key);
        if let Some(kind) = content_type {
            field("Content-Type", kind);
        }
        if let Some(checksum) = checksum {
            field("x-amz-checksum-algorithm", "SHA256");
            field("x-amz-checksum-sha256", checksum);
        }
        field("x-amz-algorithm", "AWS4-HMAC-SHA256");
        field("x-amz-credential", &format!("{}/{scope}", self.credentials.access_key_id()));
        field("x-amz-date", &date);
        if let Some(token) = self.credentials.session_token() {
            field("x-amz-security-token", token);
        }
        // S3 requires a condition for each field except the next two.
        let mut conditions: Vec<Value> = fields.iter().map(|(name, value)| json!({ name: value })).collect();
        conditions.push(json!({ "bucket": bucket }));
        conditions.push(json!(["content-length-range", size.start(), size.end()]));
        let policy = json!({ "expiration": date::extended(now + *expires), "conditions": conditions });
        let policy = BASE64_STANDARD.encode(policy.to_string());
        fields.insert("x-amz-signature".to_owned(), self.signature(&policy, now).into());
        fields.insert("policy".to_owned(), policy.into());
        (self.place.of(bucket).url, fields.into())
    }

    /// The signature of an encoded policy.
    pub fn signature(&self, policy: &str, now: SystemTime) -> String {
        let key = generate_signing_key(self.credentials.secret_access_key(), now, &self.region, "s3");
        calculate_signature(key, policy.as_bytes())
    }
}
