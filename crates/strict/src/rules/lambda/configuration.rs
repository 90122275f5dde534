//! A function's configuration in the emulator.

use hyper::Method;
use serde_json::Value;
use stackctl_gateway::{Call, Refusal};

use crate::visit::Visit;

/// A function's configuration in the emulator.
pub(crate) async fn configuration(visit: &Visit<'_>, region: &str, name: &str) -> Result<Value, Refusal> {
    let call = Call {
        service: "lambda",
        region: region.to_owned(),
        method: Method::GET,
        path: format!("/2015-03-31/functions/{name}/configuration"),
        body: None,
    };
    Ok(visit.backend.upstream.call(&call).await?.1)
}
