//! UpdateAuthorizer adds and removes single pools; the emulator takes each ARN for the whole list.

use hyper::{Method, Response};
use serde_json::{Value, json};

use crate::{
    apis::rest_api::call,
    request::{body::Body, request::CloudRequest},
    response::json_response,
    upstream::{Upstream, UpstreamError},
};

/// Turns additions and removals into the resulting list, which the emulator accepts.
pub(crate) async fn before(
    request: &mut CloudRequest,
    upstream: &Upstream,
    region: &str,
) -> Result<Option<Response<Body>>, UpstreamError> {
    if !request.operation.is("apigateway", "UpdateAuthorizer") {
        return Ok(None);
    }
    let Some(mut patch) = request.read_json().await else { return Ok(None) };
    let path = request.uri.path().to_owned();
    let (status, authorizer) = upstream.call(&call(region, Method::GET, path.clone(), None)).await?;
    if !status.is_success() {
        return Ok(Some(json_response(status, &authorizer)));
    }
    if let Value::Array(operations) = patch["patchOperations"].take() {
        patch["patchOperations"] = rewritten(operations, &authorizer["providerARNs"]);
    }
    let (status, answer) = upstream.call(&call(region, Method::PATCH, path, Some(patch))).await?;
    Ok(Some(json_response(status, &answer)))
}

fn rewritten(operations: Vec<Value>, present: &Value) -> Value {
    let (pools, mut others): (Vec<_>, Vec<_>) =
        operations.into_iter().partition(|it| it["path"] == "/providerARNs");
    if pools.is_empty() {
        return others.into();
    }
    let mut list = present.as_array().cloned().unwrap_or_default();
    for operation in &pools {
        let Some(pool) = operation.get("value") else { continue };
        match operation["op"].as_str() {
            Some("remove") => list.retain(|it| it != pool),
            Some("replace") => list = vec![pool.clone()],
            _ if list.contains(pool) => {}
            _ => list.push(pool.clone()),
        }
    }
    others.push(json!({ "op": "replace", "path": "/providerARNs", "value": list }));
    others.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn additions_and_removals_become_the_list() {
        let operations = json!([
            { "op": "add", "path": "/providerARNs", "value": "new" },
            { "op": "replace", "path": "/name", "value": "n" },
            { "op": "remove", "path": "/providerARNs", "value": "old" },
        ]);
        let Value::Array(operations) = operations else { unreachable!() };
        assert_eq!(
            rewritten(operations, &json!(["old", "kept"])),
            json!([
                { "op": "replace", "path": "/name", "value": "n" },
                { "op": "replace", "path": "/providerARNs", "value": ["kept", "new"] },
            ])
        );
    }
}
