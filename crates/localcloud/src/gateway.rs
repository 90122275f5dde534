//! The proxy in front of the emulator: recognise, rules before, forward, rules after, log.

use std::{
    net::Ipv6Addr,
    os::fd::{AsFd, OwnedFd},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, Uri,
    body::Incoming,
    header::{self, HeaderName, HeaderValue},
    http::request::Parts,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    caller::{Caller, identify},
    operation::{self, Invocation, Operation, scope},
    recording::Recording,
    request_log::{Entry, RequestLog},
    root_key::RootKey,
    rules::{Rules, web_page},
    strict::{HangUp, Outcome, Strict},
    upstream::{Body, BoxError, Checked, Upstream, UpstreamError, full, read},
};

/// A form this long is no call of the query protocol.
const LONGEST_FORM: usize = 1 << 20;
/// A form this long is no call of an API either.
const LONGEST_FORM_TO_AN_API: usize = 10 << 20;

/// How long answers that have begun may take when the local cloud stops: a function may be busy for minutes.
const FINISHES_WITHIN: Duration = Duration::from_secs(2);

/// Everything the proxy needs.
pub(crate) struct Gateway {
    pub upstream: Arc<Upstream>,
    pub log: RequestLog,
    pub rules: Rules,
    /// There when this cloud is as AWS is.
    pub strict: Option<Strict>,
    /// Answered by the health path, so that nobody takes another process for this one.
    pub run: String,
    /// The region of what nobody signed.
    pub region: String,
    /// The one key with all rights; none in front of another emulator, which checks no keys.
    pub root: Option<RootKey>,
    /// There when tests want to see whole requests.
    pub recording: Option<Recording>,
}

/// A request on its way to the emulator.
pub(crate) struct Asked {
    pub operation: Operation,
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Body,
    /// The body, where a strict cloud had to read it.
    pub text: Option<String>,
    /// Whether its query or its form names an Action.
    pub has_action: bool,
    /// Who sends it.
    pub caller: Caller,
}

impl Asked {
    /// The region of a request that the root key signed.
    pub(crate) fn root_region(&self) -> Option<String> {
        let scope = scope(&self.uri, &self.headers)?;
        (self.caller == Caller::Root).then(|| scope.region.to_owned())
    }

    /// The whole body, which stays there for the emulator; none when it breaks off.
    pub(crate) async fn read_whole(&mut self) -> Option<Bytes> {
        let body = read(std::mem::take(&mut self.body), usize::MAX).await?;
        self.body = full(body.clone());
        Some(body)
    }

    /// The API call that this is, if it is one.
    pub(crate) fn invocation(&self) -> Option<Invocation<'_>> {
        operation::invocation(&self.uri, &self.headers)
    }

    /// The body as text, which stays there for the emulator.
    pub(crate) async fn read_text(&mut self) -> String {
        let body = read(std::mem::take(&mut self.body), usize::MAX).await.unwrap_or_default();
        self.body = full(body.clone());
        String::from_utf8_lossy(&body).into_owned()
    }

    /// Sends another body on.
    pub(crate) fn replace_body(&mut self, text: String) {
        // The length is that of the former.
        self.headers.remove(header::CONTENT_LENGTH);
        self.body = full(text);
    }

    /// The body as JSON, which stays there for the emulator.
    pub(crate) async fn read_json(&mut self) -> Option<Value> {
        let body = read(std::mem::take(&mut self.body), LONGEST_FORM).await?;
        self.body = full(body.clone());
        serde_json::from_slice(&body).ok()
    }
}

/// Serves until `stop` turns true, and then what has begun.
pub(crate) async fn serve(gateway: Arc<Gateway>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut accepted_so_far = 0;
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of file descriptors, or gone before it was accepted: the next one may fare better.
                Err(_) => continue,
            },
            Some(_) = connections.join_next() => continue,
            _ = stop.wait_for(|it| *it) => break,
        };
        let _ = stream.set_nodelay(true);
        accepted_so_far += 1;
        let number = accepted_so_far;
        let gateway = gateway.clone();
        let mut stop = stop.clone();
        connections.spawn(async move {
            let linger = gateway.strict.as_ref().and_then(|_| stream.as_fd().try_clone_to_owned().ok());
            let service = service_fn(move |request| {
                let gateway = gateway.clone();
                async move { gateway.answer(request, number).await }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            tokio::pin!(connection);
            let mut ended = tokio::select! {
                ended = connection.as_mut() => Some(ended),
                _ = stop.wait_for(|it| *it) => None,
            };
            if ended.is_none() {
                connection.as_mut().graceful_shutdown();
                ended = Some(connection.as_mut().await);
            }
            if let (Some(Err(error)), Some(stream)) = (ended, linger) {
                reset_if_asked(&error, &stream);
            }
        });
    }
    let _ = tokio::time::timeout(FINISHES_WITHIN, async { while connections.join_next().await.is_some() {} })
        .await;
}

