//! Deployments: a stage serves only its deployment, and gets it after a delay (AGW-60, AGW-63).
//!
//! The emulator serves an API in its current state. So each deployment becomes a hidden copy of the API in the
//! emulator, and calls of a stage go to the copy of its deployment.

use hyper::{Method, Response};
use serde_json::{Value, json};
use stackctl_gateway::{Body, CloudRequest, Refusal, rest_api};

use crate::{edit, harness::settings::Rule, read::read_json, rules::api_gateway::copy, visit::Visit};

/// The deployment that a stage serves, when it points to `pointed`.
pub(crate) fn served_of(
    visit: &Visit<'_>,
    api: &str,
    stage: &str,
    pointed: Option<String>,
) -> Option<String> {
    match visit.memory.snapshots.behind(&format!("{api}/{stage}")) {
        Some(behind) if visit.is_before(behind.deadline) => behind.serves,
        _ => pointed,
    }
}

/// The effect of a control-plane call on deployments.
pub(crate) struct DeploymentChange {
    region: String,
    api: String,
    kind: Kind,
}

enum Kind {
    None,
    Deploy {
        stage: Option<(String, Option<String>)>,
    },
    /// The stage, and what it served before.
    Point {
        stage: String,
        served: Option<String>,
    },
    Forget {
        deployment: Option<String>,
    },
}

impl DeploymentChange {
    pub(crate) async fn of(
        visit: &Visit<'_>,
        request: &mut CloudRequest,
        region: &str,
        api: &str,
    ) -> Result<DeploymentChange, Refusal> {
        let last = request.uri.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let name = request.operation.name.clone().unwrap_or_default();
        let kind = match name.as_ref() {
            _ if !visit.has(Rule::Deployments) => Kind::None,
            "CreateDeployment" => match read_json(request).await["stageName"].as_str() {
                Some(stage) => {
                    let served = served(visit, region, api, stage).await?;
                    Kind::Deploy { stage: Some((stage.to_owned(), served)) }
                }
                None => Kind::Deploy { stage: None },
            },
            "CreateStage" => {
                let stage = read_json(request).await["stageName"].as_str().unwrap_or_default().to_owned();
                Kind::Point { stage, served: None }
            }
            "UpdateStage" => {
                let patch = read_json(request).await;
                let mut operations = patch["patchOperations"].as_array().into_iter().flatten();
                match operations.any(|it| it["path"] == "/deploymentId") {
                    true => {
                        let served = served(visit, region, api, &last).await?;
                        Kind::Point { stage: last, served }
                    }
                    false => Kind::None,
                }
            }
            "DeleteDeployment" => Kind::Forget { deployment: Some(last) },
            "DeleteRestApi" => Kind::Forget { deployment: None },
            _ => Kind::None,
        };
        Ok(DeploymentChange { region: region.to_owned(), api: api.to_owned(), kind })
    }

    /// Records the effect, if the call succeeded.
    pub(crate) async fn done(
        self,
        visit: &Visit<'_>,
        response: Response<Body>,
    ) -> Result<Response<Body>, Refusal> {
        let DeploymentChange { region, api, kind } = self;
        if !response.status().is_success() {
            return Ok(response);
        }
        let snapshots = &visit.memory.snapshots;
        let deadline = visit.deadline(|it| it.deployment);
        match kind {
            Kind::None => Ok(response),
            Kind::Deploy { stage } => {
                let mut id = String::new();
                let response = edit::json(response, |it| {
                    id = it["id"].as_str().unwrap_or_default().to_owned();
                })
                .await;
                let copied = copy::make(&visit.backend.upstream, &region, &api, &name_of(&api, &id)).await?;
                snapshots
                    .copies
                    .lock()
                    .expect("no code panics while holding it")
                    .insert(format!("{api}/{id}"), copied);
                if let Some((stage, served)) = stage {
                    snapshots.fall_behind(format!("{api}/{stage}"), served, deadline);
                }
                Ok(response)
            }
            Kind::Point { stage, served } => {
                snapshots.fall_behind(format!("{api}/{stage}"), served, deadline);
                Ok(response)
            }
            Kind::Forget { deployment } => {
                forget(visit, &region, &api, deployment.as_deref()).await?;
                Ok(response)
            }
        }
    }
}

