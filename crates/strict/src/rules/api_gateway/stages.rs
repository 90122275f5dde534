//! Calls of a deployed API: the stage serves its deployment, and the function's policy must allow the API.

use hyper::{HeaderMap, Method, Response, Uri, header};
use serde_json::{Value, json};
use stackctl_gateway::{Body, Call, CloudRequest, Refusal, rest_api};

use crate::{
    harness::settings::Rule,
    rules::{
        api_gateway::{deployments, permission},
        lambda::{key_grants, states},
    },
    visit::Visit,
};

/// The prefix that makes the name of a function that may not be called one that does not exist.
const NOT_LET_IN: &str = "stackctl-not-let-in-";

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let Some(invocation) = request.invocation().filter(|_| visit.has(Rule::Deployments)) else {
        return Ok(visit.pass(request).await);
    };
    let (api, name, path) =
        (invocation.api.to_owned(), invocation.stage.to_owned(), invocation.path.to_owned());
    let region = visit.memory.snapshots.region(&api).unwrap_or_else(|| visit.backend.region.clone());
    let (status, stage) = {
        let path = format!("/restapis/{api}/stages/{name}");
        visit.backend.upstream.call(&rest_api::call(&region, Method::GET, path, None)).await?
    };
    if !status.is_success() {
        return Ok(visit.pass(request).await);
    }
    let pointed = stage["deploymentId"].as_str().map(str::to_owned);
    let Some(deployment) = deployments::served_of(visit, &api, &name, pointed) else {
        // Until a deployment reaches its stage, the path does not exist (AGW-28, AGW-63).
        return Err(Refusal::new(403, "MissingAuthenticationTokenException", "Missing Authentication Token"));
    };
    let Some(copy) = deployments::copy_of(visit, &region, &api, &deployment).await? else {
        return Ok(visit.pass(request).await);
    };
    deployments::align_stage(visit, &region, &stage, &copy).await?;
    if visit.has(Rule::InvokePermission) {
        let source = Source { visit, region: &region, api: &api, stage: &name, copy: &copy };
        source.let_in(request.method.as_str(), &path).await?;
    }
    let (uri, headers) = (request.uri.clone(), request.headers.clone());
    go_to(request, &copy, &name, &path);
    let response = visit.pass(request).await;
    (request.uri, request.headers) = (uri, headers);
    Ok(response)
}

fn go_to(request: &mut CloudRequest, copy: &str, stage: &str, path: &str) {
    let query = request.uri.query().map(|it| format!("?{it}")).unwrap_or_default();
    if let Ok(uri) = format!("/_aws/execute-api/{copy}/{stage}{path}{query}").parse::<Uri>() {
        request.uri = uri;
    }
    plain_host(&mut request.headers);
}

/// Replaces a host that names the API: the emulator would prefer it to the path.
fn plain_host(headers: &mut HeaderMap) {
    let names_api =
        headers.get(header::HOST).and_then(|it| it.to_str().ok()).map(|it| it.contains(".execute-api."));
    if names_api == Some(true) {
        headers.insert(header::HOST, header::HeaderValue::from_static("localhost"));
    }
}

/// A stage that calls functions.
struct Source<'a> {
    visit: &'a Visit<'a>,
    region: &'a str,
    api: &'a str,
    stage: &'a str,
    copy: &'a str,
}

impl Source<'_> {
    /// Makes the copy call the function if the function's policy allows it, and a missing function otherwise. The
    /// emulator then answers 500 as AWS does, with the API's headers, after it has checked the token (LAM-47).
    async fn let_in(&self, verb: &str, path: &str) -> Result<(), Refusal> {
        let Source { visit, region, api, stage, copy } = *self;
        let upstream = &visit.backend.upstream;
        let resources = rest_api::resources(upstream, region, copy).await?;
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
        let Some((resource, method)) = rest_api::find(&resources, &path, verb) else { return Ok(()) };
        let uri = method["methodIntegration"]["uri"].as_str().unwrap_or_default();
        let Some((before, function, after)) = permission::function_of(uri) else { return Ok(()) };
        let name = function.strip_prefix(NOT_LET_IN).unwrap_or(function);
        let pattern = permission::path_of(resource["path"].as_str().unwrap_or_default());
        let source = format!("arn:aws:execute-api:{region}:000000000000:{api}/{stage}/{verb}{pattern}");
        // LAM-40
        let broken = states::is_out_of_reach(visit, region, name)
            || key_grants::is_broken(visit, region, name).await?;
        let allowed = !broken && permission::allows(&self.policy(name).await?, &source);
        let wanted = if allowed { name.to_owned() } else { format!("{NOT_LET_IN}{name}") };
        if wanted != function {
            let uri = format!("{before}{wanted}{after}");
            let id = resource["id"].as_str().unwrap_or_default();
            let verbs = &resource["resourceMethods"];
            let verb = if verbs.get(verb).is_some() { verb } else { "ANY" };
            let path = format!("/restapis/{copy}/resources/{id}/methods/{verb}/integration");
            let patch = json!({ "patchOperations": [{ "op": "replace", "path": "/uri", "value": uri }] });
            upstream.call(&rest_api::call(region, Method::PATCH, path, Some(patch))).await?;
        }
        Ok(())
    }

    async fn policy(&self, function: &str) -> Result<Value, Refusal> {
        let call = Call {
            service: "lambda",
            region: self.region.to_owned(),
            method: Method::GET,
            path: format!("/2015-03-31/functions/{function}/policy"),
            body: None,
        };
        let (_, answer) = self.visit.backend.upstream.call(&call).await?;
        Ok(answer["Policy"].as_str().and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default())
    }
}
