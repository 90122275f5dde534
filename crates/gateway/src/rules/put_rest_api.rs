//! PutRestApi: the emulator has no import, so the document becomes single calls.

use std::collections::BTreeMap;

use hyper::{Method, Request, Response, StatusCode, Uri};
use serde_json::{Value, json};

use crate::{
    apis::{
        import::{self, Mode, Present, Step},
        openapi,
        rest_api::{self, RestApi, call},
    },
    request::{
        body::{Body, full, read},
        request::CloudRequest,
        url::query,
    },
    response::json_response,
    upstream::{Call, Upstream, UpstreamError},
};

/// AWS takes documents of up to 6 MB.
const LARGEST_DOCUMENT: usize = 6 << 20;

/// Imports the document, or answers with AWS's error.
pub(crate) async fn before(
    request: &mut CloudRequest,
    upstream: &Upstream,
    region: &str,
) -> Result<Response<Body>, UpstreamError> {
    let id = request.uri.path().trim_matches('/').trim_start_matches("restapis/").to_owned();
    let mode = if asks(&request.uri, ("mode", "overwrite")) { Mode::Overwrite } else { Mode::Merge };
    let fail_on_warnings = asks(&request.uri, ("failonwarnings", "true"));
    let Some(document) = read(std::mem::take(&mut request.body), LARGEST_DOCUMENT).await else {
        return Ok(bad_request("Invalid OpenAPI input."));
    };
    let definition = match openapi::read(&document, fail_on_warnings) {
        Ok(it) => it,
        Err(refusal) => return Ok(bad_request(&refusal.message())),
    };
    let Some(live) = rest_api::read(upstream, region, &id).await? else {
        return Ok(error(StatusCode::NOT_FOUND, "NotFoundException", "Invalid API identifier specified"));
    };
    let mut importing = Import::new(upstream, region.to_owned(), id, &live);
    let steps = import::plan(&definition, &present(&live), mode);
    for step in steps.into_iter().filter_map(|step| needed(step, &live)) {
        if let Err(trouble) = importing.step(&step).await? {
            let message = format!("the local cloud's emulator refused {step:?}: {trouble}");
            return Ok(error(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", &message));
        }
    }
    let (status, body) = upstream.call(&importing.call(Method::GET, "", None)).await?;
    Ok(json_response(status, &body))
}

/// Asks the emulator whether a key may import: it checks the signature and the key's rights before it answers that it
/// has no such operation.
pub(crate) async fn refused(
    request: &mut CloudRequest,
    upstream: &Upstream,
) -> Result<Option<Response<Body>>, UpstreamError> {
    let Some(document) = read(std::mem::take(&mut request.body), LARGEST_DOCUMENT).await else {
        return Ok(Some(bad_request("Invalid OpenAPI input.")));
    };
    let mut forwarded = Request::new(full(document.clone()));
    *forwarded.method_mut() = request.method.clone();
    *forwarded.uri_mut() = request.uri.clone();
    *forwarded.headers_mut() = request.headers.clone();
    request.body = full(document);
    let answer = upstream.send(forwarded, request.caller, &request.operation.service).await?;
    let is_allowed = answer.status() == StatusCode::NOT_FOUND;
    Ok(if is_allowed { None } else { Some(answer) })
}

fn asks(uri: &Uri, pair: (&str, &str)) -> bool {
    query(uri).any(|it| it == pair)
}

/// The step without the values that the API already has; `None` when no value is left.
fn needed(step: Step, live: &RestApi) -> Option<Step> {
    let left = |patch: Value, live: &Value| {
        let mut operations: Vec<Value> = patch["patchOperations"].as_array().cloned().unwrap_or_default();
        operations.retain(|it| {
            let path = it["path"].as_str().unwrap_or_default();
            let now = &live[path.trim_start_matches('/')];
            *now != it["value"] && !(is_nothing(now) && is_nothing(&it["value"]))
        });
        (!operations.is_empty()).then(|| json!({ "patchOperations": operations }))
    };
    match step {
        Step::UpdateApi { patch } => Some(Step::UpdateApi { patch: left(patch, &live.about)? }),
        Step::UpdateAuthorizer { name, patch } => {
            let now = live.authorizers.iter().find(|it| it["name"] == name.as_str()).unwrap_or(&Value::Null);
            Some(Step::UpdateAuthorizer { patch: left(patch, now)?, name })
        }
        other => Some(other),
    }
}

/// Whether a value counts as absent.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
}

fn present(live: &RestApi) -> Present {
    let names = |items: &[Value], member: &str| {
        items.iter().filter_map(|it| it[member].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let set: Vec<_> =
        live.gateway_responses.iter().filter(|it| it["defaultResponse"] == false).cloned().collect();
    Present {
        methods: live
            .resources
            .iter()
            .filter_map(|it| {
                let verbs = it["resourceMethods"].as_object().into_iter().flatten();
                Some((it["path"].as_str()?.to_owned(), verbs.map(|(verb, _)| verb.clone()).collect()))
            })
            .collect(),
        authorizers: names(&live.authorizers, "name").into_iter().collect(),
        gateway_responses: names(&set, "responseType").into_iter().collect(),
        binary_media_types: live.about["binaryMediaTypes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect(),
    }
}

/// The calls of one import, with the ids found so far.
struct Import<'a> {
    upstream: &'a Upstream,
    region: String,
    id: String,
    resources: BTreeMap<String, String>,
    authorizers: BTreeMap<String, String>,
}

impl Import<'_> {
    fn new<'a>(upstream: &'a Upstream, region: String, id: String, live: &RestApi) -> Import<'a> {
        let ids = |items: &[Value], member: &str| {
            let pair = |it: &Value| Some((it[member].as_str()?.to_owned(), it["id"].as_str()?.to_owned()));
            items.iter().filter_map(pair).collect()
        };
        Import {
            upstream,
            region,
            id,
            resources: ids(&live.resources, "path"),
            authorizers: ids(&live.authorizers, "name"),
        }
    }

    fn call(&self, method: Method, below: &str, body: Option<Value>) -> Call {
        call(&self.region, method, format!("/restapis/{}{below}", self.id), body)
    }

    async fn step(&mut self, step: &Step) -> Result<Result<(), Value>, UpstreamError> {
        let (status, answer) = self.upstream.call(&self.request(step)).await?;
        if !status.is_success() {
            return Ok(Err(answer));
        }
        let id = answer["id"].as_str().map(str::to_owned);
        match (step, id) {
            (Step::CreateResource { path }, Some(id)) => {
                self.resources.insert(path.clone(), id);
            }
            (Step::CreateAuthorizer { name, .. }, Some(id)) => {
                self.authorizers.insert(name.clone(), id);
            }
            _ => {}
        }
        Ok(Ok(()))
    }

    fn request(&self, step: &Step) -> Call {
        match step {
            Step::UpdateApi { patch } => self.call(Method::PATCH, "", Some(patch.clone())),
            Step::CreateAuthorizer { name: _, body } => {
                self.call(Method::POST, "/authorizers", Some(body.clone()))
            }
            Step::UpdateAuthorizer { name, patch } => {
                self.call(Method::PATCH, &self.authorizer(name), Some(patch.clone()))
            }
            Step::DeleteAuthorizer { name } => self.call(Method::DELETE, &self.authorizer(name), None),
            Step::CreateResource { path } => {
                let (parent, part) = import::split(path);
                self.call(Method::POST, &self.resource(parent), Some(json!({ "pathPart": part })))
            }
            Step::DeleteResource { path } => self.call(Method::DELETE, &self.resource(path), None),
            Step::PutMethod { path, verb, body, authorizer } => {
                let mut body = body.clone();
                if let Some(id) = authorizer.as_ref().and_then(|it| self.authorizers.get(it)) {
                    body["authorizerId"] = json!(id);
                }
                self.call(Method::PUT, &self.method(path, verb), Some(body))
            }
            Step::DeleteMethod { path, verb } => self.call(Method::DELETE, &self.method(path, verb), None),
            Step::PutMethodResponse { path, verb, status, body } => {
                let below = format!("{}/responses/{status}", self.method(path, verb));
                self.call(Method::PUT, &below, Some(body.clone()))
            }
            Step::PutIntegration { path, verb, body } => {
                let below = format!("{}/integration", self.method(path, verb));
                self.call(Method::PUT, &below, Some(body.clone()))
            }
            Step::PutIntegrationResponse { path, verb, status, body } => {
                let below = format!("{}/integration/responses/{status}", self.method(path, verb));
                self.call(Method::PUT, &below, Some(body.clone()))
            }
            Step::PutGatewayResponse { kind, body } => {
                self.call(Method::PUT, &format!("/gatewayresponses/{kind}"), Some(body.clone()))
            }
            Step::DeleteGatewayResponse { kind } => {
                self.call(Method::DELETE, &format!("/gatewayresponses/{kind}"), None)
            }
        }
    }

    fn authorizer(&self, name: &str) -> String {
        format!("/authorizers/{}", self.authorizers.get(name).map_or("", String::as_str))
    }

    fn resource(&self, path: &str) -> String {
        format!("/resources/{}", self.resources.get(path).map_or("", String::as_str))
    }

    fn method(&self, path: &str, verb: &str) -> String {
        format!("{}/methods/{verb}", self.resource(path))
    }
}

fn bad_request(message: &str) -> Response<Body> {
    error(StatusCode::BAD_REQUEST, "BadRequestException", message)
}

fn error(status: StatusCode, code: &'static str, message: &str) -> Response<Body> {
    let mut response = json_response(status, &json!({ "message": message }));
    let code = hyper::header::HeaderValue::from_static(code);
    response.headers_mut().insert("x-amzn-errortype", code);
    response
}
