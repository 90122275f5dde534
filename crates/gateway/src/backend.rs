//! The emulator with the gateway's rules around it.

use std::sync::Arc;

use hyper::{
    HeaderMap, Request, Response, StatusCode,
    header::{HeaderName, HeaderValue},
};
use serde_json::json;

use crate::{
    request::{body::Body, request::CloudRequest},
    response::json_response,
    rules::Rules,
    upstream::{Upstream, UpstreamError},
};

/// Answers requests by the rules, or with the emulator.
pub struct Backend {
    /// The way to the emulator.
    pub upstream: Arc<Upstream>,
    /// The rules that change requests and answers.
    pub rules: Rules,
    /// The region of requests without a signature.
    pub region: String,
}

impl Backend {
    /// Answers by the rules, or has the emulator answer.
    pub async fn pass(&self, request: &mut CloudRequest) -> Response<Body> {
        let response = match self.rules.before(request, &self.upstream).await {
            Ok(Some(response)) => response,
            Ok(None) => {
                let response = self.forward(request).await;
                self.rules.after(request, response).await
            }
            Err(error) => unavailable(&error),
        };
        if request.operation.changes_state() && response.status().is_success() {
            self.upstream.written.notify_one();
        }
        response
    }

    async fn forward(&self, request: &mut CloudRequest) -> Response<Body> {
        let mut forwarded = Request::new(std::mem::take(&mut request.body));
        *forwarded.method_mut() = request.method.clone();
        *forwarded.uri_mut() = request.uri.clone();
        *forwarded.headers_mut() = request.headers.clone();
        remove_hop_by_hop(forwarded.headers_mut());
        // Browsers and functions reach this machine by http, and would reach AWS by https: policies that require TLS
        // hold here too.
        forwarded
            .headers_mut()
            .insert(HeaderName::from_static("x-forwarded-proto"), HeaderValue::from_static("https"));
        match self.upstream.send(forwarded, request.caller, &request.operation.service).await {
            Ok(mut response) => {
                remove_hop_by_hop(response.headers_mut());
                response
            }
            Err(error) => unavailable(&error),
        }
    }
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
