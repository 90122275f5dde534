//! The routes, and what all of them have in common.

mod files;
mod sign;
mod upload;

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::{
    answer::Refusal,
    date,
    fields::{Fields, invalid, needed},
    key,
    media_type::MediaType,
    request::Request,
    settings::{Bucket, Settings},
    sign::{Signer, ToSign},
};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// `GET /`
    Url,
    /// `POST /uploads`
    Upload,
    /// `POST /sign`
    Sign,
    /// `GET /uploads`
    List,
    /// `GET /uploads/{key+}`
    Download,
    /// `DELETE /uploads/{key+}`
    Remove,
}

impl Route {
    /// The route of a request, and the key in its path.
    fn of(request: &Request) -> Option<(Route, &str)> {
        let Request { method, resource, path, parameter, .. } = request;
        // Behind `/{proxy+}` only the path tells the route.
        let by_path = resource.is_empty() || resource.starts_with("/{");
        let place = if by_path { path } else { resource }.trim_end_matches('/');
        let key = match place.strip_prefix("/uploads/") {
            Some(rest) if by_path => Some(rest),
            Some(rest) if rest.starts_with('{') => Some(parameter.as_deref().unwrap_or_default()),
            Some(_) | None => None,
        };
        let route = match (method.as_str(), place, key) {
            ("GET", "", None) => Route::Url,
            ("POST", "/uploads", None) => Route::Upload,
            ("POST", "/sign", None) => Route::Sign,
            ("GET", "/uploads", None) => Route::List,
            ("GET", _, Some(_)) => Route::Download,
            ("DELETE", _, Some(_)) => Route::Remove,
            _ => return None,
        };
        Some((route, key.unwrap_or_default()))
    }
}

/// The body of the answer.
///
/// # Errors
/// Why the request is refused.
pub fn answer(
    request: &Request,
    settings: &Settings,
    signer: &Signer,
    now: SystemTime,
) -> Result<Value, Refusal> {
    let sub = sub(request)?;
    let (route, key) = Route::of(request).ok_or_else(|| {
        let Request { method, resource, .. } = request;
        Refusal::new(404, "NoSuchRoute", format!("{method} {resource} is not a route of this function"))
    })?;
    let bucket = bucket(request, settings)?;
    let asked = Asked { request, settings, signer, now, sub, bucket };
    match route {
        Route::Url => asked.url(),
        Route::Upload => asked.upload(),
        Route::Sign => asked.sign(),
        Route::List => asked.list(),
        Route::Download => asked.download(key),
        Route::Remove => asked.remove(key),
    }
}

/// Who asks. Cognito's subs are UUIDs; whatever it is, it stands in keys.
fn sub(request: &Request) -> Result<&str, Refusal> {
    let sub = request.sub.as_deref().filter(|sub| !sub.is_empty()).ok_or_else(|| {
        Refusal::new(401, "Unauthorized", "sign in first: this route has no user pool as its authorizer")
    })?;
    if sub.len() <= 128 && sub.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        Ok(sub)
    } else {
        Err(Refusal::new(403, "InvalidSubject", "the token's `sub` is not of letters, digits and hyphens"))
    }
}

/// The bucket that the body or the query names, or the first by name.
fn bucket<'a>(request: &Request, settings: &'a Settings) -> Result<&'a Bucket, Refusal> {
    let named = match &request.body {
        Some(_) => Fields::of(request)?.text("bucket")?,
        None => None,
    };
    settings.bucket(named.or_else(|| request.query("bucket"))).ok_or_else(|| {
        let names: Vec<&str> = settings.buckets.iter().map(|bucket| bucket.logical.as_str()).collect();
        invalid("bucket", "the function has no bucket of this name").with("buckets", names)
    })
}

/// Everything that an answer is made from.
struct Asked<'a> {
    request: &'a Request,
    settings: &'a Settings,
    signer: &'a Signer,
    now: SystemTime,
    sub: &'a str,
    bucket: &'a Bucket,
}

impl<'a> Asked<'a> {
    /// `GET /`: a URL to PUT a file, as a JSON string. Where MAX_BYTES is set the query must have the size.
    fn url(&self) -> Result<Value, Refusal> {
        self.granted("put")?;
        let told = match self.request.query("size") {
            Some(text) => Some(text.parse().map_err(|_| invalid("size", "`size` must be a whole number"))?),
            None => None,
        };
        let size = self.allowed_size(told)?;
        if self.settings.is_limit_set {
            needed("size", size)?;
        }
        let key = key::nameless(self.sub);
        let mut request = self.to_put(&key);
        request.headers.extend(size.map(content_length));
        request.expires = self.settings.url_expires;
        Ok(self.presign(&request)?.into())
    }

    fn granted(&self, grant: &str) -> Result<(), Refusal> {
        if self.bucket.grants.iter().any(|it| it == grant) {
            return Ok(());
        }
        let bucket = &self.bucket.logical;
        let message = format!(
            "this needs the grant `{grant}`: add it to `{bucket}` under the function's `buckets` in stack.yaml"
        );
        Err(Refusal::new(403, "NotGranted", message).with("grant", grant).with("bucket", bucket.as_str()))
    }

    fn to_sign<'b>(&'b self, method: &'b str, key: &'b str) -> ToSign<'b> {
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
    fn to_put<'b>(&'b self, key: &'b str) -> ToSign<'b> {
        ToSign { query: vec![("If-None-Match", "*".to_owned())], ..self.to_sign("PUT", key) }
    }

    fn presign(&self, request: &ToSign<'_>) -> Result<String, Refusal> {
        self.signer.presign(request, self.now).map_err(|error| Refusal::new(500, "SigningFailed", error))
    }

    fn until(&self, expires: Duration) -> String {
        date::extended(self.now + expires)
    }

    /// The body's size, when it is allowed.
    fn size(&self, fields: Fields<'a>) -> Result<Option<u64>, Refusal> {
        self.allowed_size(fields.number("size")?)
    }

    fn allowed_size(&self, size: Option<u64>) -> Result<Option<u64>, Refusal> {
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
    fn content_type(&self, fields: Fields<'a>) -> Result<Option<String>, Refusal> {
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
    fn content_type_if_any(&self, fields: Fields<'a>) -> Result<Option<String>, Refusal> {
        let told = self.content_type(fields)?;
        if told.is_none() && !self.settings.content_types.is_empty() {
            return Err(self.type_not_allowed("`contentType` is missing"));
        }
        Ok(told)
    }

    fn type_not_allowed(&self, why: &str) -> Refusal {
        let allowed = &self.settings.content_types;
        let message = format!("{why}; {} are, of a pattern what no browser runs", allowed.join(", "));
        Refusal::new(415, "TypeNotAllowed", message).with("allowed", allowed.clone())
    }
}

/// A length to be signed: S3 takes neither more nor less (S3-42).
fn content_length(size: u64) -> (&'static str, String) {
    ("content-length", size.to_string())
}
