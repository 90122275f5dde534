//! What AWS would do: the rules of each service, in front of the backend.

mod api_gateway;
mod cognito;
mod cognito_updates;
mod iam;
mod lambda;
mod lists;
mod logs;
mod other_region;
mod s3;
mod ssm;
mod stale;

use hyper::Response;
use stackctl_gateway::{Asked, Body, Operation, Refusal, scope};

use self::{
    api_gateway::{rates as api_rates, stages},
    lambda::rates as lambda_rates,
};
use crate::{harness::settings::Rule, read::read_json, visit::Visit};

pub(crate) async fn answer(visit: &Visit<'_>, asked: &mut Asked) -> Response<Body> {
    match by_the_rules(visit, asked).await {
        Ok(response) => response,
        Err(refusal) => refusal.response(&asked.operation.service),
    }
}

async fn by_the_rules(visit: &Visit<'_>, asked: &mut Asked) -> Result<Response<Body>, Refusal> {
    throttle(visit, asked).await?;
    let written = match stale::before(visit, asked).await? {
        Ok(written) => written,
        Err(stale) => return Ok(stale),
    };
    let response = by_the_service(visit, asked).await?;
    if let Some(written) = written.filter(|_| response.status().is_success()) {
        written.done(visit);
    }
    Ok(lists::show(visit, &asked.operation, response).await)
}

async fn by_the_service(visit: &Visit<'_>, asked: &mut Asked) -> Result<Response<Body>, Refusal> {
    match asked.operation.service.as_ref() {
        "iam" => iam::answer(visit, asked).await,
        "lambda" => lambda::answer(visit, asked).await,
        "apigateway" => api_gateway::answer(visit, asked).await,
        "execute-api" => stages::answer(visit, asked).await,
        "s3" => s3::answer(visit, asked).await,
        "cognito-idp" => cognito::answer(visit, asked).await,
        "logs" => logs::answer(visit, asked).await,
        "ssm" => ssm::answer(visit, asked).await,
        _ => Ok(visit.pass(asked).await),
    }
}

async fn throttle(visit: &Visit<'_>, asked: &mut Asked) -> Result<(), Refusal> {
    let Operation { service, name, write: _ } = asked.operation.clone();
    let rates = match service.as_ref() {
        _ if !visit.has(Rule::Rates) => return Ok(()),
        "lambda" => lambda_rates::rates(name.as_deref().unwrap_or_default()),
        "apigateway" => api_rates::rates(asked).await,
        "cognito-idp" if scope(&asked.uri, &asked.headers).is_some() => {
            let pool = read_json(asked).await["UserPoolId"].to_string();
            cognito_updates::rates(name.as_deref().unwrap_or_default(), &pool)
        }
        _ => return Ok(()),
    };
    let taken = visit.memory.tokens.take(&visit.region(asked), &rates, visit.settings.time_scale);
    taken.map_err(|wait| Refusal::throttled_for(&service, wait))
}
