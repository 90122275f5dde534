//! The proxy in front of the emulator: recognise, rules before, forward, rules after, log.

use std::{
    net::Ipv6Addr,
    os::fd::{AsFd, OwnedFd},
    sync::Arc,
    time::{Duration, Instant},
};

use http_body_util::BodyExt;
use hyper::{
    HeaderMap, Request, Response, StatusCode, body::Incoming, header, http::request::Parts,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    access::{caller::Caller, identify::identify, root_key::RootKey, web_page},
    backend::Backend,
    layer::{HangUp, Layer, Outcome},
    recording::Recording,
    request::{
        body::{Body, BoxError},
        request::CloudRequest,
    },
    request_log::{Entry, RequestLog},
    response::{json_response, refused},
    upstream::Checked,
};

/// How long requests in flight may take when the local cloud stops: a function may be busy for minutes.
const FINISHES_WITHIN: Duration = Duration::from_secs(2);

/// The proxy: its backend, its layer, and its logs.
pub struct Gateway {
    /// The emulator, with the rules around it.
    pub backend: Backend,
    /// A layer before the backend, for tests.
    pub layer: Option<Arc<dyn Layer>>,
    /// Where a line is written for each request.
    pub log: RequestLog,
    /// The random name of this run, which the health path answers, so that another process is not taken for this one.
    pub run: String,
    /// The root key; `None` in front of another emulator, which checks no keys.
    pub root: Option<RootKey>,
    /// Records whole requests, for tests.
    pub recording: Option<Recording>,
}

/// Serves until `stop` turns true, and then finishes the requests in flight.
pub async fn serve(gateway: Arc<Gateway>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut accepted_so_far = 0;
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of file descriptors, or closed before it was accepted: the next connection may succeed.
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
            let linger = gateway.layer.as_ref().and_then(|_| stream.as_fd().try_clone_to_owned().ok());
            let service = service_fn(move |received| {
                let gateway = gateway.clone();
                async move { gateway.answer(received, number).await }
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

/// Makes the connection end with a reset, if the layer asked for it.
fn reset_if_asked(error: &hyper::Error, stream: &OwnedFd) {
    let why = std::error::Error::source(error).and_then(|it| it.downcast_ref::<HangUp>());
    if why == Some(&HangUp::Reset) {
        let _ = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
    }
}

impl Gateway {
    async fn answer(&self, received: Request<Incoming>, connection: u64) -> Result<Response<Body>, HangUp> {
        let started = Instant::now();
        if !is_loopback(received.headers()) {
            return Ok(refused("the local cloud answers to loopback names only"));
        }
        if received.uri().path().starts_with("/_stackctl/") {
            return Ok(self.own(received).await);
        }
        if is_internal(received.uri().path()) {
            return Ok(refused("the emulator's own paths are not for use from outside"));
        }
        let mut request = match CloudRequest::receive(received).await {
            Ok(it) => it,
            Err(response) => return Ok(*response),
        };
        if let Some(recording) = &self.recording {
            recording.add(&mut request).await;
        }
        let Outcome { answer, notes } = match (self.answer_alone(&mut request).await, &self.layer) {
            (Some(answer), _) => Outcome::answered(answer),
            (None, Some(layer)) => layer.answer(&mut request, &self.backend).await,
            (None, None) => Outcome::answered(self.backend.pass(&mut request).await),
        };
        let answer = answer.map(|it| without_foreign_cors(it, &request));
        self.log.add(&Entry {
            operation: &request.operation,
            method: &request.method,
            path: request.uri.path(),
            status: answer.as_ref().ok().map(Response::status),
            took: started.elapsed(),
            checked: answer
                .as_ref()
                .ok()
                .and_then(|it| it.extensions().get::<Checked>())
                .map(|it| it.0.as_str()),
            connection,
            app: app(&request.headers),
            notes: &notes,
        });
        answer
    }

    /// Answers requests that are not passed on: those of callers that may not send them, and preflights of sign-ins.
    async fn answer_alone(&self, request: &mut CloudRequest) -> Option<Response<Body>> {
        match identify(request, self.root.as_ref()).await {
            Ok(caller) => request.caller = caller,
            Err(refusal) => return Some(refusal.response(&request.operation.service)),
        }
        web_page::preflight(request)
    }

    async fn own(&self, received: Request<Incoming>) -> Response<Body> {
        if web_page::is_from_a_page(received.headers()) {
            return refused("web pages don't operate the local cloud");
        }
        if received.uri().path() == "/_stackctl/health" {
            return self.health();
        }
        let (Parts { method, uri, .. }, body) = received.into_parts();
        let of_layer = match &self.layer {
            Some(layer) => layer.control(&method, uri.path(), body.map_err(BoxError::from).boxed()).await,
            None => None,
        };
        of_layer.unwrap_or_else(|| {
            json_response(StatusCode::NOT_FOUND, &json!({"message": "stackctl has no such path"}))
        })
    }

    fn health(&self) -> Response<Body> {
        let healthy = self.backend.upstream.address().is_some();
        let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        let body = json!({
            "status": if healthy { "ok" } else { "starting" },
            "run": self.run,
            "pid": std::process::id(),
            "region": self.backend.region,
            "version": env!("CARGO_PKG_VERSION"),
        });
        json_response(status, &body)
    }
}

/// The application's name in the user agent.
fn app(headers: &HeaderMap) -> Option<&str> {
    let agents = ["user-agent", "x-amz-user-agent"].map(|it| headers.get(it).and_then(|it| it.to_str().ok()));
    agents.into_iter().flatten().flat_map(|it| it.split(' ')).find_map(|it| it.strip_prefix("app/"))
}

/// Removes the CORS headers that would let web pages read an answer that they may not read. The emulator adds them to
/// most answers.
fn without_foreign_cors(mut answer: Response<Body>, request: &CloudRequest) -> Response<Body> {
    let by_its_rules = ["execute-api", "s3"].contains(&request.operation.service.as_ref());
    if !by_its_rules && [Caller::Root, Caller::Key].contains(&request.caller) {
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

/// Whether the request's host is a loopback name. A web page could use another name that resolves to this machine to
/// bypass the browser's same-origin policy (DNS rebinding).
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

/// Whether a path is internal to the emulator, such as the one that deletes its state.
fn is_internal(path: &str) -> bool {
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ["_ministack", "_localstack"].contains(&first)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

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
