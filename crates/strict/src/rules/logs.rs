//! Logs: one write at a time for each log group.

use hyper::Response;
use stackctl_gateway::{Body, CloudRequest, Refusal};

use crate::{harness::settings::Rule, read::read_json, visit::Visit};

/// LOG-02.
pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    const ALONE: [&str; 4] =
        ["CreateLogGroup", "DeleteLogGroup", "DeleteRetentionPolicy", "PutRetentionPolicy"];
    let name = request.operation.name.clone().unwrap_or_default();
    if !ALONE.contains(&name.as_ref()) {
        return Ok(visit.pass(request).await);
    }
    let group = read_json(request).await["logGroupName"].as_str().unwrap_or_default().to_owned();
    let what = format!("log group {} {group}", visit.region(request));
    visit
        .pass_alone(request, Rule::LogOverlap, what, || {
            let text =
                "A conflicting operation is currently in progress against this resource. Please try again.";
            Refusal::new(400, "OperationAbortedException", text)
        })
        .await
}
