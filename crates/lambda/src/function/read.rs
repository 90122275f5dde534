//! Reads the live function.

use std::collections::BTreeMap;

use aws_sdk_lambda::{
    operation::get_function::GetFunctionOutput,
    types::{Architecture as LiveArchitecture, FunctionConfiguration, State as LiveState},
};
use stackctl_aws_client::{
    clients::Clients,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    invoke_permission::{bucket_permissions, foreign, permissions},
    tags::Tags,
};
use stackctl_stackfile::{
    function::Architecture,
    units::{Megabytes, Seconds},
};

use super::{
    exposures::Attached,
    model::{FunctionSettings, Live, State},
};
use crate::{function::operations, function_listing as listing};

/// Reads a function with its policy; `None` if it does not exist.
pub async fn read(name: &str, clients: &Clients) -> Result<Option<Live>, AwsError> {
    match listing::function(name, clients).await? {
        Some(function) => with_policy(name, function, clients).await.map(Some),
        None => Ok(None),
    }
}

/// Reads the policy of a function that was read, by its unqualified name (LAM-62).
pub async fn with_policy(
    name: &str,
    function: GetFunctionOutput,
    clients: &Clients,
) -> Result<Live, AwsError> {
    let ask = || clients.lambda.get_policy().function_name(name).send();
    // Lambda answers a missing policy with an error (LAM-12).
    let policy = if_there(wait::read(&operations::GET_POLICY, ask).await)?.and_then(|it| it.policy);
    let read = |text: String| -> Result<_, serde_json::Error> {
        Ok((permissions(&text)?, bucket_permissions(&text)?, foreign(&text)?))
    };
    let read = policy.map(read).transpose();
    let read =
        read.map_err(|error| AwsError::unreadable(format!("the policy of the function {name}"), error))?;
    let (permissions, bucket_permissions, statements) = read.unwrap_or_default();
    let live = without_policy(name, function);
    let attached = Attached { statements, ..live.attached };
    Ok(Live { permissions, bucket_permissions, attached, ..live })
}

/// The live function without its policy.
pub fn without_policy(name: &str, function: GetFunctionOutput) -> Live {
    let tags = Tags::read(function.tags.unwrap_or_default());
    let configuration = function.configuration.unwrap_or_else(|| FunctionConfiguration::builder().build());
    live(name, configuration, tags, BTreeMap::new())
}

/// The live function from Lambda's description.
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
        description: it.description().unwrap_or_default().to_owned(),
        code_sha256: it.code_sha256().unwrap_or_default().to_owned(),
        settings: FunctionSettings {
            runtime: it.runtime().map_or_else(String::new, |it| it.as_str().to_owned()),
            handler: it.handler().unwrap_or_default().to_owned(),
            architecture: if arm64 { Architecture::Arm64 } else { Architecture::X86_64 },
            memory: Megabytes(number(it.memory_size, 128)),
            timeout: Seconds(number(it.timeout, 3)),
            environment: variables.into_iter().collect(),
        },
        state,
        modified: it.last_modified().unwrap_or_default().to_owned(),
        tags,
        permissions,
        bucket_permissions: BTreeMap::new(),
        asynchronous: None,
        attached: Attached {
            layers: it.layers().iter().filter_map(|it| it.arn().map(str::to_owned)).collect(),
            ..Attached::default()
        },
    }
}
