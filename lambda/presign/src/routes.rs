//! What each route answers.

use std::time::{Duration, SystemTime};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Refusal},
    key,
    post_policy::{Form, extended},
    request::Request,
    settings::{Bucket, Settings},
    sign::{Signer, ToSign, attachment},
};

/// Everything that an answer is made from.
struct Asked<'a> {
    request: &'a Request,
    settings: &'a Settings,
    signer: &'a Signer,
    now: SystemTime,
    sub: &'a str,
    logical: &'a str,
    bucket: &'a Bucket,
}

/// Answers a request.
///
/// # Errors
/// Why it is refused.
pub fn answer(
    request: &Request,
    settings: &Settings,
    signer: &Signer,
    now: SystemTime,
) -> Result<Answer, Refusal> {
    let sub = request.sub.as_deref().ok_or_else(|| {
        Refusal::new(401, "Unauthorized", "sign in first: the route needs the user pool as its authorizer")
    })?;
    let (logical, bucket) = bucket(request, settings)?;
    let asked = Asked { request, settings, signer, now, sub, logical, bucket };
    let resource = request.resource.trim_end_matches('/');
    let last = resource.rsplit('/').next().unwrap_or_default();
    let is_file = last.starts_with('{') && resource.rsplit('/').nth(1) == Some("uploads");
    match (request.method.as_str(), last) {
        ("POST", "uploads") => asked.upload(),
        ("POST", "sign") => asked.sign(),
        ("GET", "uploads") => asked.list(),
        ("GET", _) if is_file => asked.download(),
        ("DELETE", _) if is_file => asked.remove(),
        ("GET", _) => asked.url(),
        (method, _) => Err(Refusal::new(
            404,
            "NoSuchRoute",
            format!("{method} {} is not a route of this function", request.resource),
        )),
    }
}

/// The bucket that the request names, or the only one.
fn bucket<'a>(request: &Request, settings: &'a Settings) -> Result<(&'a str, &'a Bucket), Refusal> {
    let found = match request.field("bucket") {
        Some(name) => settings.buckets.get_key_value(&name.to_lowercase()),
        None if settings.buckets.len() == 1 => settings.buckets.first_key_value(),
        None => None,
    };
    let found = found.map(|(name, bucket)| (name.as_str(), bucket));
    found.ok_or_else(|| {
        let names: Vec<&str> = settings.buckets.keys().map(String::as_str).collect();
        Refusal::new(400, "InvalidRequest", "say which bucket").with("field", "bucket").with("buckets", names)
    })
}

fn invalid(field: &str, message: &str) -> Refusal {
    Refusal::new(400, "InvalidRequest", message).with("field", field)
}

