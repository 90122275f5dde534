//! `POST /sign`: one request of an upload client, as Uppy 6's `signRequest` has it.

use std::time::Duration;

use serde_json::{Value, json};

use super::asked::{Asked, content_length};
use crate::{
    answer::Refusal,
    fields::{Fields, invalid, needed},
    key,
    post_policy::Form,
    sign::ToSign,
};

/// The smallest part of an upload except for the last one (S3-52).
const SMALLEST_PART: u64 = 5 << 20;

/// A request of a client to S3.
enum Wanted<'a> {
    Put,
    Create,
    Part { upload: &'a str, number: u64 },
    List { upload: &'a str, after: Option<u64> },
    Complete { upload: &'a str },
    Abort { upload: &'a str },
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
            ("GET", Some(upload), None) => Wanted::List { upload, after: fields.number("partNumberMarker")? },
            ("POST", Some(upload), None) => Wanted::Complete { upload },
            ("DELETE", Some(upload), None) => Wanted::Abort { upload },
            ("DELETE", None, None) => Wanted::Delete,
            _ => {
                let message = "no request of an upload has this `method`, `uploadId` and `partNumber`";
                return Err(invalid("method", message));
            }
        })
    }
}

impl<'a> Asked<'a> {
    /// A new file gets a new key, which the response names; all further requests must be about keys that the rules allow.
    pub(super) fn sign(&self) -> Result<Value, Refusal> {
        let fields = Fields::of(self.request)?;
        let wanted = Wanted::of(fields)?;
        let given = needed("key", fields.text("key")?)?;
        let verb = match wanted {
            Wanted::Put => "put",
            Wanted::Create
            | Wanted::Part { .. }
            | Wanted::List { .. }
            | Wanted::Complete { .. }
            | Wanted::Abort { .. } => "multipart",
            Wanted::Delete => "delete",
        };
        self.granted(verb)?;
        let is_new = matches!(wanted, Wanted::Put | Wanted::Create);
        let key = if is_new {
            let folder = self.folder(verb, fields.text("folder")?)?;
            key::fresh(&folder, fields.text("filename")?.unwrap_or(given))
        } else {
            self.key(verb, given)?
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
            let content_type = self.content_type_if_any(fields)?;
            let form = Form {
                bucket: &self.bucket.name,
                key: &key,
                content_type: content_type.as_deref(),
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
            // The browser sends the length itself; no script can set it.
            if name != "content-length" {
                answer["headers"][name] = value.into();
            }
        }
        Ok(answer)
    }

    fn request_of<'b>(
        &'b self,
        wanted: &Wanted<'_>,
        key: &'b str,
        fields: Fields<'a>,
    ) -> Result<ToSign<'b>, Refusal> {
        let of_upload = |method, upload: &str| ToSign {
            query: vec![("uploadId", upload.to_owned())],
            ..self.to_sign(method, key)
        };
        let size = || needed("size", self.size(fields)?);
        let content_type = || {
            let told = self.content_type_if_any(fields)?;
            Ok::<_, Refusal>(told.map(|kind| ("content-type", kind)))
        };
        Ok(match wanted {
            Wanted::Put => {
                let headers = content_type()?.into_iter().chain([content_length(size()?)]).collect();
                ToSign { headers, ..self.to_put(key) }
            }
            Wanted::Create => {
                // S3 accepts no size here; a size that is too large is refused before the first part.
                size()?;
                let headers = content_type()?.into_iter().collect();
                ToSign { headers, query: vec![("uploads", String::new())], ..self.to_sign("POST", key) }
            }
            Wanted::Part { upload, number } => {
                let size = size()?;
                // Includes the least size of the parts before it, so that no more is stored than can be completed.
                self.allowed_size(Some((number - 1) * SMALLEST_PART + size))?;
                let query = vec![("partNumber", number.to_string()), ("uploadId", (*upload).to_owned())];
                ToSign { headers: vec![content_length(size)], query, ..self.to_sign("PUT", key) }
            }
            Wanted::List { upload, after } => {
                let mut request = of_upload("GET", upload);
                request.query.extend(after.map(|number| ("part-number-marker", number.to_string())));
                request
            }
            Wanted::Complete { upload } => {
                // S3 refuses parts of another size in sum (S3-51), and to replace a file (S3-50).
                let headers =
                    vec![("if-none-match", "*".to_owned()), ("x-amz-mp-object-size", size()?.to_string())];
                ToSign { headers, ..of_upload("POST", upload) }
            }
            Wanted::Abort { upload } => of_upload("DELETE", upload),
            Wanted::Delete => self.to_sign("DELETE", key),
        })
    }

    /// The requested time, at most the setting.
    fn expires(&self, fields: Fields<'a>) -> Result<Duration, Refusal> {
        let longest = self.settings.upload_expires;
        match fields.number("expiresIn")? {
            Some(0) => Err(invalid("expiresIn", "`expiresIn` must be a second at least")),
            Some(seconds) => Ok(longest.min(Duration::from_secs(seconds))),
            None => Ok(longest),
        }
    }
}
