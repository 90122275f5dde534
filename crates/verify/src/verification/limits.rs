//! How much an upload may be: no more than was signed, no more than the function's limit, and once.

use std::collections::BTreeMap;

use stackctl_stackfile::{
    api::{Method, Route},
    names::EnvironmentKey,
};

use super::{
    bucket::{FILE, Storage},
    check::{Finding, Name},
};
use crate::http::Request;

impl Storage<'_> {
    /// Where the size is signed, a longer file is refused; otherwise S3 takes 5 GB (S3-47).
    pub(super) async fn sizes(&self, environment: Option<&BTreeMap<EnvironmentKey, String>>) {
        let name = self.name("oversized", "a longer file than was signed is refused");
        let route = Route { path: "/uploads".to_owned(), method: Method::Post };
        let Some(url) = self.endpoint.routes.get(&route) else { return self.sizes_of_root(name).await };
        let content_type = content_type(environment);
        let ask = async |size: u64| {
            let mut body = serde_json::json!({ "filename": "stackctl-verify.bin", "contentType": content_type, "size": size });
            if let Some(bucket) = self.endpoint.bucket {
                body["bucket"] = serde_json::json!(bucket.as_str());
            }
            let request = self.endpoint.request(&route, url, Some(&self.tokens.id));
            self.bench.send(request.header("Content-Type", "application/json").body(body.to_string())).await
        };
        let told = self.name("exact_size", "a file of the size that was signed gets in");
        let look = async || {
            let answer = ask(FILE.len() as u64).await?;
            let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let Some(url) = told["url"].as_str().filter(|_| answer.is_good()) else {
                return Err(Finding::of(&answer, "POST /uploads gives no URL", "see what the function logs"));
            };
            let put = self.put(url, signed_put(url, &told).body(FILE)).await?;
            if put.is_good() {
                return Ok(told);
            }
            Err(Finding::of(
                &put,
                "POST /uploads signs for another request than it tells",
                "see how the function signs",
            ))
        };
        let Some(told) = self.bench.check(told, look).await else { return };
        let look = async || {
            let answer = ask(FILE.len() as u64).await?;
            let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let url = told["url"].as_str().unwrap_or_default();
            let put = self.put(url, signed_put(url, &told).body([FILE, FILE].concat())).await?;
            self.closed(&put, "the length is not among what is signed")
        };
        self.bench.check(name, look).await;

        let name = self.name("too_large", "more than the function's limit is refused beforehand");
        let Some(most) = told["maxBytes"].as_u64() else {
            return self.bench.skip(name, "POST /uploads tells no `maxBytes`");
        };
        let look = async || {
            let answer = ask(most.saturating_add(1)).await?;
            match answer.status {
                400..=499 => Ok(()),
                _ => Err(Finding::of(
                    &answer,
                    "the function does not mind its limit",
                    "see what the function logs",
                )),
            }
        };
        self.bench.check(name, look).await;
    }

    /// Where GET / signs the size of the query, S3 refuses a longer file.
    async fn sizes_of_root(&self, name: Name) {
        let told = self.presigned().await;
        if told.is_ok_and(|it| !it.url.contains("SignedHeaders=content-length")) {
            return self.bench.skip(name, "the API has no route POST /uploads, and GET / signs no size");
        }
        let look = async || {
            let url = self.presigned().await?.url;
            let put = self.put(&url, Request::new("PUT", &url).body([FILE, FILE].concat())).await?;
            self.closed(&put, "the length is not among what is signed")
        };
        self.bench.check(name, look).await;
    }

    /// A file that is there is not replaced by its own URL (S3-50).
    pub(super) async fn once(&self, url: &str) {
        let name = self.name("once", "the URL of a file that arrived takes no other");
        if !url.contains("If-None-Match=%2A") {
            return self.bench.skip(name, "the URL does not ask for it: it has no `If-None-Match=*`");
        }
        let look = async || {
            // Not by `put`: what is there stays noted for removal.
            let answer = self.bench.send(Request::new("PUT", url).body(FILE)).await?;
            match answer.status {
                412 => Ok(true),
                403 if answer.text().contains("expired") => Ok(false),
                _ => Err(Finding::of(
                    &answer,
                    "the condition in the URL does not count",
                    "see how the function signs",
                )),
            }
        };
        self.bench.check_or_skip(name, "the URL expired before it was used again", look).await;
    }
}

/// The PUT that an answer of `POST /uploads` tells of; a browser sets the length by itself.
fn signed_put(url: &str, told: &serde_json::Value) -> Request {
    let headers = told["headers"].as_object().into_iter().flatten();
    let headers =
        headers.filter(|(name, _)| !["content-length", "host"].contains(&name.to_lowercase().as_str()));
    headers.fold(Request::new("PUT", url), |request, (name, value)| {
        request.header(name, value.as_str().unwrap_or_default())
    })
}

/// A media type that the function takes.
fn content_type(environment: Option<&BTreeMap<EnvironmentKey, String>>) -> String {
    let all = environment.and_then(|it| it.iter().find(|(name, _)| name.as_str() == "CONTENT_TYPES"));
    let first = all.and_then(|(_, types)| types.split(',').map(str::trim).find(|it| !it.is_empty()));
    match first.map(|it| it.split_once('/').unwrap_or((it, "*"))) {
        None | Some(("*", _)) => "application/octet-stream".to_owned(),
        Some((kind, "*")) => format!("{kind}/{}", if kind == "text" { "plain" } else { "png" }),
        Some((kind, rest)) => format!("{kind}/{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        let of = |types: &str| {
            let variables =
                BTreeMap::from([("CONTENT_TYPES".parse::<EnvironmentKey>().unwrap(), types.to_owned())]);
            content_type(Some(&variables))
        };
        assert_eq!(content_type(None), "application/octet-stream");
        assert_eq!(of(""), "application/octet-stream");
        assert_eq!(of("*/*"), "application/octet-stream");
        assert_eq!(of("image/*,application/pdf"), "image/png");
        assert_eq!(of(" application/pdf "), "application/pdf");
    }
}
