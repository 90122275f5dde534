//! The rules of each service, in front of the backend.

mod api_gateway;
mod cognito;
mod iam;
mod lambda;
mod lifecycle;
mod lists;
mod logs;
mod other_region;
mod s3;
mod ssm;
mod stale;

use hyper::Response;
use stackctl_gateway::{Body, CloudRequest, Operation, Refusal, scope};

use self::{
    api_gateway::{rates as api_rates, stages},
    cognito::rates as cognito_rates,
    lambda::rates as lambda_rates,
};
use crate::{harness::settings::Rule, read::read_json, visit::Visit};

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Response<Body> {
    match by_the_rules(visit, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.response(&request.operation.service),
    }
}

async fn by_the_rules(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    throttle(visit, request).await?;
    let written = match stale::before(visit, request).await? {
        Ok(written) => written,
        Err(stale) => return Ok(stale),
    };
    let response = by_the_service(visit, request).await?;
    if let Some(written) = written.filter(|_| response.status().is_success()) {
        written.done(visit);
    }
    Ok(lists::show(visit, &request.operation, response).await)
}

async fn by_the_service(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    match request.operation.service.as_ref() {
        "iam" => iam::answer(visit, request).await,
        "lambda" => lambda::answer(visit, request).await,
        "apigateway" => api_gateway::answer(visit, request).await,
        "execute-api" => stages::answer(visit, request).await,
        "s3" => s3::answer(visit, request).await,
        "cognito-idp" => cognito::answer(visit, request).await,
        "logs" => logs::answer(visit, request).await,
        "ssm" => ssm::answer(visit, request).await,
        _ => Ok(visit.pass(request).await),
    }
}

async fn throttle(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<(), Refusal> {
    let Operation { service, name, write: _ } = request.operation.clone();
    let rates = match service.as_ref() {
        _ if !visit.has(Rule::Rates) => return Ok(()),
        "lambda" => lambda_rates::rates(name.as_deref().unwrap_or_default()),
        "apigateway" => api_rates::rates(request).await,
        "cognito-idp" if scope(&request.uri, &request.headers).is_some() => {
            let pool = read_json(request).await["UserPoolId"].to_string();
            cognito_rates::rates(name.as_deref().unwrap_or_default(), &pool)
        }
        _ => return Ok(()),
    };
    let taken = visit.memory.tokens.take(&visit.region(request), &rates, visit.settings.time_scale);
    taken.map_err(|wait| Refusal::throttled_for(&service, wait))
}
