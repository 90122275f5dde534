//! A REST API as the emulator has it, and the method that answers a request.

use hyper::Method;
use serde_json::Value;

use crate::upstream::{Call, Upstream, UpstreamError};

/// A REST API as the emulator has it.
#[derive(Debug, Default)]
pub struct RestApi {
    /// As GetRestApi answers.
    pub about: Value,
    /// As GetResources answers, with their methods.
    pub resources: Vec<Value>,
    /// As GetAuthorizers answers.
    pub authorizers: Vec<Value>,
    /// As GetGatewayResponses answers.
    pub gateway_responses: Vec<Value>,
}

/// A call of API Gateway's control plane.
pub fn call(region: &str, method: Method, path: String, body: Option<Value>) -> Call {
    Call { service: "apigateway", region: region.to_owned(), method, path, body }
}

/// Reads the API; `None` when there is none.
pub async fn read(upstream: &Upstream, region: &str, id: &str) -> Result<Option<RestApi>, UpstreamError> {
    let (status, about) = upstream.call(&call(region, Method::GET, format!("/restapis/{id}"), None)).await?;
    if !status.is_success() {
        return Ok(None);
    }
    Ok(Some(RestApi {
        about,
        resources: list(upstream, region, id, "resources").await?,
        authorizers: list(upstream, region, id, "authorizers").await?,
        gateway_responses: list(upstream, region, id, "gatewayresponses").await?,
    }))
}

/// Reads the resources only, with their methods.
pub async fn resources(upstream: &Upstream, region: &str, id: &str) -> Result<Vec<Value>, UpstreamError> {
    list(upstream, region, id, "resources").await
}

async fn list(upstream: &Upstream, region: &str, id: &str, what: &str) -> Result<Vec<Value>, UpstreamError> {
    let mut all = Vec::new();
    let mut position = String::new();
    loop {
        let path = format!("/restapis/{id}/{what}?embed=methods&limit=500{position}");
        let (_, mut page) = upstream.call(&call(region, Method::GET, path, None)).await?;
        if let Value::Array(items) = page["item"].take() {
            all.extend(items);
        }
        match page["position"].as_str() {
            Some(next) => {
                let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
                position = format!("&position={next}");
            }
            None => return Ok(all),
        }
    }
}

/// The method that answers a request.
pub fn find_method<'a>(resources: &'a [Value], path: &str, verb: &str) -> Option<&'a Value> {
    find(resources, path, verb).map(|(_, method)| method)
}

/// The resource and method that answer a request: the most specific path (literal, then variable, then greedy).
pub fn find<'a>(resources: &'a [Value], path: &str, verb: &str) -> Option<(&'a Value, &'a Value)> {
    let segments: Vec<_> = path.split('/').filter(|it| !it.is_empty()).collect();
    resources
        .iter()
        .filter_map(|resource| {
            let methods = &resource["resourceMethods"];
            let method = methods.get(verb).or_else(|| methods.get("ANY"))?;
            Some((specificity(resource["path"].as_str()?, &segments)?, (resource, method)))
        })
        .min_by(|(left, _), (right, _)| left.cmp(right))
        .map(|(_, found)| found)
}

/// How specific the match of a path is, by segments; lower is more specific. `None` when the path does not match.
fn specificity(path: &str, segments: &[&str]) -> Option<Vec<u8>> {
    let mut ranks = Vec::new();
    let mut segments = segments.iter();
    for part in path.split('/').filter(|it| !it.is_empty()) {
        let segment = segments.next()?;
        if part.ends_with("+}") {
            ranks.push(2);
            return Some(ranks);
        }
        ranks.push(match part.starts_with('{') {
            true => 1,
            false if part == *segment => 0,
            false => return None,
        });
    }
    segments.next().is_none().then_some(ranks)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(path: &str, verb: &str) -> String {
        let resources: Vec<Value> = [
            ("/", "GET"),
            ("/files", "POST"),
            ("/files/{key+}", "ANY"),
            ("/files/{id}/parts", "GET"),
            ("/files/new", "GET"),
        ]
        .iter()
        .map(|(path, verb)| json!({ "path": path, "resourceMethods": { *verb: { "at": path } } }))
        .collect();
        find_method(&resources, path, verb)
            .map(|it| it["at"].as_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    #[test]
    fn the_most_specific_path_that_has_the_method() {
        assert_eq!(found("/", "GET"), "/");
        assert_eq!(found("/", "POST"), "");
        assert_eq!(found("/files/", "POST"), "/files");
        assert_eq!(found("/files/new", "GET"), "/files/new");
        assert_eq!(found("/files/new", "PUT"), "/files/{key+}");
        assert_eq!(found("/files/7/parts", "GET"), "/files/{id}/parts");
        assert_eq!(found("/files/7/parts/8", "GET"), "/files/{key+}");
        assert_eq!(found("/elsewhere", "GET"), "");
    }
}
