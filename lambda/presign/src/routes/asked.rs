//! Everything that an answer is made from, and what several routes check and sign.

use std::time::{Duration, SystemTime};

use crate::{
    answer::Refusal,
    date,
    fields::{Fields, invalid},
    media_type::MediaType,
    request::Request,
    settings::{Bucket, Settings},
    sign::{Signer, ToSign},
};

/// Everything that an answer is made from.
pub struct Asked<'a> {
    pub request: &'a Request,
    pub settings: &'a Settings,
    pub signer: &'a Signer,
    pub now: SystemTime,
    pub sub: &'a str,
    pub bucket: &'a Bucket,
}

impl<'a> Asked<'a> {
    pub fn granted(&self, grant: &str) -> Result<(), Refusal> {
        if self.bucket.grants.iter().any(|it| it == grant) {
            return Ok(());
        }
        let bucket = &self.bucket.logical;
        let message = format!(
            "this needs the grant `{grant}`: add it to `{bucket}` under the function's `buckets` in stack.yaml"
        );
        Err(Refusal::new(403, "NotGranted", message).with("grant", grant).with("bucket", bucket.as_str()))
    }

    pub fn to_sign<'b>(&'b self, method: &'b str, key: &'b str) -> ToSign<'b> {
        ToSign {
            method,
            bucket: &self.bucket.name,
            key: Some(key),
            query: Vec::new(),
            headers: Vec::new(),
            expires: self.settings.upload_expires,
        }
    }

    /// A PUT of a new object; S3 refuses a second one (S3-50).
    pub fn to_put<'b>(&'b self, key: &'b str) -> ToSign<'b> {
        ToSign { query: vec![("If-None-Match", "*".to_owned())], ..self.to_sign("PUT", key) }
    }

    pub fn presign(&self, request: &ToSign<'_>) -> Result<String, Refusal> {
        self.signer.presign(request, self.now).map_err(|error| Refusal::new(500, "SigningFailed", error))
    }

    pub fn until(&self, expires: Duration) -> String {
        date::extended(self.now + expires)
    }

    /// The body's size, when it is allowed.
    pub fn size(&self, fields: Fields<'a>) -> Result<Option<u64>, Refusal> {
        self.allowed_size(fields.number("size")?)
    }

    pub fn allowed_size(&self, size: Option<u64>) -> Result<Option<u64>, Refusal> {
        let most = self.settings.max_bytes;
        match size {
            Some(size) if size > most => {
                let message = format!("the file has {size} bytes; {most} are allowed");
                Err(Refusal::new(413, "TooLarge", message).with("maxBytes", most))
            }
            size => Ok(size),
        }
    }

    /// The body's media type in its normal form, when it is well formed and allowed.
    pub fn content_type(&self, fields: Fields<'a>) -> Result<Option<String>, Refusal> {
        let Some(given) = fields.text("contentType")? else { return Ok(None) };
        let media_type = MediaType::parse(given).ok_or_else(|| {
            invalid("contentType", "`contentType` must be one media type such as `image/png`")
        })?;
        if media_type.is_allowed(&self.settings.content_types) {
            Ok(Some(media_type.as_str().to_owned()))
        } else {
            Err(self.type_not_allowed(&format!("files of type {} are not taken", media_type.as_str())))
        }
    }

    /// The media type, which may be left out only where any is allowed.
    pub fn content_type_if_any(&self, fields: Fields<'a>) -> Result<Option<String>, Refusal> {
        let told = self.content_type(fields)?;
        if told.is_none() && !self.settings.content_types.is_empty() {
            return Err(self.type_not_allowed("`contentType` is missing"));
        }
        Ok(told)
    }

    pub fn type_not_allowed(&self, why: &str) -> Refusal {
        let allowed = &self.settings.content_types;
        let message = format!("{why}; {} are, of a pattern what no browser runs", allowed.join(", "));
        Refusal::new(415, "TypeNotAllowed", message).with("allowed", allowed.clone())
    }
}

/// A length to be signed: S3 takes neither more nor less (S3-42).
pub fn content_length(size: u64) -> (&'static str, String) {
    ("content-length", size.to_string())
}
