//! The configurations of asynchronous calls: the input that Lambda refuses, and how they read back.

use std::collections::BTreeSet;

use hyper::{Method, Response};
use serde_json::{Value, json};
use stackctl_gateway::{Body, Call, CloudRequest, Refusal};

use super::configuration::configuration;
use crate::{
    edit, harness::settings::Rule, memory::functions::key, read::read_json, rules::iam, visit::Visit,
};

/// The members of a configuration that are read back only when they were given (LAM-75).
const SETTINGS: [&str; 2] = ["MaximumRetryAttempts", "MaximumEventAgeInSeconds"];

/// Puts a configuration.
pub(crate) async fn put(
    visit: &Visit<'_>,
    request: &mut CloudRequest,
    region: &str,
    name: &str,
) -> Result<Response<Body>, Refusal> {
    let body = read_json(request).await;
    let destinations =
        ["OnFailure", "OnSuccess"].map(|it| body["DestinationConfig"][it]["Destination"].as_str());
    let given = SETTINGS.iter().filter(|it| !body[**it].is_null()).map(|it| (*it).to_owned());
    let given: BTreeSet<String> = given.collect();
    if visit.has(Rule::EventChecks) && given.is_empty() && destinations == [None, None] {
        return Err(refused("You must specify at least one of error handling or destination setting."));
    }
    for bucket in destinations.iter().flatten().filter(|it| it.contains(":s3:::")) {
        check_bucket(visit, region, name, bucket).await?;
    }
    let response = visit.pass(request).await;
    if response.status().is_success() {
        visit.memory.events.give(&key(region, name), given);
    }
    Ok(show(visit, response, region, name).await)
}

/// Lambda checks that the bucket exists, and that the function's role may write into it (LAM-78).
async fn check_bucket(visit: &Visit<'_>, region: &str, name: &str, arn: &str) -> Result<(), Refusal> {
    let bucket = arn.rsplit(':').next().unwrap_or_default();
    let (region_of_call, path) = (region.to_owned(), format!("/{bucket}"));
    let call = Call { service: "s3", region: region_of_call, method: Method::HEAD, path, body: None };
    if visit.has(Rule::EventChecks) && !visit.backend.upstream.call(&call).await?.0.is_success() {
        return Err(refused(&format!("The destination ARN {arn} is invalid.")));
    }
    let role = configuration(visit, region, name).await?["Role"].as_str().unwrap_or_default().to_owned();
    let may =
        !visit.has(Rule::EventChecks) || iam::may(visit, &role, "s3:PutObject", &format!("{arn}/a")).await?;
    let is_seen = !visit.has(Rule::IamPropagation) || iam::policies_are_seen(visit, &role);
    if may && is_seen {
        return Ok(());
    }
    Err(refused(&format!(
        "The function's execution role does not have permissions to call PutObject on {arn}"
    )))
}

/// Shows a configuration as Lambda reads it back (LAM-75).
pub(crate) async fn show(
    visit: &Visit<'_>,
    response: Response<Body>,
    region: &str,
    name: &str,
) -> Response<Body> {
    let Some(given) = visit.memory.events.given(&key(region, name)).filter(|_| visit.has(Rule::Defaults))
    else {
        return response;
    };
    edit::json(response, |shown| read_back(shown, &given)).await
}

fn read_back(shown: &mut Value, given: &BTreeSet<String>) {
    if let Value::Object(members) = shown {
        members.retain(|member, _| !SETTINGS.contains(&member.as_str()) || given.contains(member));
    }
    for destination in ["OnSuccess", "OnFailure"] {
        if shown["DestinationConfig"][destination].is_null() {
            shown["DestinationConfig"][destination] = json!({});
        }
    }
    if let Some(arn) = shown["FunctionArn"].as_str().filter(|it| !it.ends_with(":$LATEST")) {
        shown["FunctionArn"] = format!("{arn}:$LATEST").into();
    }
}

fn refused(text: &str) -> Refusal {
    Refusal::new(400, "InvalidParameterValueException", text)
}
