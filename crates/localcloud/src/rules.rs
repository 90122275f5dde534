//! What the gateway does itself, because the emulator does not do it as AWS does. One file for each matter.

use hyper::Response;

use crate::{
    gateway::Asked,
    upstream::{Body, Upstream, UpstreamError},
};

/// Answers instead of the emulator, or leaves the request to it.
pub(crate) async fn before(
    _asked: &mut Asked,
    _upstream: &Upstream,
) -> Result<Option<Response<Body>>, UpstreamError> {
    Ok(None)
}

/// Makes of the emulator's answer what AWS's would be.
pub(crate) async fn after(_asked: &Asked, _response: &mut Response<Body>, _upstream: &Upstream) {}
