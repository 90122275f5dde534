//! Cognito: one update at a time, the input that it refuses, the mails of a day, and the defaults that it returns.

mod checks;
mod defaults;
mod mails;
mod pool;
pub(super) mod rates;
#[cfg(test)]
mod tests;
mod tiers;
mod updates;

use hyper::Response;
use serde_json::Value;
use stackctl_gateway::{Body, CloudRequest, Refusal, scope};

use self::{
    defaults::show,
    pool::{Pool, text},
};
use crate::{edit, harness::settings::Rule, read::read_json, visit::Visit};

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let name = request.operation.name.clone().unwrap_or_default();
    let is_signed = scope(&request.uri, &request.headers).is_some();
    let may_send = visit.has(Rule::CognitoMails) && mails::may_be_sent_by(&name);
    // Requests of users have no signature: they send mails, and the other rules are for the control plane.
    if !is_signed && !may_send {
        return Ok(visit.pass(request).await);
    }
    let body = read_json(request).await;
    let pool = Pool { visit, region: visit.region(request), id: text(&body["UserPoolId"]) };
    if is_signed {
        check_settings(&pool, request, &name, &body).await?;
    }
    let counts = may_send && mails::count(&pool, &name, &body).await?;
    let mut response = send(&pool, request, &name).await?;
    if counts {
        response = mails::counted(&pool, &name, response).await?;
    }
    response = remember_clients(&pool, &name, &body, response).await;
    Ok(if visit.has(Rule::Defaults) { show(response).await } else { response })
}

/// The rules of the control plane, in front of the backend.
async fn check_settings(
    pool: &Pool<'_>,
    request: &mut CloudRequest,
    operation: &str,
    body: &Value,
) -> Result<(), Refusal> {
    let visit = pool.visit;
    if visit.has(Rule::CognitoTiers) {
        tiers::check(pool, operation, body).await?;
    }
    if visit.has(Rule::CognitoChecks) {
        checks::check(pool, operation, body).await?;
    }
    if visit.has(Rule::CognitoUpdates)
        && let Some(whole) = updates::filled(operation, body, visit.settings.cognito_updates)
    {
        request.replace_body(whole.to_string());
    }
    Ok(())
}

async fn send(
    pool: &Pool<'_>,
    request: &mut CloudRequest,
    operation: &str,
) -> Result<Response<Body>, Refusal> {
    let Some(busy) = alone(operation) else { return Ok(pool.visit.pass(request).await) };
    let what = format!("pool {} {}", pool.region, pool.id);
    let refusal = || Refusal::new(400, "ConcurrentModificationException", busy);
    pool.visit.pass_alone(request, Rule::CognitoOverlap, what, refusal).await
}

/// Remembers the pool of a new client, and forgets what was deleted.
async fn remember_clients(
    pool: &Pool<'_>,
    operation: &str,
    body: &Value,
    response: Response<Body>,
) -> Response<Body> {
    let clients = &pool.visit.memory.clients;
    let succeeded = response.status().is_success();
    match operation {
        "CreateUserPoolClient" => {
            let add = |answer: &mut Value| {
                clients.add(&text(&answer["UserPoolClient"]["ClientId"]), &pool.id);
            };
            return edit::json(response, add).await;
        }
        "DeleteUserPoolClient" if succeeded => clients.forget(&text(&body["ClientId"])),
        "DeleteUserPool" if succeeded => clients.forget_pool(&pool.id),
        _ => {}
    }
    response
}

/// The message of operations of which only one at a time may run (COG-02).
fn alone(operation: &str) -> Option<&'static str> {
    match operation {
        "UpdateUserPool"
        | "SetUserPoolMfaConfig"
        | "CreateUserPoolDomain"
        | "UpdateUserPoolDomain"
        | "DeleteUserPoolDomain" => {
            Some("Only one request to update this UserPool can be processed at a time")
        }
        "UpdateUserPoolClient" | "DeleteUserPoolClient" => {
            Some("Only one request to update user pool client can be processed at a time.")
        }
        _ => None,
    }
}
