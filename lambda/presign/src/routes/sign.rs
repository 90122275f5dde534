//! `POST /sign`: one request of an upload client, as Uppy 6's `signRequest` has it.

use std::time::Duration;

use serde_json::{Value, json};

use super::Asked;
use crate::{
    answer::Refusal,
    fields::{Fields, invalid, needed},
    key,
    post_policy::Form,
    sign::ToSign,
};

/// What a client wants to send to S3.
enum Wanted<'a> {
    Put,
    Create,
    Part {
        upload: &'a str,
        number: u64,
    },
    /// `GET` lists the parts, `POST` puts them together, `DELETE` throws them away.
    Upload {
        method: &'static str,
        upload: &'a str,
    },
    Delete,
}

impl<'a> Wanted<'a> {
    fn of(fields: Fields<'a>) -> Result<Wanted<'a>, Refusal> {
        let method = needed("method", fields.text("method")?)?;
        let part = fields.number("partNumber")?;
        if part.is_some_and(|part| !(1..=10_000).contains(&part)) {
            return Err(invalid("partNumber", "parts are numbered from 1 to 10000"));
        }
        Ok(match (method, fields.text("uploadId")?, part) {
            ("PUT", None, None) => Wanted::Put,
            ("POST", None, None) => Wanted::Create,
            ("PUT", Some(upload), Some(number)) => Wanted::Part { upload, number },
            ("GET", Some(upload), None) => Wanted::Upload { method: "GET", upload },
            ("POST", Some(upload), None) => Wanted::Upload { method: "POST", upload },
            ("DELETE", Some(upload), None) => Wanted::Upload { method: "DELETE", upload },
            ("DELETE", None, None) => Wanted::Delete,
            _ => {
                let message = "no request of an upload has this `method`, `uploadId` and `partNumber`";
                return Err(invalid("method", message));
            }
        })
    }
}

impl Asked<'_> {
    /// A new file gets a key of its own, which the answer names; all that follows has to be about one's own keys.
    pub(super) fn sign(&self) -> Result<Value, Refusal> {
        let fields = Fields::of(self.request)?;
        let wanted = Wanted::of(fields)?;
        let given = needed("key", fields.text("key")?)?;
        self.granted(match wanted {
            Wanted::Put => "put",
            Wanted::Create | Wanted::Part { .. } | Wanted::Upload { .. } => "multipart",
            Wanted::Delete => "delete",
        })?;
        let key = match wanted {
            Wanted::Put | Wanted::Create => key::fresh(self.sub, fields.text("filename")?.unwrap_or(given)),
            Wanted::Part { .. } | Wanted::Upload { .. } | Wanted::Delete => key::own(self.sub, given)?,
        };
        let form = match fields.text("mode")? {
            None | Some("put") => false,
            Some("post") if matches!(wanted, Wanted::Put) => true,
            Some(_) => return Err(invalid("mode", "`mode` is `put`, or `post` for a whole file")),
        };
        let expires = self.expires(fields)?;
        let mut answer = json!({
            "key": key,
            "bucket": self.bucket.logical,
            "expiresAt": self.until(expires),
            "maxBytes": self.settings.max_bytes,
            "requestId": self.request.id,
        });
        if form {
            let most = self.settings.max_bytes;
            let form = Form {
                bucket: &self.bucket.name,
                key: &key,
                content_type: self.content_type_if_any(fields)?,
                checksum: None,
                size: self.size(fields)?.map_or(0..=most, |size| size..=size),
                expires,
            };
            let (url, fields) = self.signer.post(&form, self.now);
            answer["method"] = "POST".into();
            answer["url"] = url.into();
            answer["fields"] = fields;
            return Ok(answer);
        }
        let request = ToSign { expires, ..self.request_of(&wanted, &key, fields)? };
        answer["method"] = request.method.into();
        answer["url"] = self.presign(&request)?.into();
        answer["headers"] = json!({});
        for (name, value) in request.headers {
            // The length is sent by the browser itself, which lets no script set it.
            if name != "content-length" {
                answer["headers"][name] = value.into();
            }
        }
        Ok(answer)
    }

    fn request_of<'a>(
        &'a self,
        wanted: &Wanted<'_>,
        key: &'a str,
        fields: Fields<'_>,
    ) -> Result<ToSign<'a>, Refusal> {
        let content_type = || {
            let told = self.content_type_if_any(fields)?;
            Ok::<_, Refusal>(told.map(|kind| ("content-type", kind.to_owned())))
        };
        let size = || {
            let told = self.size(fields)?;
            Ok::<_, Refusal>(told.map(|size| ("content-length", size.to_string())))
        };
        Ok(match wanted {
            Wanted::Put => {
                let headers = content_type()?.into_iter().chain(size()?).collect();
                ToSign { headers, ..self.to_sign("PUT", key) }
            }
            Wanted::Create => {
                let headers = content_type()?.into_iter().collect();
                ToSign { headers, query: vec![("uploads", String::new())], ..self.to_sign("POST", key) }
            }
            Wanted::Part { upload, number } => {
                let query = vec![("partNumber", number.to_string()), ("uploadId", (*upload).to_owned())];
                ToSign { headers: size()?.into_iter().collect(), query, ..self.to_sign("PUT", key) }
            }
            Wanted::Upload { method, upload } => {
                ToSign { query: vec![("uploadId", (*upload).to_owned())], ..self.to_sign(method, key) }
            }
            Wanted::Delete => self.to_sign("DELETE", key),
        })
    }

    /// As long as is asked for, and no longer than the setting.
    fn expires(&self, fields: Fields<'_>) -> Result<Duration, Refusal> {
        let longest = self.settings.upload_expires;
        match fields.number("expiresIn")? {
            Some(0) => Err(invalid("expiresIn", "`expiresIn` must be a second at least")),
            Some(seconds) => Ok(longest.min(Duration::from_secs(seconds))),
            None => Ok(longest),
        }
    }
}
