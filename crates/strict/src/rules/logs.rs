//! Logs: one write at a time for each group.

use hyper::Response;
use stackctl_gateway::{Asked, Body, Refusal};

use crate::{harness::settings::Rule, read::read_json, visit::Visit};

/// LOG-02.
pub(crate) async fn answer(visit: &Visit<'_>, asked: &mut Asked) -> Result<Response<Body>, Refusal> {
    const ALONE: [&str; 4] =
        ["CreateLogGroup", "DeleteLogGroup", "DeleteRetentionPolicy", "PutRetentionPolicy"];
    let name = asked.operation.name.clone().unwrap_or_default();
    if !ALONE.contains(&name.as_ref()) {
        return Ok(visit.pass(asked).await);
    }
    let group = read_json(asked).await["logGroupName"].as_str().unwrap_or_default().to_owned();
    let what = format!("log group {} {group}", visit.region(asked));
    visit
        .pass_alone(asked, Rule::LogOverlap, what, || {
            let text =
                "A conflicting operation is currently in progress against this resource. Please try again.";
            Refusal::new(400, "OperationAbortedException", text)
        })
        .await
}
