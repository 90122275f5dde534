//! Lambda: functions that are being made or changed, and what it refuses meanwhile.

use std::{collections::HashMap, sync::Mutex};

use hyper::{Method, Response};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{
    Visit, edit, function_checks, iam, key_grants, rates::Rate, refusal::Refusal, settings::Rule, term::Term,
};
use crate::{
    gateway::Asked,
    upstream::{Body, Call},
};

/// The functions that were made or changed since this cloud began.
#[derive(Debug, Default)]
pub(crate) struct Functions(Mutex<HashMap<String, Life>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Made,
    Updated,
}

/// The last change of a function.
#[derive(Debug, Clone, Copy)]
struct Life {
    change: Change,
    term: Term,
    fails: bool,
}

impl Functions {
    fn begin(&self, key: &str, life: Life) {
        self.0.lock().expect("nobody panics while holding it").insert(key.to_owned(), life);
    }

    fn forget(&self, key: &str) {
        self.0.lock().expect("nobody panics while holding it").remove(key);
    }

    fn life(&self, key: &str) -> Option<Life> {
        self.0.lock().expect("nobody panics while holding it").get(key).copied()
    }
}

/// Whether it cannot be called yet, or ever (LAM-32, LAM-33).
pub(crate) fn is_out_of_reach(visit: &Visit<'_>, region: &str, name: &str) -> bool {
    let life = visit.strict.functions.life(&key(region, name));
    visit.has(Rule::FunctionStates)
        && life.is_some_and(|it| it.change == Change::Made && (visit.lasts(it.term) || it.fails))
}

/// LAM-50; calls of functions are no calls of the control plane.
pub(crate) fn rates(operation: &str) -> Vec<Rate> {
    match operation {
        "GetFunction" => vec![Rate::new("lambda GetFunction", 100.0, 100.0)],
        "GetPolicy" => vec![Rate::new("lambda GetPolicy", 15.0, 15.0)],
        "Invoke" => Vec::new(),
        _ => vec![Rate::new("lambda", 15.0, 15.0)],
    }
}

