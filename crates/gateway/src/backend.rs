//! The emulator with the gateway's rules around it.

use std::sync::Arc;

use hyper::{
    HeaderMap, Request, Response, StatusCode,
    header::{HeaderName, HeaderValue},
};
use serde_json::json;

use crate::{
    request::{body::Body, request::Asked},
    response::json_response,
    rules::Rules,
    upstream::{Upstream, UpstreamError},
};

/// What answers when no layer stands before it.
pub struct Backend {
    /// The way to the emulator.
    pub upstream: Arc<Upstream>,
    /// What is done to requests and answers on that way.
    pub rules: Rules,
    /// The region of what nobody signed.
    pub region: String,
}

impl Backend {
    /// Answers by the rules, or has the emulator answer.
    pub async fn pass(&self, asked: &mut Asked) -> Response<Body> {
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
