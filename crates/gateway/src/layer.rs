//! The interface of a layer between the gateway and its backend.

use std::pin::Pin;

use hyper::{Method, Response};
use serde_json::{Map, Value};

use crate::{
    backend::Backend,
    request::{body::Body, request::CloudRequest},
};

/// The future of a layer's answer.
pub type LayerFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Answers requests in place of the backend, or hands them on to it.
pub trait Layer: Send + Sync {
    /// Answers a request whose caller the gateway has identified.
    fn answer<'a>(&'a self, request: &'a mut CloudRequest, backend: &'a Backend) -> LayerFuture<'a, Outcome>;

    /// Answers a request to a path below `/_stackctl/` that the gateway does not have; `None` when the layer does not
    /// have it either.
    fn control<'a>(
        &'a self,
        method: &'a Method,
        path: &'a str,
        body: Body,
    ) -> LayerFuture<'a, Option<Response<Body>>>;
}

/// The result of a request.
pub struct Outcome {
    /// The answer, or how the connection ends without one.
    pub answer: Result<Response<Body>, HangUp>,
    /// Members that the layer adds to the request's line in the request log.
    pub notes: Map<String, Value>,
}

/// Why a caller gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HangUp {
    /// The connection is closed in order.
    #[error("the connection is closed without an answer")]
    Close,
    /// The connection is reset.
    #[error("the connection is reset")]
    Reset,
}

impl Outcome {
    /// An answer without notes.
    pub fn answered(answer: Response<Body>) -> Outcome {
        Outcome { answer: Ok(answer), notes: Map::new() }
    }
}
