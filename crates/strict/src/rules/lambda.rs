//! Lambda: functions that are being created or changed, and the calls that Lambda refuses.

pub(crate) mod answers;
pub(crate) mod checks;
pub(crate) mod configuration;
pub(crate) mod event_configs;
pub(crate) mod key_grants;
pub(crate) mod rates;
pub(crate) mod states;

use hyper::Response;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use stackctl_gateway::{Body, CloudRequest, Refusal};

use self::{
    answers::show,
    configuration::configuration,
    states::{check_settled, is_out_of_reach, pending},
};
use crate::{
    edit,
    harness::settings::Rule,
    memory::functions::{ChangeKind, LastChange, key},
    read::read_json,
    rules::iam,
    visit::Visit,
};

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let operation = request.operation.name.clone().unwrap_or_default();
    let region = visit.region(request);
    let name = function_name(request.uri.path());
    let functions = &visit.memory.functions;
    if visit.has(Rule::FunctionChecks) {
        checks::name(&name)?;
    }
    match operation.as_ref() {
        "CreateFunction" => {
            let body = read_json(request).await;
            if visit.has(Rule::FunctionChecks) {
                checks::variables(&body["Environment"])?;
                checks::zip(&body["Code"])?;
            }
            iam::check_role(visit, body["Role"].as_str().unwrap_or_default()).await?;
            let response = visit.pass(request).await;
            let key = key(&region, body["FunctionName"].as_str().unwrap_or_default());
            if response.status().is_success() {
                if let Some(id) = iam::role_id(visit, body["Role"].as_str().unwrap_or_default()).await? {
                    visit.memory.key_grants.grant(key.clone(), id);
                }
                let fails = visit.settings.functions_fail;
                let deadline = visit.deadline(|it| it.function_pending);
                functions.begin(&key, LastChange { kind: ChangeKind::Created, deadline, fails });
            }
            Ok(show(visit, response, functions.last_change(&key), &region).await)
        }
        "UpdateFunctionConfiguration" | "UpdateFunctionCode" => {
            check_settled(visit, &region, &name)?;
            let body = read_json(request).await;
            check_revision(visit, &region, &name, &body).await?;
            if visit.has(Rule::FunctionChecks) {
                checks::variables(&body["Environment"])?;
                checks::zip(&body)?;
            }
            if let Some(role) = body["Role"].as_str() {
                iam::check_role(visit, role).await?;
            }
            let granted = match operation == "UpdateFunctionConfiguration" {
                true => key_grants::granted(visit, &region, &name, &body).await?,
                false => None,
            };
            let response = visit.pass(request).await;
            let key = key(&region, &name);
            if response.status().is_success() {
                if let Some(id) = granted {
                    visit.memory.key_grants.grant(key.clone(), id);
                }
                let deadline = visit.deadline(|it| it.function_update);
                functions.begin(&key, LastChange { kind: ChangeKind::Updated, deadline, fails: false });
            }
            Ok(show(visit, response, functions.last_change(&key), &region).await)
        }
        "PublishVersion" | "PutRuntimeManagementConfig" => {
            check_settled(visit, &region, &name)?;
            let body = read_json(request).await;
            check_revision(visit, &region, &name, &body).await?;
            Ok(visit.pass(request).await)
        }
        "DeleteFunction" => {
            check_settled(visit, &region, &name)?;
            let response = visit.pass(request).await;
            if response.status().is_success() {
                functions.forget(&key(&region, &name));
                visit.memory.key_grants.forget(&key(&region, &name));
            }
            Ok(response)
        }
        "Invoke" if is_out_of_reach(visit, &region, &name) => Err(pending()),
        "Invoke" if key_grants::is_broken(visit, &region, &name).await? => Err(key_grants::denied()),
        "AddPermission" | "RemovePermission" => {
            if operation == "AddPermission" && visit.has(Rule::FunctionChecks) {
                checks::statement_id(&read_json(request).await["StatementId"])?;
            }
            let busy = "The function could not be updated due to a concurrent update operation.";
            let policy = format!("policy {}", key(&region, &name));
            let refusal = || Refusal::new(409, "ResourceConflictException", busy);
            // LAM-08
            let response = visit.pass_alone(request, Rule::PermissionOverlap, policy, refusal).await?;
            if operation == "AddPermission" && response.status().is_success() {
                let deadline = visit.deadline(|it| it.permission_seen);
                visit.memory.events.permissions.begin(&key(&region, &name), deadline);
            }
            Ok(response)
        }
        "PutFunctionEventInvokeConfig" => event_configs::put(visit, request, &region, &name).await,
        "GetFunctionEventInvokeConfig" => {
            let response = visit.pass(request).await;
            Ok(event_configs::show(visit, response, &region, &name).await)
        }
        "GetPolicy" => without_statements(visit, visit.pass(request).await).await,
        "GetFunction" | "GetFunctionConfiguration" | "ListFunctions" => {
            let response = visit.pass(request).await;
            Ok(show(visit, response, functions.last_change(&key(&region, &name)), &region).await)
        }
        _ => Ok(visit.pass(request).await),
    }
}

/// Refuses a change of a former revision (LAM-20); the settled revision is the emulator's (LAM-36).
async fn check_revision(visit: &Visit<'_>, region: &str, name: &str, body: &Value) -> Result<(), Refusal> {
    let Some(revision) = body["RevisionId"].as_str().filter(|_| visit.has(Rule::FunctionStates)) else {
        return Ok(());
    };
    if configuration(visit, region, name).await?["RevisionId"] == revision {
        return Ok(());
    }
    let text =
        "The RevisionId provided does not match the latest RevisionId for the Lambda function or alias.";
    Err(Refusal::new(412, "PreconditionFailedException", text))
}

/// A policy without statements does not exist (LAM-12).
async fn without_statements(visit: &Visit<'_>, response: Response<Body>) -> Result<Response<Body>, Refusal> {
    let mut empty = false;
    let response = edit::json(response, |answer| {
        let policy = answer["Policy"].as_str().and_then(|it| serde_json::from_str::<Value>(it).ok());
        empty = policy.is_some_and(|it| it["Statement"].as_array().is_some_and(Vec::is_empty));
    })
    .await;
    if empty && visit.has(Rule::Defaults) {
        return Err(Refusal::new(
            404,
            "ResourceNotFoundException",
            "The resource you requested does not exist.",
        ));
    }
    Ok(response)
}

/// The function that a path names, by its name or its ARN.
fn function_name(path: &str) -> String {
    let segment = path.split('/').nth(3).unwrap_or_default();
    let decoded = percent_decode_str(segment).decode_utf8_lossy().into_owned();
    match decoded.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, _, _, _, "function", name, ..] => (*name).to_owned(),
        [name, ..] => (*name).to_owned(),
        [] => String::new(),
    }
}
