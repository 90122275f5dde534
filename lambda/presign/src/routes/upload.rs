//! `POST /uploads`: a URL, or a form, for one file of a known name, type and size.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::asked::{Asked, content_length};
use crate::{
    answer::Refusal,
    fields::{Fields, invalid, needed},
    key,
    post_policy::Form,
};

impl Asked<'_> {
    /// The type and the exact length are signed: S3 takes nothing else, and not twice.
    pub(super) fn upload(&self) -> Result<Value, Refusal> {
        self.granted("put")?;
        let fields = Fields::of(self.request)?;
        let name = needed("filename", fields.text("filename")?)?;
        let content_type = needed("contentType", self.content_type(fields)?)?;
        let size = needed("size", self.size(fields)?)?;
        let checksum = checksum(fields)?;
        let key = key::fresh(&self.folder("put", fields.text("folder")?)?, name);
        let expires = self.settings.upload_expires;
        let mut answer = json!({
            "key": key,
            "bucket": self.bucket.logical,
            "expiresAt": self.until(expires),
            "maxBytes": self.settings.max_bytes,
            "requestId": self.request.id,
        });
        match fields.text("mode")? {
            None | Some("put") => {
                let mut request = self.to_put(&key);
                request.headers = vec![("content-type", content_type.clone()), content_length(size)];
                // The length is sent by the browser itself, which lets no script set it.
                let mut headers = json!({ "content-type": content_type });
                if let Some(checksum) = checksum {
                    headers["x-amz-checksum-sha256"] = checksum.clone().into();
                    request.headers.push(("x-amz-checksum-sha256", checksum));
                }
                answer["method"] = "PUT".into();
                answer["url"] = self.presign(&request)?.into();
                answer["headers"] = headers;
            }
            Some("post") => {
                let form = Form {
                    bucket: &self.bucket.name,
                    key: &key,
                    content_type: Some(&content_type),
                    checksum: checksum.as_deref(),
                    size: size..=size,
                    expires,
                };
                let (url, fields) = self.signer.post(&form, self.now);
                answer["method"] = "POST".into();
                answer["url"] = url.into();
                answer["fields"] = fields;
            }
            Some(_) => return Err(invalid("mode", "`mode` must be `put` or `post`")),
        }
        Ok(answer)
    }
}

/// The file's SHA-256, given in hexadecimal or base64, as S3 takes it: in base64.
fn checksum(fields: Fields<'_>) -> Result<Option<String>, Refusal> {
    let Some(text) = fields.text("sha256")? else { return Ok(None) };
    let bytes = if text.len() == 64 { hexadecimal(text) } else { BASE64_STANDARD.decode(text).ok() };
    match bytes {
        Some(bytes) if bytes.len() == 32 => Ok(Some(BASE64_STANDARD.encode(bytes))),
        Some(_) | None => {
            Err(invalid("sha256", "`sha256` must be the file's SHA-256, in hexadecimal or base64"))
        }
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|it| it.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    Some(digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}
