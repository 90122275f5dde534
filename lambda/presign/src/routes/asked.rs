//! Everything that an answer is made from, and what several routes check and sign.

use std::time::{Duration, SystemTime};

use crate::{
    access::Caller,
    answer::Refusal,
    date,
    fields::{Fields, invalid},
    key,
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
    pub fn caller(&self) -> Caller<'a> {
        Caller { sub: self.sub, groups: &self.request.groups }
    }

    /// The folder of a new object: the one that is named, or the caller's own.
    pub fn folder(&self, verb: &str, named: Option<&str>) -> Result<String, Refusal> {
        let rules = &self.bucket.rules;
        let folder = match named {
            Some(named) => key::clean_folder(named).ok_or_else(|| {
                invalid("folder", "`folder` must be a folder's name, such as `shared/team-a/`")
            })?,
            None => rules.own_folder(self.caller(), verb).ok_or_else(|| self.not_allowed(verb))?,
        };
        let is_allowed = match verb {
            "list" => rules.allow_list(self.caller(), &folder),
            _ => rules.allow(self.caller(), verb, &folder),
        };
        if is_allowed { Ok(folder) } else { Err(self.not_allowed(verb)) }
    }

    /// The key of an object, as it came in a path or a body.
    pub fn key(&self, verb: &str, given: &str) -> Result<String, Refusal> {
        let rules = &self.bucket.rules;
        let key = key::clean(given, rules);
        let is_allowed = |key: &String| rules.allow(self.caller(), verb, key::folder_of(key));
        key.filter(is_allowed).ok_or_else(|| self.not_allowed(verb))
    }

    fn not_allowed(&self, verb: &str) -> Refusal {
        if self.bucket.rules.is_default {
            let message = "this key is not one of your own: yours begin with the prefix";
            let prefix = self.bucket.rules.own_folder(self.caller(), verb);
            return Refusal::new(403, "NotYours", message).with("prefix", prefix);
        }
        let message = format!("no rule under the bucket's `access` lets you `{verb}` there");
        Refusal::new(403, "NotAllowed", message).with("verb", verb)
    }

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
