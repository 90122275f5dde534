//! The checks of a bucket: it takes an upload by its presigned URL from the right page, and nothing else.

use std::{collections::BTreeMap, time::Duration};

use stackctl_aws_client::{clients::Aws, request::wait};
use stackctl_s3::bucket::operations as bucket_operations;
use stackctl_stackfile::{
    names::{EnvironmentKey, LogicalName},
    origin::Origins,
};
use tokio::time::Instant;

use super::{
    check::{Bench, Finding, Name, Verdict, may_read, names},
    endpoint::{Endpoint, FOREIGN, pages, root},
    url::{is_in, key, lifetime, listing, object},
};
use crate::{
    http::{HttpAnswer, Request},
    sign_in::Tokens,
};

/// The uploaded bytes: each value once, so that a byte changed on the way is noticed.
pub(super) const FILE: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut at = 0;
    while at < 256 {
        bytes[at] = at as u8;
        at += 1;
    }
    bytes
};
/// The media type that axios sends by default.
const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";
/// URLs that live longer are not waited for.
const PATIENCE: u64 = 30;

/// A bucket to be tried, by the URLs that an API answers with.
pub struct Storage<'a> {
    /// Where checks are made.
    pub bench: &'a Bench<'a>,
    /// For looking at what arrived.
    pub aws: &'a Aws,
    /// The API.
    pub endpoint: &'a Endpoint<'a>,
    /// The id token of the signed-in user.
    pub tokens: &'a Tokens,
    /// Its logical name.
    pub logical: &'a LogicalName,
    /// Its name.
    pub bucket: &'a str,
    /// The origins of the pages that its CORS lets in, if any.
    pub origins: Option<&'a Origins>,
}

/// A presigned URL, and when it came.
pub(super) struct Presigned {
    pub url: String,
    since: Instant,
}

