//! How Lambda calls a function for an event: how often it tries again, how long it keeps the event, and where it records
//! an event that it gives up (LAM-75).

use aws_sdk_lambda::types::{DestinationConfig, OnFailure, OnSuccess};
use stackctl_aws_client::{
    clients::{Aws, Clients},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    account::Arn,
    desired::events::{EVENT_AGE, RETRIES},
};
use stackctl_engine::{Reporter, Step};

use crate::function::operations;

/// The configuration of asynchronous calls.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asynchronous {
    /// How often Lambda tries again; `None` if it is not set.
    pub retries: Option<i32>,
    /// The age in seconds after which Lambda gives an event up; `None` if it is not set.
    pub event_age: Option<i32>,
    /// The ARN of the destination for events that Lambda gave up.
    pub on_failure: Option<String>,
    /// The ARN of the destination after successful calls, which only others set.
    pub on_success: Option<String>,
}

/// The configuration that a function should have. A configuration that names the bucket of failed events is stackctl's;
/// of one without the bucket, or of a destination after successful calls, others are the owners.
pub fn desired(is_called: bool, Arn(failures): &Arn, live: Option<&Asynchronous>) -> Option<Asynchronous> {
    let on_success = live.and_then(|it| it.on_success.clone());
    if is_called {
        return Some(Asynchronous {
            retries: Some(RETRIES),
            event_age: Some(EVENT_AGE),
            on_failure: Some(failures.clone()),
            on_success,
        });
    }
    match live {
        Some(it) if it.on_failure.as_ref() == Some(failures) => {
            on_success.map(|it| Asynchronous { on_success: Some(it), ..Asynchronous::default() })
        }
        Some(_) | None => live.cloned(),
    }
}

/// The change of the configuration as a step of the plan.
pub fn describe(from: Option<&Asynchronous>, to: Option<&Asynchronous>) -> Step {
    type Text<'a> = &'a dyn Fn(&Asynchronous) -> Option<String>;
    let fields: [(&str, Text<'_>); 3] = [
        ("events.retries", &|it| it.retries.map(|it| it.to_string())),
        ("events.age", &|it| it.event_age.map(|it| format!("{it}s"))),
        ("events.failures", &|it| it.on_failure.clone()),
    ];
    fields.into_iter().fold(Step::update("set the retries", "of"), |step, (field, text)| {
        step.change(field, from.and_then(text), to.and_then(text))
    })
}

/// Reads the configuration of a function, by its unqualified name; `None` if there is none.
///
/// # Errors
/// The errors of Lambda.
pub async fn read(function: &str, clients: &Clients) -> Result<Option<Asynchronous>, AwsError> {
    let ask = || clients.lambda.get_function_event_invoke_config().function_name(function).send();
    let found = if_there(wait::read(&operations::GET_FUNCTION_EVENT_INVOKE_CONFIG, ask).await)?;
    Ok(found.map(|it| {
        // Lambda answers with empty destinations where none is set.
        let DestinationConfig { on_success, on_failure, .. } =
            it.destination_config.unwrap_or_else(|| DestinationConfig::builder().build());
        Asynchronous {
            retries: it.maximum_retry_attempts,
            event_age: it.maximum_event_age_in_seconds,
            on_failure: on_failure.and_then(|it| it.destination),
            on_success: on_success.and_then(|it| it.destination),
        }
    }))
}

/// Replaces the configuration, or deletes it. Lambda checks whether the role may write to the destination, and a new role
/// may not be visible yet (LAM-78).
///
/// # Errors
/// The errors of Lambda.
pub async fn set(
    function: &str,
    to: Option<&Asynchronous>,
    aws: &Aws,
    reporter: &Reporter,
) -> Result<(), AwsError> {
    let Some(Asynchronous { retries, event_age, on_failure, on_success }) = to else {
        let delete = || aws.lambda.delete_function_event_invoke_config().function_name(function).send();
        let deleted = wait::write(&operations::DELETE_FUNCTION_EVENT_INVOKE_CONFIG, reporter, delete).await;
        return if_there(deleted).map(drop);
    };
    let destinations = DestinationConfig::builder()
        .set_on_failure(on_failure.as_ref().map(|it| OnFailure::builder().destination(it).build()))
        .set_on_success(on_success.as_ref().map(|it| OnSuccess::builder().destination(it).build()))
        .build();
    let put = || {
        aws.lambda
            .put_function_event_invoke_config()
            .function_name(function)
            .set_maximum_retry_attempts(*retries)
            .set_maximum_event_age_in_seconds(*event_age)
            .destination_config(destinations.clone())
            .send()
    };
    wait::change(&operations::PUT_FUNCTION_EVENT_INVOKE_CONFIG, reporter, put).await.map(drop)
}
