//! A copy of an API in the emulator, which does not change.

use std::collections::HashMap;

use hyper::Method;
use serde_json::{Map, Value, json};
use stackctl_gateway::{
    Refusal, Upstream,
    rest_api::{self, RestApi},
};

/// Creates and deploys the copy under that name; returns its id.
pub(crate) async fn make(
    upstream: &Upstream,
    region: &str,
    api: &str,
    name: &str,
) -> Result<String, Refusal> {
    let live = rest_api::read(upstream, region, api).await?.unwrap_or_default();
    let RestApi { about, resources, authorizers, gateway_responses } = &live;
    let mut body = json!({ "name": name, "endpointConfiguration": { "types": ["REGIONAL"] } });
    body["binaryMediaTypes"] = about.get("binaryMediaTypes").cloned().unwrap_or(json!([]));
    let empty = CopyBuilder { upstream, region, api: String::new() };
    let made = empty.send(Method::POST, "/restapis".to_owned(), body).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    let builder = CopyBuilder { upstream, region, api: id.clone() };
    // A policy contains the id of its API.
    if let Some(policy) = about["policy"].as_str().filter(|it| !it.is_empty()) {
        let policy = policy.replace(&format!(":{api}/"), &format!(":{id}/"));
        let patch = json!({ "patchOperations": [{ "op": "replace", "path": "/policy", "value": policy }] });
        builder.below(Method::PATCH, "", patch).await?;
    }
    let mut authorizer_ids = HashMap::new();
    for authorizer in authorizers {
        let made = builder.below(Method::POST, "/authorizers", without_nothing(authorizer)).await?;
        authorizer_ids.insert(text(&authorizer["id"]), made["id"].clone());
    }
    let mut resources: Vec<_> = resources.iter().collect();
    resources.sort_by_key(|it| it["path"].as_str().unwrap_or_default().matches('/').count());
    let mut resource_ids = HashMap::new();
    for resource in resources {
        let id = match resource["parentId"].as_str().and_then(|it| resource_ids.get(it)) {
            Some(parent) => {
                let body = json!({ "pathPart": resource["pathPart"] });
                text(&builder.below(Method::POST, &format!("/resources/{parent}"), body).await?["id"])
            }
            None => text(&made["rootResourceId"]),
        };
        for (verb, method) in entries(&resource["resourceMethods"]) {
            let at = format!("/resources/{id}/methods/{verb}");
            builder.method(&at, method, &authorizer_ids).await?;
        }
        resource_ids.insert(text(&resource["id"]), id);
    }
    for response in gateway_responses.iter().filter(|it| it["defaultResponse"] == false) {
        let at = format!("/gatewayresponses/{}", text(&response["responseType"]));
        builder.below(Method::PUT, &at, without_nothing(response)).await?;
    }
    builder.below(Method::POST, "/deployments", json!({})).await?;
    Ok(id)
}

struct CopyBuilder<'a> {
    upstream: &'a Upstream,
    region: &'a str,
    api: String,
}

impl CopyBuilder<'_> {
    async fn method(
        &self,
        at: &str,
        method: &Value,
        authorizer_ids: &HashMap<String, Value>,
    ) -> Result<(), Refusal> {
        let mut body = without_nothing(method);
        // Validators and models are not copied.
        if let Value::Object(members) = &mut body {
            members.retain(|name, _| name != "requestValidatorId" && name != "requestModels");
        }
        if let Some(authorizer) = method["authorizerId"].as_str() {
            body["authorizerId"] = authorizer_ids.get(authorizer).cloned().unwrap_or_default();
        }
        self.below(Method::PUT, at, body).await?;
        for (status, response) in entries(&method["methodResponses"]) {
            self.below(Method::PUT, &format!("{at}/responses/{status}"), without_nothing(response)).await?;
        }
        let integration = &method["methodIntegration"];
        if integration.is_null() {
            return Ok(());
        }
        self.below(Method::PUT, &format!("{at}/integration"), without_nothing(integration)).await?;
        for (status, response) in entries(&integration["integrationResponses"]) {
            let at = format!("{at}/integration/responses/{status}");
            self.below(Method::PUT, &at, without_nothing(response)).await?;
        }
        Ok(())
    }

    async fn below(&self, method: Method, below: &str, body: Value) -> Result<Value, Refusal> {
        self.send(method, format!("/restapis/{}{below}", self.api), body).await
    }

    async fn send(&self, method: Method, path: String, body: Value) -> Result<Value, Refusal> {
        let call = rest_api::call(self.region, method, path, Some(body));
        let (status, answer) = self.upstream.call(&call).await?;
        if !status.is_success() {
            let message = format!("the emulator refused to copy {}: {answer}", call.path);
            return Err(Refusal::new(500, "InternalFailure", message));
        }
        Ok(answer)
    }
}

fn without_nothing(value: &Value) -> Value {
    let is_something = |(_, it): &(&String, &Value)| !it.is_null();
    let members: Map<_, _> =
        entries(value).filter(is_something).map(|(k, v)| (k.clone(), v.clone())).collect();
    members.into()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
