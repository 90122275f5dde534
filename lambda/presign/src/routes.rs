//! The routes.

mod asked;
mod files;
mod sign;
mod upload;
mod url;

use std::time::SystemTime;

use serde_json::Value;

use self::asked::Asked;
use crate::{
    answer::Refusal,
    fields::{Fields, invalid},
    request::Request,
    settings::{Bucket, Settings},
    sign::Signer,
};

/// A route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// `GET /`
    Url,
    /// `POST /uploads`
    Upload,
    /// `POST /sign`
    Sign,
    /// `GET /folders`
    Folders,
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
        // With `/{proxy+}` only the path names the route.
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
            ("GET", "/folders", None) => Route::Folders,
            ("GET", "/uploads", None) => Route::List,
            ("GET", _, Some(_)) => Route::Download,
            ("DELETE", _, Some(_)) => Route::Remove,
            _ => return None,
        };
        Some((route, key.unwrap_or_default()))
    }
}

/// The body of the response.
///
/// # Errors
/// The refusal of the request.
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
        Route::Folders => Ok(asked.folders()),
        Route::List => asked.list(),
        Route::Download => asked.download(key),
        Route::Remove => asked.remove(key),
    }
}

/// The caller's `sub`. Cognito's are UUIDs; other values are checked too, because keys contain the `sub`.
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