impl Asked<'_> {
    fn granted(&self, grant: &str) -> Result<(), Refusal> {
        if self.bucket.grants.contains(grant) {
            return Ok(());
        }
        let message = format!("the stack does not allow this: it needs the grant `{grant}` on the bucket");
        Err(Refusal::new(403, "NotGranted", message).with("grant", grant))
    }

    fn presign(&self, request: &ToSign<'_>) -> Result<String, Refusal> {
        self.signer.presign(request, self.now).map_err(|error| Refusal::new(500, "SigningFailed", error))
    }

    fn to_sign<'a>(&'a self, method: &'a str, key: &'a str) -> ToSign<'a> {
        ToSign {
            method,
            bucket: &self.bucket.name,
            key: Some(key),
            query: Vec::new(),
            headers: Vec::new(),
            expires: self.settings.upload_expires,
        }
    }

    fn until(&self, expires: Duration) -> String {
        extended(self.now + expires)
    }

    /// `GET /`: a URL to PUT whatever the page has, as a JSON string.
    fn url(&self) -> Result<Answer, Refusal> {
        self.granted("put")?;
        let key = key::nameless(self.sub);
        let request = ToSign { expires: self.settings.url_expires, ..self.to_sign("PUT", &key) };
        Ok(Answer::ok(self.presign(&request)?.into()))
    }

    /// `POST /uploads`: a URL, or a form, for one file of a known name, type and size.
    fn upload(&self) -> Result<Answer, Refusal> {
        self.granted("put")?;
        let body =
            self.request.body.as_ref().ok_or_else(|| invalid("body", "the body must be a JSON object"))?;
        let name =
            body["filename"].as_str().ok_or_else(|| invalid("filename", "the file's name is missing"))?;
        let content_type = self
            .content_type(body["contentType"].as_str())?
            .ok_or_else(|| invalid("contentType", "the file's media type is missing"))?;
        let size =
            body["size"].as_u64().ok_or_else(|| invalid("size", "the file's size in bytes is missing"))?;
        let most = self.settings.max_bytes;
        if size > most {
            return Err(Refusal::new(
                413,
                "TooLarge",
                format!("the file has {size} bytes; {most} are allowed"),
            )
            .with("maxBytes", most));
        }
        let checksum =
            match &body["sha256"] {
                Value::Null => None,
                given => Some(checksum(given).ok_or_else(|| {
                    invalid("sha256", "not the SHA-256 of a file, in hexadecimal or base64")
                })?),
            };
        let key = key::fresh(self.sub, name);
        let expires = self.settings.upload_expires;
        let mut answer = json!({
            "key": key,
            "bucket": self.logical,
            "expiresAt": self.until(expires),
            "maxBytes": most,
            "requestId": self.request.id,
        });
        match body["mode"].as_str().unwrap_or("put") {
            "post" => {
                let form = Form {
                    bucket: &self.bucket.name,
                    key: &key,
                    content_type: Some(content_type),
                    checksum: checksum.as_deref(),
                    size: size..=size,
                    expires,
                };
                let (url, fields) = self.signer.post(&form, self.now);
                answer["method"] = "POST".into();
                answer["url"] = url.into();
                answer["fields"] = fields;
            }
            "put" => {
                let mut request = self.to_sign("PUT", &key);
                request.headers =
                    vec![("content-type", content_type.to_owned()), ("content-length", size.to_string())];
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
            _ => return Err(invalid("mode", "the mode is `put` or `post`")),
        }
        Ok(Answer::ok(answer))
    }

    /// `POST /sign`: one request of an upload client such as Uppy.
    fn sign(&self) -> Result<Answer, Refusal> {
        let body =
            self.request.body.as_ref().ok_or_else(|| invalid("body", "the body must be a JSON object"))?;
        let given = body["key"].as_str().ok_or_else(|| invalid("key", "the key is missing"))?;
        let method = body["method"].as_str().unwrap_or_default();
        let upload = body["uploadId"].as_str();
        let part = match &body["partNumber"] {
            Value::Null => None,
            number => Some(
                number
                    .as_u64()
                    .filter(|part| (1..=10_000).contains(part))
                    .ok_or_else(|| invalid("partNumber", "parts are numbered from 1 to 10000"))?,
            ),
        };
        let content_type = self.content_type(body["contentType"].as_str())?;
        let mut headers = Vec::new();
        let (grant, key, query) = match (method, upload, part) {
            ("PUT", None, None) => {
                let known = self.known_type(content_type)?;
                headers.extend(known.map(|kind| ("content-type", kind.to_owned())));
                ("put", key::fresh(self.sub, given), vec![])
            }
            ("POST", None, None) => {
                let known = self.known_type(content_type)?;
                headers.extend(known.map(|kind| ("content-type", kind.to_owned())));
                ("multipart", key::fresh(self.sub, given), vec![("uploads", String::new())])
            }
            ("PUT", Some(upload), Some(part)) => {
                let query = vec![("partNumber", part.to_string()), ("uploadId", upload.to_owned())];
                ("multipart", key::own(self.sub, given)?, query)
            }
            ("GET" | "POST" | "DELETE", Some(upload), None) => {
                ("multipart", key::own(self.sub, given)?, vec![("uploadId", upload.to_owned())])
            }
            ("DELETE", None, None) => ("delete", key::own(self.sub, given)?, vec![]),
            _ => {
                return Err(invalid(
                    "method",
                    "no request of an upload has this method, uploadId and partNumber",
                ));
            }
        };
        self.granted(grant)?;
        let longest = self.settings.upload_expires;
        let asked = body["expiresIn"].as_u64().filter(|it| *it > 0).map(Duration::from_secs);
        let expires = asked.map_or(longest, |it| it.min(longest));
        let names: serde_json::Map<String, Value> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
        let request = ToSign { query, headers, expires, ..self.to_sign(method, &key) };
        Ok(Answer::ok(json!({
            "url": self.presign(&request)?,
            "key": key,
            "headers": names,
            "expiresAt": self.until(expires),
            "requestId": self.request.id,
        })))
    }

    /// `GET /uploads`: a URL that lists the caller's own files; S3 answers it, so that this function talks to nobody.
    fn list(&self) -> Result<Answer, Refusal> {
        self.granted("list")?;
        let prefix = key::prefix(self.sub);
        let mut query = vec![("list-type", "2".to_owned()), ("prefix", prefix.clone())];
        if let Some(token) = self.request.query("continuationToken") {
            query.push(("continuation-token", token.to_owned()));
        }
        if let Some(most) = self.request.query("maxKeys") {
            let most = most.parse::<u16>().ok().filter(|most| (1..=1000).contains(most));
            query.push((
                "max-keys",
                most.ok_or_else(|| invalid("maxKeys", "1 to 1000 at a time"))?.to_string(),
            ));
        }
        let request = ToSign { key: None, query, ..self.to_sign("GET", "") };
        Ok(Answer::ok(json!({
            "url": self.presign(&request)?,
            "prefix": prefix,
            "bucket": self.logical,
            "expiresAt": self.until(request.expires),
            "requestId": self.request.id,
        })))
    }

    /// `GET /uploads/{key+}`: a URL that downloads one of the caller's own files under its name.
    fn download(&self) -> Result<Answer, Refusal> {
        self.granted("get")?;
        let key = key::own(self.sub, self.request.parameter.as_deref().unwrap_or_default())?;
        let name = key::file_name(&key);
        let query = vec![("response-content-disposition", attachment(name))];
        let request = ToSign { query, ..self.to_sign("GET", &key) };
        Ok(Answer::ok(json!({
            "url": self.presign(&request)?,
            "key": key,
            "filename": name,
            "expiresAt": self.until(request.expires),
            "requestId": self.request.id,
        })))
    }

    /// `DELETE /uploads/{key+}`: a URL that deletes one of the caller's own files.
    fn remove(&self) -> Result<Answer, Refusal> {
        self.granted("delete")?;
        let key = key::own(self.sub, self.request.parameter.as_deref().unwrap_or_default())?;
        let request = self.to_sign("DELETE", &key);
        Ok(Answer::ok(json!({
            "method": "DELETE",
            "url": self.presign(&request)?,
            "key": key,
            "expiresAt": self.until(request.expires),
            "requestId": self.request.id,
        })))
    }

    /// A media type that is well formed and allowed.
    fn content_type<'a>(&self, given: Option<&'a str>) -> Result<Option<&'a str>, Refusal> {
        let Some(given) = given else { return Ok(None) };
        let essence = given.split(';').next().unwrap_or_default().trim();
        let is_token = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
        };
        let well_formed = essence.split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub));
        if !well_formed || given.len() > 256 || !given.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(invalid("contentType", "not a media type such as `image/png`"));
        }
        if !self.settings.allows(given) {
            return Err(self.type_refused(given));
        }
        Ok(Some(given))
    }

    /// A type that may be left out where any is allowed.
    fn known_type<'a>(&self, given: Option<&'a str>) -> Result<Option<&'a str>, Refusal> {
        if given.is_none() && !self.settings.content_types.is_empty() {
            return Err(self.type_refused("unknown"));
        }
        Ok(given)
    }

    fn type_refused(&self, given: &str) -> Refusal {
        let allowed = &self.settings.content_types;
        Refusal::new(
            415,
            "TypeNotAllowed",
            format!("files of type {given} are not taken; {} are", allowed.join(", ")),
        )
        .with("allowed", allowed.clone())
    }
}

/// A SHA-256 as S3 takes it: in base64.
fn checksum(given: &Value) -> Option<String> {
    let text = given.as_str()?;
    let bytes = if text.len() == 64 {
        let digit = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
        (0..64).step_by(2).map(digit).collect::<Option<Vec<u8>>>()?
    } else {
        BASE64_STANDARD.decode(text).ok()?
    };
    (bytes.len() == 32).then(|| BASE64_STANDARD.encode(bytes))
}
