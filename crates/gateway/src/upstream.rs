//! The connection to the emulator: forwarded requests and the gateway's own calls.

use std::{net::SocketAddr, sync::RwLock, time::Duration};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::{
    Method, Request, Response, StatusCode, Uri,
    header::{self, HeaderName, HeaderValue},
    http::uri::PathAndQuery,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use serde_json::Value;
use tokio::sync::Notify;

use crate::{
    access::caller::Caller,
    request::body::{Body, BoxError, full},
};

const KEY: HeaderName = HeaderName::from_static("x-stackctl-key");
const CALLER: HeaderName = HeaderName::from_static("x-stackctl-caller");
const SERVICE: HeaderName = HeaderName::from_static("x-stackctl-service");
const CHECKED: HeaderName = HeaderName::from_static("x-stackctl-checked");

/// The IAM actions that the emulator checked for a request, separated by spaces. It is an extension of the answer.
#[derive(Debug, Clone)]
pub struct Checked(pub String);

/// Why the emulator did not answer a request.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// It does not run, or is not healthy yet.
    #[error("the emulator is not running at this moment")]
    NotThere,
    /// The connection broke off.
    #[error("the emulator did not answer")]
    NoAnswer(#[source] BoxError),
}

/// Sends requests to the emulator at its current address.
pub struct Upstream {
    address: RwLock<Option<SocketAddr>>,
    /// Notified of each change in the emulator.
    pub written: Notify,
    /// Notified when the emulator must be killed.
    pub kill: Notify,
    /// The key by which the emulator recognises the gateway.
    key: HeaderValue,
    /// The name of the root key, which the gateway's own calls are made with.
    root: String,
    client: Client<HttpConnector, Body>,
}

impl Upstream {
    /// A connection to an emulator that does not run yet. It recognises the gateway by `key`; `root` is the id of the
    /// root key.
    pub fn new(key: &str, root: &str) -> Upstream {
        let key = HeaderValue::from_str(key).expect("a key is a word");
        let root = root.to_owned();
        // The emulator closes idle connections after 75 seconds; the gateway closes them earlier.
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .build_http();
        Upstream {
            address: RwLock::new(None),
            written: Notify::new(),
            kill: Notify::new(),
            key,
            root,
            client,
        }
    }

    /// The emulator answers at `address` from now on.
    pub fn found(&self, address: SocketAddr) {
        *self.address.write().expect("no code panics while holding it") = Some(address);
    }

    /// The emulator does not run any more.
    pub fn lose(&self) {
        *self.address.write().expect("no code panics while holding it") = None;
    }

    /// The address of the emulator; `None` while it does not run.
    pub fn address(&self) -> Option<SocketAddr> {
        *self.address.read().expect("no code panics while holding it")
    }

    /// Whether an emulator answers at `address`.
    pub async fn is_healthy(&self, address: SocketAddr) -> bool {
        let request = Request::get(format!("http://{address}/_ministack/health")).header(KEY, &self.key);
        let answer = self.client.request(request.body(full("")).expect("the parts are valid"));
        matches!(tokio::time::timeout(Duration::from_secs(2), answer).await, Ok(Ok(it)) if it.status().is_success())
    }

    /// Forwards a request with its path and headers, the caller and the service.
    pub async fn send(
        &self,
        mut request: Request<Body>,
        caller: Caller,
        service: &str,
    ) -> Result<Response<Body>, UpstreamError> {
        let address = self.address().ok_or(UpstreamError::NotThere)?;
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = Uri::builder()
            .scheme("http")
            .authority(address.to_string())
            .path_and_query(path.unwrap_or(PathAndQuery::from_static("/")))
            .build()
            .map_err(|it| UpstreamError::NoAnswer(it.into()))?;
        let headers = request.headers_mut();
        headers.insert(KEY, self.key.clone());
        headers.insert(CALLER, HeaderValue::from_static(caller.name()));
        headers
            .insert(SERVICE, HeaderValue::from_str(service).unwrap_or(HeaderValue::from_static("unknown")));
        let mut answer =
            self.client.request(request).await.map_err(|it| UpstreamError::NoAnswer(it.into()))?;
        let checked = answer.headers_mut().remove(CHECKED);
        if let Some(checked) = checked.as_ref().and_then(|it| it.to_str().ok()) {
            answer.extensions_mut().insert(Checked(checked.to_owned()));
        }
        Ok(answer.map(|it| it.map_err(BoxError::from).boxed()))
    }

    /// A call of the gateway's own, made with the root key, of a service that answers in JSON.
    pub async fn call(&self, call: &Call) -> Result<(StatusCode, Value), UpstreamError> {
        let (status, bytes) = self.call_bytes(call).await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// The same of a service that answers in XML; the text of the answer.
    pub async fn call_text(&self, call: &Call) -> Result<(StatusCode, String), UpstreamError> {
        let (status, bytes) = self.call_bytes(call).await?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn call_bytes(&self, call: &Call) -> Result<(StatusCode, Bytes), UpstreamError> {
        let body = call.body.as_ref().map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(call.method.clone())
            .uri(&call.path)
            .header(header::AUTHORIZATION, self.credential(&call.region, call.service))
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.ask(request, body).await
    }

    /// A call of a JSON service, by its target.
    pub async fn json_call(
        &self,
        target: &str,
        service: &str,
        region: &str,
        body: &Value,
    ) -> Result<(StatusCode, Value), UpstreamError> {
        let request = Request::post("/")
            .header("x-amz-target", target)
            .header(header::AUTHORIZATION, self.credential(region, service))
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
        let (status, bytes) = self.ask(request, body.to_string()).await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// A GET request; the answer may be of any type.
    pub async fn get(
        &self,
        service: &str,
        region: &str,
        path: &str,
    ) -> Result<(StatusCode, Bytes), UpstreamError> {
        let request = Request::get(path).header(header::AUTHORIZATION, self.credential(region, service));
        self.ask(request, String::new()).await
    }

    /// A call of the query protocol, whose answer is XML.
    pub async fn query(
        &self,
        service: &str,
        parameters: &[(&str, &str)],
    ) -> Result<(StatusCode, String), UpstreamError> {
        let encoded = |(name, value): &(&str, &str)| {
            format!(
                "{name}={}",
                percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC)
            )
        };
        let body = parameters.iter().map(encoded).collect::<Vec<_>>().join("&");
        let request = Request::post("/")
            .header(header::AUTHORIZATION, self.credential("us-east-1", service))
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let (status, bytes) = self.ask(request, body).await?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The root key's credential; the emulator does not verify signatures of the gateway's calls.
    fn credential(&self, region: &str, service: &str) -> String {
        let root = &self.root;
        format!(
            "AWS4-HMAC-SHA256 Credential={root}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
        )
    }

    async fn ask(
        &self,
        request: hyper::http::request::Builder,
        body: String,
    ) -> Result<(StatusCode, Bytes), UpstreamError> {
        let request = request.body(full(body)).map_err(|it| UpstreamError::NoAnswer(it.into()))?;
        let (parts, body) = self.send(request, Caller::Root, "").await?.into_parts();
        let bytes = body.collect().await.map_err(UpstreamError::NoAnswer)?.to_bytes();
        Ok((parts.status, bytes))
    }
}

/// One call of the gateway's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The signing name of the service.
    pub service: &'static str,
    /// The region that it is for.
    pub region: String,
    /// Its method.
    pub method: Method,
    /// Path and query, encoded.
    pub path: String,
    /// Its body, as JSON.
    pub body: Option<Value>,
}