pub(crate) async fn answer(visit: &Visit<'_>, asked: &mut Asked) -> Result<Response<Body>, Refusal> {
    let operation = asked.operation.name.clone().unwrap_or_default();
    let region = visit.region(asked);
    let name = function_name(asked.uri.path());
    let functions = &visit.strict.functions;
    if visit.has(Rule::FunctionChecks) {
        function_checks::name(&name)?;
    }
    match operation.as_ref() {
        "CreateFunction" => {
            let body = read_json(asked).await;
            if visit.has(Rule::FunctionChecks) {
                function_checks::variables(&body["Environment"])?;
                function_checks::zip(&body["Code"])?;
            }
            iam::check_role(visit, body["Role"].as_str().unwrap_or_default()).await?;
            let response = visit.pass(asked).await;
            let key = key(&region, body["FunctionName"].as_str().unwrap_or_default());
            if response.status().is_success() {
                if let Some(id) = iam::role_id(visit, body["Role"].as_str().unwrap_or_default()).await? {
                    visit.strict.key_grants.grant(key.clone(), id);
                }
                let fails = visit.settings.functions_fail;
                let term = visit.term(|it| it.function_pending);
                functions.begin(&key, Life { change: Change::Made, term, fails });
            }
            Ok(show(visit, response, functions.life(&key), &region).await)
        }
        "UpdateFunctionConfiguration" | "UpdateFunctionCode" => {
            check_settled(visit, &region, &name)?;
            let body = read_json(asked).await;
            check_revision(visit, &region, &name, &body).await?;
            if visit.has(Rule::FunctionChecks) {
                function_checks::variables(&body["Environment"])?;
                function_checks::zip(&body)?;
            }
            if let Some(role) = body["Role"].as_str() {
                iam::check_role(visit, role).await?;
            }
            let granted = match operation == "UpdateFunctionConfiguration" {
                true => key_grants::granted(visit, &region, &name, &body).await?,
                false => None,
            };
            let response = visit.pass(asked).await;
            let key = key(&region, &name);
            if response.status().is_success() {
                if let Some(id) = granted {
                    visit.strict.key_grants.grant(key.clone(), id);
                }
                let term = visit.term(|it| it.function_update);
                functions.begin(&key, Life { change: Change::Updated, term, fails: false });
            }
            Ok(show(visit, response, functions.life(&key), &region).await)
        }
        "PublishVersion" | "PutRuntimeManagementConfig" => {
            check_settled(visit, &region, &name)?;
            let body = read_json(asked).await;
            check_revision(visit, &region, &name, &body).await?;
            Ok(visit.pass(asked).await)
        }
        "DeleteFunction" => {
            check_settled(visit, &region, &name)?;
            let response = visit.pass(asked).await;
            if response.status().is_success() {
                functions.forget(&key(&region, &name));
                visit.strict.key_grants.forget(&key(&region, &name));
            }
            Ok(response)
        }
        "Invoke" if is_out_of_reach(visit, &region, &name) => Err(pending()),
        "Invoke" if key_grants::is_broken(visit, &region, &name).await? => Err(key_grants::denied()),
        "AddPermission" | "RemovePermission" => {
            if operation == "AddPermission" && visit.has(Rule::FunctionChecks) {
                function_checks::statement_id(&read_json(asked).await["StatementId"])?;
            }
            let busy = "The function could not be updated due to a concurrent update operation.";
            visit
                .pass_alone(asked, Rule::PermissionOverlap, format!("policy {}", key(&region, &name)), || {
                    // LAM-08
                    Refusal::new(409, "ResourceConflictException", busy)
                })
                .await
        }
        "GetPolicy" => without_statements(visit, visit.pass(asked).await).await,
        "GetFunction" | "GetFunctionConfiguration" | "ListFunctions" => {
            let response = visit.pass(asked).await;
            Ok(show(visit, response, functions.life(&key(&region, &name)), &region).await)
        }
        _ => Ok(visit.pass(asked).await),
    }
}

fn pending() -> Refusal {
    let text = "The operation cannot be performed at this time. The function is currently in the following state: \
                Pending";
    Refusal::new(409, "ResourceConflictException", text)
}

/// Refuses what cannot be done while the function is made (LAM-07, LAM-32) or changed (LAM-06).
fn check_settled(visit: &Visit<'_>, region: &str, name: &str) -> Result<(), Refusal> {
    match visit.strict.functions.life(&key(region, name)) {
        Some(life) if visit.has(Rule::FunctionStates) && visit.lasts(life.term) => Err(match life.change {
            Change::Made => pending(),
            Change::Updated => {
                let arn = format!("arn:aws:lambda:{region}:000000000000:function:{name}");
                let text = format!(
                    "The operation cannot be performed at this time. An update is in progress for resource: {arn}"
                );
                Refusal::new(409, "ResourceConflictException", text)
            }
        }),
        _ => Ok(()),
    }
}

/// Refuses a change of another revision than there is (LAM-20); the settled one is the emulator's (LAM-36).
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

/// What the emulator has of a function.
pub(crate) async fn configuration(visit: &Visit<'_>, region: &str, name: &str) -> Result<Value, Refusal> {
    let call = Call {
        service: "lambda",
        region: region.to_owned(),
        method: Method::GET,
        path: format!("/2015-03-31/functions/{name}/configuration"),
        body: None,
    };
    Ok(visit.gateway.upstream.call(&call).await?.1)
}

/// A policy without statements is none (LAM-12).
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

