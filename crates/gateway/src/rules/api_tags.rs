//! Tags of an API and of a stage: the emulator keeps the tags of the create call apart from later ones, and shows only
//! the former where AWS shows all.

use hyper::{Method, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::{
    apis::rest_api::call,
    request::{
        body::{Body, full},
        request::CloudRequest,
        url::query,
    },
    response::json_response,
    upstream::{Upstream, UpstreamError},
};

/// Reads and writes the tags that the API or the stage itself shows.
pub(crate) async fn before(
    request: &mut CloudRequest,
    upstream: &Upstream,
    region: &str,
) -> Result<Option<Response<Body>>, UpstreamError> {
    let name = request.operation.name.clone().unwrap_or_default();
    if !["TagResource", "UntagResource", "GetTags"].contains(&name.as_ref()) {
        return Ok(None);
    }
    let Some(path) = tagged(request.uri.path(), region) else { return Ok(None) };
    let (status, shown) = upstream.call(&call(region, Method::GET, path.clone(), None)).await?;
    if !status.is_success() {
        return Ok(Some(json_response(status, &shown)));
    }
    let mut tags = shown["tags"].as_object().cloned().unwrap_or_default();
    match name.as_ref() {
        "GetTags" => return Ok(Some(json_response(StatusCode::OK, &json!({ "tags": tags })))),
        "TagResource" => {
            let Some(mut body) = request.read_json().await else { return Ok(None) };
            if let Value::Object(new) = body["tags"].take() {
                tags.extend(new);
            }
        }
        _ => {
            for key in untagged(request) {
                tags.remove(&key);
            }
        }
    }
    let (status, answer) = upstream.call(&call(region, Method::PATCH, path, Some(patch(tags)))).await?;
    if !status.is_success() {
        return Ok(Some(json_response(status, &answer)));
    }
    let mut response = Response::new(full(""));
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(Some(response))
}

fn patch(tags: Map<String, Value>) -> Value {
    json!({ "patchOperations": [{ "op": "replace", "path": "/tags", "value": tags }] })
}

fn untagged(request: &CloudRequest) -> Vec<String> {
    query(&request.uri)
        .filter(|(name, _)| *name == "tagKeys")
        .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
        .collect()
}

/// The path of the API or stage whose ARN stands in `/tags/{arn}`.
fn tagged(path: &str, region: &str) -> Option<String> {
    let arn = percent_decode_str(path.strip_prefix("/tags/")?).decode_utf8().ok()?.into_owned();
    let resource = arn.strip_prefix(&format!("arn:aws:apigateway:{region}::"))?;
    let parts: Vec<_> = resource.split('/').collect();
    match parts.as_slice() {
        ["", "restapis", _] | ["", "restapis", _, "stages", _] => Some(resource.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tagged() {
        let tagged =
            |arn: &str| tagged(&format!("/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A{arn}"), "eu-west-1");
        assert_eq!(tagged("%2Frestapis%2Fa1").as_deref(), Some("/restapis/a1"));
        assert_eq!(tagged("%2Frestapis%2Fa1%2Fstages%2Fprod").as_deref(), Some("/restapis/a1/stages/prod"));
        assert_eq!(tagged("%2Fapikeys%2Fa1"), None);
    }
}
