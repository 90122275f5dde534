//! Reads what Lambda has of a function.

use std::collections::BTreeMap;

use aws_sdk_lambda::{
    operation::get_function::GetFunctionOutput,
    types::{Architecture as LiveArchitecture, FunctionConfiguration, State as LiveState},
};
use serde::Deserialize;
use serde_json::Value;
use stackctl_spec::{
    function::Architecture,
    units::{Megabytes, Seconds},
};

use super::{Live, STATEMENT, Settings, State, census};
use crate::{clients::Clients, error::AwsError, tags::Tags, wait};

/// Reads a function and who may invoke it; none when it does not exist.
pub async fn read(name: &str, clients: &Clients) -> Result<Option<Live>, AwsError> {
    match census::function(name, clients).await? {
        Some(function) => with_policy(name, function, clients).await.map(Some),
        None => Ok(None),
    }
}

/// Reads who may invoke a function that was read.
pub async fn with_policy(
    name: &str,
    function: GetFunctionOutput,
    clients: &Clients,
) -> Result<Live, AwsError> {
    let ask = || clients.lambda.get_policy().function_name(name).send();
    // A function without a policy is no error (LAM-12).
    let policy =
        wait::read("lambda:GetPolicy", ask).await.map_or_else(AwsError::none_if_gone, |it| Ok(it.policy))?;
    let tags = Tags::read(function.tags.unwrap_or_default());
    let configuration = function.configuration.unwrap_or_else(|| FunctionConfiguration::builder().build());
    let permissions = policy.map(|text| permissions(&text)).transpose();
    let permissions = permissions
        .map_err(|error| AwsError::unreadable(format!("the policy of the function {name}"), error))?;
    Ok(live(name, configuration, tags, permissions.unwrap_or_default()))
}

/// A function as Lambda describes it.
pub fn live(
    name: &str,
    it: FunctionConfiguration,
    tags: Tags,
    permissions: BTreeMap<String, Option<String>>,
) -> Live {
    let arm64 = it.architectures().contains(&LiveArchitecture::Arm64);
    let variables = it.environment.as_ref().and_then(|it| it.variables.clone()).unwrap_or_default();
    let number =
        |value: Option<i32>, default: u32| value.and_then(|it| u32::try_from(it).ok()).unwrap_or(default);
    let state = match &it.state {
        Some(LiveState::Pending) => State::Pending,
        Some(LiveState::Failed) => State::Failed(it.state_reason().unwrap_or("no reason given").to_owned()),
        Some(_) | None => State::Usable,
    };
    Live {
        name: name.to_owned(),
        role: it.role().unwrap_or_default().to_owned(),
        runtime: it.runtime().map_or_else(String::new, |it| it.as_str().to_owned()),
        handler: it.handler().unwrap_or_default().to_owned(),
        code_sha256: it.code_sha256().unwrap_or_default().to_owned(),
        settings: Settings {
            architecture: if arm64 { Architecture::Arm64 } else { Architecture::X86_64 },
            memory: Megabytes(number(it.memory_size, 128)),
            timeout: Seconds(number(it.timeout, 3)),
            environment: variables.into_iter().collect(),
        },
        state,
        tags,
        permissions,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    #[serde(default)]
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    #[serde(default)]
    sid: String,
    #[serde(default)]
    effect: String,
    #[serde(default)]
    principal: Value,
    #[serde(default)]
    action: Value,
    #[serde(default)]
    condition: Value,
}

/// Our statements of a function's policy (LAM-46).
fn permissions(policy: &str) -> Result<BTreeMap<String, Option<String>>, serde_json::Error> {
    let document: Document = serde_json::from_str(policy)?;
    let ours = document.statement.into_iter().filter(|it| it.sid.starts_with(STATEMENT));
    Ok(ours.map(|it| (it.sid.clone(), source(&it))).collect())
}

/// The source of a statement that lets API Gateway invoke, and nothing else.
fn source(Statement { sid: _, effect, principal, action, condition }: &Statement) -> Option<String> {
    let only = |value: &Value| match value {
        Value::Array(all) if all.len() == 1 => all[0].as_str().map(str::to_owned),
        Value::String(one) => Some(one.clone()),
        _ => None,
    };
    let conditions = condition.as_object()?;
    let [(operator, keys)] = conditions.iter().collect::<Vec<_>>()[..] else { return None };
    let [(key, source)] = keys.as_object()?.iter().collect::<Vec<_>>()[..] else { return None };
    let expected = effect == "Allow"
        && only(&principal["Service"])? == "apigateway.amazonaws.com"
        && only(action)? == "lambda:InvokeFunction"
        && operator == "ArnLike"
        && key.eq_ignore_ascii_case("AWS:SourceArn");
    if expected { only(source) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(change: impl FnOnce(&mut Value)) -> BTreeMap<String, Option<String>> {
        let mut policy = serde_json::json!({ "Version": "2012-10-17", "Id": "default", "Statement": [{
            "Sid": "stackctl-uploads-production", "Effect": "Allow",
            "Principal": { "Service": "apigateway.amazonaws.com" },
            "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:eu-west-1:1:function:f",
            "Condition": { "ArnLike": { "AWS:SourceArn": "arn:aws:execute-api:eu-west-1:1:api/production/*" } },
        }] });
        change(&mut policy["Statement"][0]);
        permissions(&policy.to_string()).unwrap()
    }

    #[test]
    fn only_our_own_form_has_a_source() {
        let ours = |source: Option<&str>| {
            BTreeMap::from([("stackctl-uploads-production".to_owned(), source.map(str::to_owned))])
        };
        assert_eq!(statement(|_| {}), ours(Some("arn:aws:execute-api:eu-west-1:1:api/production/*")));
        assert_eq!(statement(|it| it["Effect"] = "Deny".into()), ours(None));
        assert_eq!(statement(|it| it["Principal"] = "*".into()), ours(None));
        assert_eq!(statement(|it| it["Condition"] = Value::Null), ours(None));
        assert_eq!(statement(|it| it["Action"] = "lambda:*".into()), ours(None));
        assert_eq!(statement(|it| it["Sid"] = "someone".into()), BTreeMap::new());
    }
}