impl Storage<'_> {
    pub(super) fn name(&self, id: &'static str, what: impl Into<String>) -> Name {
        Name { id, of: Some(format!("bucket.{}", self.logical)), what: what.into() }
    }

    /// All of it.
    pub async fn run(&self, environment: Option<&BTreeMap<EnvironmentKey, String>>) {
        let page = self.origins.and_then(|it| pages(it).into_iter().next());
        self.preflights().await;
        self.upload(page.as_deref()).await;
        let name = self.name("expiring_url", "the URL of an upload can be had again");
        let expiring = match self.presigned().await {
            Ok(expiring) => expiring,
            Err(finding) => return self.bench.say(name, Verdict::Failed(finding), Duration::ZERO),
        };
        self.strangers(&expiring.url).await;
        self.sizes(environment).await;
        self.plain_http().await;
        self.expired(expiring).await;
    }

    pub(super) async fn presigned(&self) -> Result<Presigned, Finding> {
        let (route, since) = (root(), Instant::now());
        let url = self.endpoint.routes.get(&route).cloned().unwrap_or_default();
        let answer = self.bench.send(self.endpoint.request(&route, &url, Some(&self.tokens.id))).await?;
        match serde_json::from_slice::<String>(&answer.body) {
            Ok(url) if answer.is_good() && is_in(&url, self.bucket) => Ok(Presigned { url, since }),
            _ => Err(Finding::of(
                &answer,
                "GET / does not answer with a URL each time",
                "see what the function logs",
            )),
        }
    }

    async fn preflights(&self) {
        let url = match self.presigned().await {
            Ok(presigned) => presigned.url,
            // `upload` says what is wrong.
            Err(_) => return,
        };
        let Some(origins) = self.origins else {
            let name = self.name("bucket_preflight", "pages may put files into it");
            return self.bench.skip(name, "the file lets no page reach it: no `cors:`");
        };
        for page in pages(origins) {
            let name = self.name("bucket_preflight", format!("a page of {page} may put files into it"));
            let look = async || {
                let answer = self.ask_before(&url, &page).await?;
                let allowed = names(answer.header("access-control-allow-methods"), "PUT");
                if answer.is_good() && may_read(&answer, &page) && allowed {
                    return Ok(());
                }
                let cause = format!("the bucket's CORS rules are gone, or lack PUT from {page}");
                Err(Finding::of(&answer, cause, self.bench.cure()))
            };
            self.bench.check(name, look).await;
        }
        let name = self.name("bucket_foreign_preflight", "a page of another origin may not");
        if *origins == Origins::Any {
            return self.bench.skip(name, "any page may: `origins: \"*\"`");
        }
        let look = async || {
            let answer = self.ask_before(&url, FOREIGN).await?;
            if may_read(&answer, FOREIGN) {
                return Err(Finding::of(
                    &answer,
                    "the bucket's CORS rules let any page in",
                    self.bench.cure(),
                ));
            }
            Ok(())
        };
        self.bench.check(name, look).await;
    }

    async fn ask_before(&self, url: &str, page: &str) -> Result<HttpAnswer, Finding> {
        let request = Request::new("OPTIONS", url)
            .header("Origin", page)
            .header("Access-Control-Request-Method", "PUT")
            .header("Access-Control-Request-Headers", "content-type");
        self.bench.send(request).await
    }

    async fn upload(&self, page: Option<&str>) {
        let name = self.name("upload", "a file gets into it, by the URL that GET / answers with");
        let look = async || {
            let url = self.presigned().await?.url;
            let mut request = Request::new("PUT", &url).header("Content-Type", CONTENT_TYPE).body(FILE);
            if let Some(page) = page {
                request = request.header("Origin", page);
            }
            let answer = self.put(&url, request).await?;
            let text = answer.text();
            let (cause, help) = match answer.status {
                200 if page.is_none_or(|page| may_read(&answer, page)) => return Ok(url),
                200 => ("the bucket's CORS rules are gone, or lack this page's origin", self.bench.cure()),
                403 if text.contains("expired") => (
                    "the URL expires before it is used: URL_EXPIRES is too short, or a clock is wrong",
                    "set `URL_EXPIRES` in the function's environment to 10s or more".to_owned(),
                ),
                403 if text.contains("SignatureDoesNotMatch") => (
                    "the URL is signed for another request than a plain PUT",
                    "see how the function signs".to_owned(),
                ),
                403 => ("the function's role may not put objects into the bucket", self.bench.cure()),
                404 => ("there is no such bucket", self.bench.cure()),
                _ => ("S3 does not take the file", "verify again".to_owned()),
            };
            Err(Finding::of(&answer, cause, help))
        };
        let Some(url) = self.bench.check(name, look).await else { return };
        self.once(&url).await;
        self.same_bytes(&url).await;
        let name = self.name("anonymous_get", "no download without a signature");
        let look = async || {
            let answer = self.bench.send(Request::new("GET", object(&url))).await?;
            self.closed(
                &answer,
                "objects are public: by the bucket's policy, or for want of the block of public access",
            )
        };
        self.bench.check(name, look).await;
    }

    /// What arrived is what was sent.
    async fn same_bytes(&self, url: &str) {
        let name = self.name("same_bytes", "it arrived byte for byte");
        let key = key(url, self.bucket);
        let get = || self.aws.s3.get_object().bucket(self.bucket).key(&key).send();
        let look = async || {
            let object = match wait::read(&bucket_operations::GET_OBJECT, get).await {
                Ok(object) => object,
                Err(error) if error.code() == "AccessDenied" => return Ok(false),
                Err(error) => {
                    return Err(Finding {
                        saw: error.to_string(),
                        cause: "the object is not there, or S3 can't be reached".to_owned(),
                        help: "verify again".to_owned(),
                    });
                }
            };
            let bytes = object.body.collect().await.map(|it| it.into_bytes()).unwrap_or_default();
            if *bytes == FILE {
                return Ok(true);
            }
            Err(Finding {
                saw: format!("{} bytes were sent, and {} others are there", FILE.len(), bytes.len()),
                cause: "something on the way changes what is sent, such as a proxy".to_owned(),
                help: "verify from another network".to_owned(),
            })
        };
        let denied = "the credentials in use may not read objects (s3:GetObject)";
        self.bench.check_or_skip(name, denied, look).await;
    }

    /// Checks what is refused without a signature, and with a URL for another request.
    async fn strangers(&self, url: &str) {
        let public = "the bucket is public: by its policy, or for want of the block of public access";
        let beside = format!("{}-anonymous", object(url));
        let name = self.name("anonymous_put", "no upload without a signature");
        let look = async || {
            let answer = self.put(&beside, Request::new("PUT", &beside).body(FILE)).await?;
            self.closed(&answer, public)
        };
        self.bench.check(name, look).await;

        let name = self.name("anonymous_list", "no listing without a signature");
        let list = listing(url, self.bucket);
        let look = async || {
            let answer = self.bench.send(Request::new("GET", &list)).await?;
            self.closed(&answer, public)
        };
        self.bench.check(name, look).await;

        let name = self.name("other_key", "the URL is good for no other key");
        let (own, query) = url.split_once('?').unwrap_or((url, ""));
        let other = format!("{own}-other?{query}");
        let look = async || {
            let answer = self.put(&other, Request::new("PUT", &other).body(FILE)).await?;
            self.closed(&answer, public)
        };
        self.bench.check(name, look).await;
    }

    async fn plain_http(&self) {
        let name = self.name("plain_http", "nothing gets in without TLS");
        if let Some(endpoint) = &self.aws.account.endpoint {
            return self.bench.skip(name, format!("everything goes to {endpoint}, which is not AWS"));
        }
        let look = async || {
            let url = self.presigned().await?.url.replacen("https://", "http://", 1);
            let answer = self.put(&url, Request::new("PUT", &url).body(FILE)).await?;
            self.closed(&answer, "the bucket's policy does not refuse plain http")
        };
        self.bench.check(name, look).await;
    }

    async fn expired(&self, Presigned { url, since }: Presigned) {
        let name = self.name("expired", "an expired URL is refused");
        let Some(seconds) = lifetime(&url) else {
            return self.bench.skip(name, "the URL does not say how long it works");
        };
        if seconds > PATIENCE {
            let why = format!("a URL works for {seconds} s; more than {PATIENCE} s are not waited for");
            return self.bench.skip(name, why);
        }
        // S3 counts whole seconds, and so does the signature's date.
        let then = since + Duration::from_secs(seconds + 2);
        if wait::until_then(self.bench.reporter, "a URL to expire", then).await.is_err() {
            return;
        }
        let look = async || {
            let answer = self.put(&url, Request::new("PUT", &url).body(FILE)).await?;
            self.closed(&answer, "the URL works longer than it says, or a clock is wrong")
        };
        self.bench.check(name, look).await;
    }

    /// Sends a PUT; what may have got in is remembered for removal.
    pub(super) async fn put(&self, url: &str, request: Request) -> Result<HttpAnswer, Finding> {
        let object = (self.bucket.to_owned(), key(url, self.bucket));
        let left = || self.bench.left.lock().expect("no code panics while holding it");
        left().insert(object.clone());
        let answer = self.bench.send(request).await?;
        if !answer.is_good() {
            left().retain(|it| *it != object);
        }
        Ok(answer)
    }

    /// Whether it was refused; not being there would be a refusal of another kind.
    pub(super) fn closed(&self, answer: &HttpAnswer, cause: &str) -> Result<(), Finding> {
        match answer.status {
            400 | 401 | 403 | 411 => Ok(()),
            _ => Err(Finding::of(answer, cause, self.bench.cure())),
        }
    }
}
