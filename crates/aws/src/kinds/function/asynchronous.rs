//! How Lambda calls a function for an event: how often it tries again, and how long it keeps the event (LAM-75).

use aws_sdk_lambda::types::DestinationConfig;
use stackctl_aws_client::{
    clients::{Aws, Clients},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_engine::Reporter;

use crate::kinds::function::operations;

/// How often Lambda tries again after an error of the function.
pub const RETRIES: i32 = 2;

/// For how many seconds Lambda keeps an event while it can't call the function. With 60 there would be no retry (LAM-76).
pub const EVENT_AGE: i32 = 21_600;

/// The configuration of asynchronous calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Asynchronous {
    /// How often Lambda tries again; `None` if it is not set.
    pub retries: Option<i32>,
    /// The age in seconds after which Lambda gives an event up; `None` if it is not set.
    pub event_age: Option<i32>,
    /// The destinations that others set.
    pub destinations: Option<DestinationConfig>,
}

impl Asynchronous {
    /// Whether the retries and the age are the desired ones.
    pub fn is_desired(&self) -> bool {
        (self.retries, self.event_age) == (Some(RETRIES), Some(EVENT_AGE))
    }
}

/// Reads the configuration of a function, by its unqualified name; `None` if there is none.
///
/// # Errors
/// The errors of Lambda.
pub async fn read(function: &str, clients: &Clients) -> Result<Option<Asynchronous>, AwsError> {
    let ask = || clients.lambda.get_function_event_invoke_config().function_name(function).send();
    let found = if_there(wait::read(&operations::GET_FUNCTION_EVENT_INVOKE_CONFIG, ask).await)?;
    Ok(found.map(|it| Asynchronous {
        retries: it.maximum_retry_attempts,
        event_age: it.maximum_event_age_in_seconds,
        destinations: it.destination_config.filter(is_set),
    }))
}

/// Whether a destination is set: Lambda answers empty ones too (LAM-75).
fn is_set(it: &DestinationConfig) -> bool {
    let on_success = it.on_success().and_then(|it| it.destination());
    let on_failure = it.on_failure().map(|it| it.destination());
    on_success.or(on_failure.flatten()).is_some()
}

/// Sets the retries and the age. The call replaces the configuration, so the destinations of others are sent with it.
///
/// # Errors
/// The errors of Lambda.
pub async fn set(
    function: &str,
    live: Option<&Asynchronous>,
    aws: &Aws,
    reporter: &Reporter,
) -> Result<Asynchronous, AwsError> {
    let destinations = live.and_then(|it| it.destinations.clone());
    wait::change(&operations::PUT_FUNCTION_EVENT_INVOKE_CONFIG, reporter, || {
        aws.lambda
            .put_function_event_invoke_config()
            .function_name(function)
            .maximum_retry_attempts(RETRIES)
            .maximum_event_age_in_seconds(EVENT_AGE)
            .set_destination_config(destinations.clone())
            .send()
    })
    .await?;
    Ok(Asynchronous { retries: Some(RETRIES), event_age: Some(EVENT_AGE), destinations })
}

/// Deletes the configuration; one that does not exist is success.
///
/// # Errors
/// The errors of Lambda.
pub async fn delete(function: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let delete = || aws.lambda.delete_function_event_invoke_config().function_name(function).send();
    let deleted = wait::write(&operations::DELETE_FUNCTION_EVENT_INVOKE_CONFIG, reporter, delete).await;
    if_there(deleted).map(drop)
}
