//! A presigned POST: a form whose policy bounds the key, the type and the size. The AWS SDK for Rust has none.

use std::time::{Duration, SystemTime};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use aws_smithy_types::{DateTime, date_time::Format};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::sign::Signer;

/// What the form is for.
#[derive(Debug)]
pub struct Form<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The media type.
    pub content_type: &'a str,
    /// The size, exactly.
    pub size: u64,
    /// How long the form works.
    pub expires: Duration,
}

impl Signer {
    /// The address to post to, and the form's fields, to stand before the file.
    pub fn post(&self, form: &Form<'_>, now: SystemTime) -> (String, Value) {
        let Form { bucket, key, content_type, size, expires } = form;
        let date = basic(now);
        let day = &date[..8];
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let credential = format!("{}/{scope}", self.credentials.access_key_id());
        let mut fields = json!({
            "key": key,
            "Content-Type": content_type,
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "x-amz-credential": credential,
            "x-amz-date": date,
        });
        let mut conditions = vec![
            json!({ "bucket": bucket }),
            json!({ "key": key }),
            json!({ "Content-Type": content_type }),
            json!(["content-length-range", size, size]),
            json!({ "x-amz-algorithm": "AWS4-HMAC-SHA256" }),
            json!({ "x-amz-credential": credential }),
            json!({ "x-amz-date": date }),
        ];
        if let Some(token) = self.credentials.session_token() {
            fields["x-amz-security-token"] = token.into();
            conditions.push(json!({ "x-amz-security-token": token }));
        }
        let policy = json!({ "expiration": extended(now + *expires), "conditions": conditions });
        let policy = BASE64_STANDARD.encode(policy.to_string());
        let signature = self.signature(&policy, now);
        fields["policy"] = policy.into();
        fields["x-amz-signature"] = signature.into();
        (self.address(bucket).0, fields)
    }

    /// The signature of a policy that is encoded already.
    pub fn signature(&self, policy: &str, now: SystemTime) -> String {
        let key = generate_signing_key(self.credentials.secret_access_key(), now, &self.region, "s3");
        calculate_signature(key, policy.as_bytes())
    }
}

/// `2026-11-24T03:30:00Z`
pub fn extended(time: SystemTime) -> String {
    let whole = DateTime::from_secs(DateTime::from(time).secs());
    whole.fmt(Format::DateTime).unwrap_or_default()
}

/// `20261124T033000Z`
fn basic(time: SystemTime) -> String {
    extended(time).replace(['-', ':'], "")
}