/// Has the connection end with a reset when its last handle is closed.
fn reset_if_asked(error: &hyper::Error, stream: &OwnedFd) {
    let why = std::error::Error::source(error).and_then(|it| it.downcast_ref::<HangUp>());
    if why == Some(&HangUp::Reset) {
        let _ = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
    }
}

impl Gateway {
    async fn answer(&self, request: Request<Incoming>, connection: u64) -> Result<Response<Body>, HangUp> {
        let started = Instant::now();
        if !is_loopback(request.headers()) {
            return Ok(refused("the local cloud answers to loopback names only"));
        }
        if request.uri().path().starts_with("/_stackctl/") {
            return Ok(self.own(request).await);
        }
        if is_internal(request.uri().path()) {
            return Ok(refused("the emulator's own paths are not for use from outside"));
        }
        let mut asked = match asked(request).await {
            Ok(it) => it,
            Err(response) => return Ok(*response),
        };
        if let Some(recording) = &self.recording {
            recording.add(&mut asked).await;
        }
        let Outcome { answer, fault, wave } = match (self.answer_alone(&mut asked).await, &self.strict) {
            (Some(answer), _) => Outcome { answer: Ok(answer), fault: None, wave: None },
            (None, Some(strict)) => strict.answer(&mut asked, self).await,
            (None, None) => Outcome { answer: Ok(self.pass(&mut asked).await), fault: None, wave: None },
        };
        let answer = answer.map(|it| without_foreign_cors(it, &asked));
        self.log.add(&Entry {
            operation: &asked.operation,
            method: &asked.method,
            path: asked.uri.path(),
            status: answer.as_ref().ok().map(Response::status),
            took: started.elapsed(),
            checked: answer
                .as_ref()
                .ok()
                .and_then(|it| it.extensions().get::<Checked>())
                .map(|it| it.0.as_str()),
            fault: fault.as_ref(),
            connection,
            wave,
            app: app(&asked.headers),
        });
        answer
    }

    /// Answers what goes no further: who may not send it, and what a browser asks before a sign-in.
    async fn answer_alone(&self, asked: &mut Asked) -> Option<Response<Body>> {
        match identify(asked, self.root.as_ref()).await {
            Ok(caller) => asked.caller = caller,
            Err(refusal) => return Some(refusal.response(&asked.operation.service)),
        }
        web_page::preflight(asked)
    }

    /// Answers by the rules, or has the emulator answer.
    pub(crate) async fn pass(&self, asked: &mut Asked) -> Response<Body> {
        let response = match self.rules.before(asked, &self.upstream).await {
            Ok(Some(response)) => response,
            Ok(None) => {
                let response = self.forward(asked).await;
                self.rules.after(asked, response).await
            }
            Err(error) => unavailable(&error),
        };
        if asked.operation.changes_state() && response.status().is_success() {
            self.upstream.written.notify_one();
        }
        response
    }

    async fn forward(&self, asked: &mut Asked) -> Response<Body> {
        let mut request = Request::new(std::mem::take(&mut asked.body));
        *request.method_mut() = asked.method.clone();
        *request.uri_mut() = asked.uri.clone();
        *request.headers_mut() = asked.headers.clone();
        remove_hop_by_hop(request.headers_mut());
        // The browser and the functions speak http to this machine, and AWS would speak https: policies that ask
        // for TLS hold here as they do there.
        request
            .headers_mut()
            .insert(HeaderName::from_static("x-forwarded-proto"), HeaderValue::from_static("https"));
        match self.upstream.send(request, asked.caller, &asked.operation.service).await {
            Ok(mut response) => {
                remove_hop_by_hop(response.headers_mut());
                response
            }
            Err(error) => unavailable(&error),
        }
    }

    async fn own(&self, request: Request<Incoming>) -> Response<Body> {
        let method = request.method().clone();
        match (request.uri().path(), &self.strict) {
            _ if web_page::is_from_a_page(request.headers()) => {
                refused("web pages don't operate the local cloud")
            }
            ("/_stackctl/health", _) => self.health(),
            ("/_stackctl/strict", None) => refused("this local cloud was not started with --strict"),
            ("/_stackctl/strict", Some(strict)) if method == Method::GET => strict.show(),
            ("/_stackctl/strict", Some(strict)) if method == Method::POST => {
                strict.set(request.into_body().map_err(BoxError::from).boxed()).await
            }
            ("/_stackctl/strict/wave", Some(strict)) if method == Method::POST => strict.let_through(),
            _ => json_response(StatusCode::NOT_FOUND, &json!({"message": "stackctl has no such path"})),
        }
    }

