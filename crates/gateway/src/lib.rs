//! The gateway in front of the local cloud's emulator: a proxy that closes the gaps between the emulator and AWS.
//!
//! A request passes through `gateway`: it is recognised (`request`) and its caller is identified (`access`). Then the
//! `backend` answers it: a rule may answer it or change it (`rules`, one file for each gap), else it is forwarded to
//! the emulator (`upstream`), and a rule may change the answer. Each request becomes a line of the `request_log`. A
//! request that no rule matches is forwarded unchanged. Tests put a `layer` before the backend.

mod access {
    pub(crate) mod caller;
    pub(crate) mod identify;
    pub(crate) mod root_key;
    pub(crate) mod signature;
    pub(crate) mod verify;
    pub(crate) mod web_page;
}
mod apis {
    pub(crate) mod import;
    pub(crate) mod openapi;
    pub mod rest_api;
    pub(crate) mod vtl;
}
mod backend;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod layer;
mod recording;
mod refusal;
mod request {
    pub(crate) mod body;
    pub(crate) mod operation;
    #[expect(clippy::module_inception, reason = "the folder's main noun")]
    pub(crate) mod request;
    pub(crate) mod routes;
    pub(crate) mod url;
    pub(crate) mod xml;
}
mod request_log;
mod response;
mod rules;
mod upstream;

pub use access::{caller::Caller, root_key::RootKey};
pub use apis::rest_api;
pub use backend::Backend;
pub use gateway::{Gateway, serve};
pub use layer::{HangUp, Layer, LayerFuture, Outcome};
pub use recording::Recording;
pub use refusal::Refusal;
pub use request::{
    body::{Body, BoxError, full, read},
    operation::{Invocation, Operation},
    request::CloudRequest,
    url::{Scope, bucket, host, query, scope},
    xml::elements,
};
pub use request_log::RequestLog;
pub use response::json_response;
pub use rules::{Emulator, Rules};
pub use upstream::{Call, Upstream, UpstreamError};