/// The deployment that a stage serves now.
async fn served(visit: &Visit<'_>, region: &str, api: &str, stage: &str) -> Result<Option<String>, Refusal> {
    let (status, body) = get(visit, region, format!("/restapis/{api}/stages/{stage}")).await?;
    let pointed = body["deploymentId"].as_str().filter(|_| status).map(str::to_owned);
    Ok(served_of(visit, api, stage, pointed))
}

/// The copy of a deployment; `None` when the deployment is older than the strict cloud.
pub(crate) async fn copy_of(
    visit: &Visit<'_>,
    region: &str,
    api: &str,
    deployment: &str,
) -> Result<Option<String>, Refusal> {
    let key = format!("{api}/{deployment}");
    let known =
        visit.memory.snapshots.copies.lock().expect("no code panics while holding it").get(&key).cloned();
    if known.is_some() {
        return Ok(known);
    }
    // An earlier process made the copy.
    let name = name_of(api, deployment);
    let found = copies(visit, region).await?.into_iter().find(|(_, it)| *it == name).map(|(id, _)| id);
    if let Some(id) = &found {
        visit
            .memory
            .snapshots
            .copies
            .lock()
            .expect("no code panics while holding it")
            .insert(key, id.clone());
    }
    Ok(found)
}

async fn forget(visit: &Visit<'_>, region: &str, api: &str, deployment: Option<&str>) -> Result<(), Refusal> {
    let gone = |name: &str| match deployment {
        Some(id) => name == name_of(api, id),
        None => name.starts_with(&name_of(api, "")),
    };
    for (id, _) in copies(visit, region).await?.into_iter().filter(|(_, name)| gone(name)) {
        let call = rest_api::call(region, Method::DELETE, format!("/restapis/{id}"), None);
        visit.backend.upstream.call(&call).await?;
    }
    Ok(())
}

/// Ids and names of all copies.
async fn copies(visit: &Visit<'_>, region: &str) -> Result<Vec<(String, String)>, Refusal> {
    let (_, body) = get(visit, region, "/restapis?limit=500".to_owned()).await?;
    let apis = body["item"].as_array().into_iter().flatten();
    let named = |it: &Value| Some((it["id"].as_str()?.to_owned(), it["name"].as_str()?.to_owned()));
    Ok(apis.filter(|it| is_copy(it)).filter_map(named).collect())
}

async fn get(visit: &Visit<'_>, region: &str, path: String) -> Result<(bool, Value), Refusal> {
    let (status, body) =
        visit.backend.upstream.call(&rest_api::call(region, Method::GET, path, None)).await?;
    Ok((status.is_success(), body))
}

fn name_of(api: &str, deployment: &str) -> String {
    format!("stackctl deployment {api} {deployment}")
}

/// Whether an API is a hidden copy.
pub(crate) fn is_copy(api: &Value) -> bool {
    api["name"].as_str().is_some_and(|it| it.starts_with("stackctl deployment "))
}

/// Makes the copy's stage equal to the API's, whose settings change without a deployment.
pub(crate) async fn align_stage(
    visit: &Visit<'_>,
    region: &str,
    stage: &Value,
    copy: &str,
) -> Result<(), Refusal> {
    let name = stage["stageName"].as_str().unwrap_or_default();
    let (there, own) = get(visit, region, format!("/restapis/{copy}/stages/{name}")).await?;
    if there && own["variables"] == stage["variables"] && own["methodSettings"] == stage["methodSettings"] {
        return Ok(());
    }
    let (_, deployments) = get(visit, region, format!("/restapis/{copy}/deployments")).await?;
    let body = json!({
        "stageName": name,
        "deploymentId": deployments["item"][0]["id"],
        "variables": stage["variables"],
        "methodSettings": stage["methodSettings"],
    });
    let call = rest_api::call(region, Method::POST, format!("/restapis/{copy}/stages"), Some(body));
    visit.backend.upstream.call(&call).await?;
    Ok(())
}