    fn health(&self) -> Response<Body> {
        let healthy = self.upstream.address().is_some();
        let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        let body = json!({
            "status": if healthy { "ok" } else { "starting" },
            "run": self.run,
            "pid": std::process::id(),
            "region": self.region,
            "version": env!("CARGO_PKG_VERSION"),
        });
        json_response(status, &body)
    }
}

/// Recognises a request; a form is read for its Action.
async fn asked(request: Request<Incoming>) -> Result<Asked, Box<Response<Body>>> {
    let (parts, body) = request.into_parts();
    let body = body.map_err(BoxError::from).boxed();
    // A page may PUT a file under this content type (axios does), which is not read.
    let (form, body) = if parts.method == Method::POST && is_form(&parts.headers) {
        let longest = if parts.uri.path() == "/" { LONGEST_FORM } else { LONGEST_FORM_TO_AN_API };
        match read(body, longest).await {
            Some(bytes) => (Some(bytes.clone()), full(bytes)),
            None => {
                let body = json!({"message": "the form could not be read, or is too long"});
                return Err(Box::new(json_response(StatusCode::PAYLOAD_TOO_LARGE, &body)));
            }
        }
    } else {
        (None, body)
    };
    let operation = operation::recognise(&parts.method, &parts.uri, &parts.headers, form.as_deref());
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let has_action = operation::has_action(query) || form.as_deref().is_some_and(operation::has_action);
    let Parts { method, uri, headers, .. } = parts;
    Ok(Asked { operation, method, uri, headers, body, text: None, has_action, caller: Caller::Anyone })
}

/// The name of the application that an SDK sends for.
fn app(headers: &HeaderMap) -> Option<&str> {
    let agents = ["user-agent", "x-amz-user-agent"].map(|it| headers.get(it).and_then(|it| it.to_str().ok()));
    agents.into_iter().flatten().flat_map(|it| it.split(' ')).find_map(|it| it.strip_prefix("app/"))
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).map(|it| String::from_utf8_lossy(it.as_bytes()).to_lowercase());
    content_type.is_some_and(|it| it.contains("x-www-form-urlencoded"))
}

/// The answer without what lets pages read it, unless pages may: the emulator lets them read most answers.
fn without_foreign_cors(mut answer: Response<Body>, asked: &Asked) -> Response<Body> {
    let by_its_rules = ["execute-api", "s3"].contains(&asked.operation.service.as_ref());
    if !by_its_rules && [Caller::Root, Caller::Key].contains(&asked.caller) {
        let names: Vec<_> = answer
            .headers()
            .keys()
            .filter(|it| it.as_str().starts_with("access-control-"))
            .cloned()
            .collect();
        for name in names {
            answer.headers_mut().remove(name);
        }
    }
    answer
}

/// Whether the request names this machine. A name of somebody else's that resolves to it is how a web page would
/// reach the local cloud around the browser's same-origin policy.
fn is_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|it| it.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    match (name.parse::<std::net::Ipv4Addr>(), address.map(str::parse::<Ipv6Addr>)) {
        (Ok(address), _) => address.is_loopback(),
        (_, Some(Ok(address))) => address.is_loopback(),
        _ => {
            let name = name.to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

/// Whether a path is for operating the emulator itself, such as wiping it.
fn is_internal(path: &str) -> bool {
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ["_ministack", "_localstack"].contains(&first)
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    const HOP_BY_HOP: [&str; 9] = [
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

fn unavailable(error: &UpstreamError) -> Response<Body> {
    let message = format!("stackctl's local cloud: {error}; try again in a moment");
    json_response(
        StatusCode::SERVICE_UNAVAILABLE,
        &json!({"__type": "ServiceUnavailable", "message": message}),
    )
}

/// The gateway's own refusal.
pub(crate) fn refused(why: &str) -> Response<Body> {
    json_response(StatusCode::FORBIDDEN, &json!({"message": why}))
}

/// An answer of the gateway's own.
pub(crate) fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(full(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(name))])
    }

    #[test]
    fn only_loopback_names() {
        for name in ["localhost:4599", "127.0.0.1", "127.0.0.1:4599", "[::1]:4599", "b.s3.localhost:4599"] {
            assert!(is_loopback(&host(name)), "{name}");
        }
        for name in ["evil.example", "localhost.evil.example:4599", "10.0.0.1:4599", "[::2]", ""] {
            assert!(!is_loopback(&host(name)), "{name}");
        }
        assert!(!is_loopback(&HeaderMap::new()));
    }

    #[test]
    fn the_emulators_own_paths() {
        for path in [
            "/_ministack/reset",
            "//_ministack/reset",
            "/%5fministack/reset",
            "/_ministack",
            "/_localstack/x",
        ] {
            assert!(is_internal(path), "{path}");
        }
        for path in ["/bucket/_ministack/reset", "/", "/_aws/execute-api/a/b"] {
            assert!(!is_internal(path), "{path}");
        }
    }
}
