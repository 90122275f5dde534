//! API Gateway's control plane: one write at a time, and the input that it refuses.

mod copy;
pub(crate) mod defaults;
pub(crate) mod deployments;
mod permission;
pub(crate) mod rates;
pub(crate) mod stages;

use hyper::{Method, Response};
use serde_json::Value;
use stackctl_gateway::{Body, CloudRequest, Refusal, rest_api};

use crate::{harness::settings::Rule, read::read_json, visit::Visit};

const BUSY: &str = "Unable to complete operation due to concurrent modification. Please try again later.";

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let region = visit.region(request);
    let path = request.uri.path().trim_end_matches('/').to_owned();
    let api = path.strip_prefix("/restapis/").and_then(|it| it.split('/').next()).map(str::to_owned);
    let Some(api) = api else {
        let response = visit.pass(request).await;
        return Ok(defaults::show(visit, request, response).await);
    };
    visit.memory.snapshots.live_in(&api, &region);
    let call = Call { visit, region, api, path };
    if !request.operation.write || request.operation.is("apigateway", "TestInvokeMethod") {
        let response = visit.pass(request).await;
        return Ok(defaults::show(visit, request, response).await);
    }
    call.check_conflicts(request).await?;
    let response = call.write(request).await?;
    Ok(defaults::show(visit, request, response).await)
}

/// A call that concerns one API.
struct Call<'a> {
    visit: &'a Visit<'a>,
    region: String,
    api: String,
    path: String,
}

impl Call<'_> {
    async fn write(&self, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
        let Call { visit, region, api, path: _ } = self;
        let name = request.operation.name.clone().unwrap_or_default();
        // AGW-11: the same message for an API that does not exist.
        if name == "CreateAuthorizer" && visit.has(Rule::ApiWrites) && self.get("").await?.is_none() {
            return Err(conflict(BUSY));
        }
        // AGW-12
        let deploying = (name == "CreateDeployment" && visit.has(Rule::ApiWrites))
            .then(|| visit.memory.exclusive.begin(format!("deployment {region} {api}")));
        if let Some(None) = deploying {
            return Err(conflict(&format!(
                "Another Deployment is in progress for rest api with id {api} . Please try again later."
            )));
        }
        let change = deployments::DeploymentChange::of(visit, request, region, api).await?;
        // AGW-10
        let what = format!("api {region} {api}");
        let response = visit.pass_alone(request, Rule::ApiWrites, what, || conflict(BUSY)).await?;
        change.done(visit, response).await
    }

    async fn check_conflicts(&self, request: &mut CloudRequest) -> Result<(), Refusal> {
        if !self.visit.has(Rule::ApiConflicts) {
            return Ok(());
        }
        let name = request.operation.name.clone().unwrap_or_default();
        match name.as_ref() {
            "CreateResource" => {
                let parent = self.path.rsplit('/').next().unwrap_or_default();
                let part = read_json(request).await["pathPart"].clone();
                let there = self.resources().await?;
                if there.iter().any(|it| it["parentId"] == parent && it["pathPart"] == part) {
                    let part = part.as_str().unwrap_or_default();
                    // AGW-13
                    return Err(conflict(&format!(
                        "Another resource with the same parent already has this name: {part}"
                    )));
                }
            }
            // AGW-14
            "PutMethod" if self.get(self.below()).await?.is_some() => {
                return Err(conflict("Method already exists for this resource"));
            }
            // AGW-15
            "CreateStage" => {
                let body = read_json(request).await;
                let stage = body["stageName"].as_str().unwrap_or_default();
                if self.get(&format!("/stages/{stage}")).await?.is_some() {
                    return Err(conflict("Stage already exists"));
                }
                self.check_deployment(&body["deploymentId"]).await?;
            }
            "UpdateStage" => {
                for operation in read_json(request).await["patchOperations"].as_array().into_iter().flatten()
                {
                    if operation["path"] == "/deploymentId" && operation["op"] != "remove" {
                        self.check_deployment(&operation["value"]).await?;
                    }
                }
            }
            // AGW-15
            "DeleteDeployment" => {
                let id = self.path.rsplit('/').next().unwrap_or_default();
                let stages = self.get("/stages").await?.unwrap_or_default();
                if stages["item"].as_array().into_iter().flatten().any(|it| it["deploymentId"] == id) {
                    return Err(bad_request(
                        "Active stages pointing to this deployment must be moved or deleted",
                    ));
                }
            }
            // AGW-15
            "DeleteAuthorizer" => {
                let id = self.path.rsplit('/').next().unwrap_or_default();
                for resource in self.resources().await? {
                    for (verb, method) in resource["resourceMethods"].as_object().into_iter().flatten() {
                        if method["authorizerId"] == id {
                            let path = resource["path"].as_str().unwrap_or_default();
                            return Err(conflict(&format!(
                                "Cannot delete authorizer, is referenced in method: {verb} {path}"
                            )));
                        }
                    }
                }
            }
            "CreateDeployment" => self.check_deployable().await?,
            _ => {}
        }
        Ok(())
    }

    async fn check_deployment(&self, id: &Value) -> Result<(), Refusal> {
        let id = id.as_str().unwrap_or_default();
        match self.get(&format!("/deployments/{id}")).await? {
            Some(_) if !id.is_empty() => Ok(()),
            _ => Err(bad_request("Deployment id does not exist")),
        }
    }

    /// An empty or incomplete API can't be deployed: 400, not 404.
    async fn check_deployable(&self) -> Result<(), Refusal> {
        if self.get("").await?.is_none() {
            return Ok(());
        }
        let resources = self.resources().await?;
        let mut methods =
            resources.iter().flat_map(|it| it["resourceMethods"].as_object()).flatten().peekable();
        if methods.peek().is_none() {
            return Err(bad_request("The REST API doesn't contain any methods"));
        }
        match methods.any(|(_, method)| method["methodIntegration"]["type"].is_null()) {
            true => Err(bad_request("No integration defined for method")),
            false => Ok(()),
        }
    }

    /// The path below the API's.
    fn below(&self) -> &str {
        self.path.strip_prefix(&format!("/restapis/{}", self.api)).unwrap_or_default()
    }

    async fn get(&self, below: &str) -> Result<Option<Value>, Refusal> {
        let path = format!("/restapis/{}{below}", self.api);
        let call = rest_api::call(&self.region, Method::GET, path, None);
        let (status, body) = self.visit.backend.upstream.call(&call).await?;
        Ok(status.is_success().then_some(body))
    }

    async fn resources(&self) -> Result<Vec<Value>, Refusal> {
        Ok(rest_api::resources(&self.visit.backend.upstream, &self.region, &self.api).await?)
    }
}

fn conflict(message: &str) -> Refusal {
    Refusal::new(409, "ConflictException", message)
}

fn bad_request(message: &str) -> Refusal {
    Refusal::new(400, "BadRequestException", message)
}