/// The answer with the state that AWS would show, and its defaults.
async fn show(
    visit: &Visit<'_>,
    response: Response<Body>,
    life: Option<Life>,
    region: &str,
) -> Response<Body> {
    edit::json(response, |answer| {
        let listed = answer.get("Functions").is_some();
        let configurations = match answer {
            answer if listed => answer["Functions"].as_array_mut().map(|it| it.iter_mut().collect()),
            answer if answer.get("Configuration").is_some() => Some(vec![&mut answer["Configuration"]]),
            answer => Some(vec![answer]),
        };
        for configuration in configurations.unwrap_or_else(Vec::<&mut Value>::new) {
            if let Some(life) = life.filter(|_| visit.has(Rule::FunctionStates)) {
                show_state(configuration, life, visit.lasts(life.term));
            }
            if visit.has(Rule::Defaults) {
                show_defaults(configuration, region);
            }
            if listed && let Value::Object(map) = configuration {
                map.retain(|name, _| !name.starts_with("State") && !name.starts_with("LastUpdateStatus"));
            }
        }
    })
    .await
}

/// LAM-30, LAM-36.
fn show_state(configuration: &mut Value, life: Life, settling: bool) {
    const CREATED: &str = "The function is being created.";
    let Value::Object(map) = configuration else { return };
    map.retain(|name, _| {
        name != "State" && !name.starts_with("StateReason") && !name.starts_with("LastUpdateStatus")
    });
    let shown = match life.change {
        Change::Made if settling => {
            json!({ "State": "Pending", "StateReason": CREATED, "StateReasonCode": "Creating" })
        }
        Change::Made if life.fails => json!({
            "State": "Failed", "StateReason": "The function could not be created.", "StateReasonCode": "InternalError",
            "LastUpdateStatus": "Failed",
        }),
        Change::Updated if settling => json!({
            "State": "Active", "LastUpdateStatus": "InProgress", "LastUpdateStatusReason": CREATED,
            "LastUpdateStatusReasonCode": "Creating",
        }),
        Change::Made | Change::Updated => json!({ "State": "Active", "LastUpdateStatus": "Successful" }),
    };
    if let Value::Object(shown) = shown {
        map.extend(shown);
    }
    // Each transition makes another revision (LAM-36); the emulator makes one for each change.
    if let Some(Value::String(revision)) = map.get_mut("RevisionId").filter(|_| settling) {
        *revision = revision.chars().rev().collect();
    }
}

/// LAM-45.
fn show_defaults(configuration: &mut Value, region: &str) {
    const ABSENT: [&str; 6] = [
        "StateReason",
        "StateReasonCode",
        "LastUpdateStatusReason",
        "LastUpdateStatusReasonCode",
        "KMSKeyArn",
        "Layers",
    ];
    edit::drop_empty(configuration, &ABSENT);
    let name = configuration["FunctionName"].as_str().unwrap_or_default().to_owned();
    if let Value::Object(map) = configuration {
        map.retain(|name, value| {
            name != "VpcConfig" || value["SubnetIds"].as_array().is_some_and(|it| !it.is_empty())
        });
        let version = format!("arn:aws:lambda:{region}::runtime:{}", "0123456789abcdef".repeat(4));
        map.insert("RuntimeVersionConfig".into(), json!({ "RuntimeVersionArn": version }));
    }
    edit::add_missing(
        configuration,
        json!({
            "Architectures": ["x86_64"],
            "EphemeralStorage": { "Size": 512 },
            "LoggingConfig": { "LogFormat": "Text", "LogGroup": format!("/aws/lambda/{name}") },
            "MemorySize": 128,
            "PackageType": "Zip",
            "SnapStart": { "ApplyOn": "None", "OptimizationStatus": "Off" },
            "Timeout": 3,
            "TracingConfig": { "Mode": "PassThrough" },
        }),
    );
}

async fn read_json(asked: &mut Asked) -> Value {
    serde_json::from_str(&asked.read_text().await).unwrap_or_default()
}

pub(crate) fn key(region: &str, name: &str) -> String {
    format!("{region} {name}")
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
