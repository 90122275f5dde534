//! Sending requests, and every wait there is: bounded, named, told, and ended by Ctrl-C.

use std::{
    error::Error,
    future::Future,
    time::{Duration, Instant},
};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use stackctl_engine::Tell;

use crate::{
    error::AwsError,
    retry::{self, Class, Schedule},
};

/// An answer of the SDK.
type Sent<T, E> = Result<T, SdkError<E, HttpResponse>>;

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// Nothing, or the same however often it is sent.
    TheSame,
    /// It changes something that was seen or made by this run.
    Change,
    /// It makes one more thing each time.
    OneMore,
}

/// Sends a request that only reads: repeated when AWS is overloaded or silent.
pub async fn read<T, E, F>(operation: &'static str, send: impl Fn() -> F) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
{
    repeat(operation, None, Does::TheSame, send).await
}

/// Sends a request whose repetition does no harm: repeated whenever the table says so.
pub async fn write<T, E, F>(operation: &'static str, tell: &Tell, send: impl Fn() -> F) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
{
    repeat(operation, Some(tell), Does::TheSame, send).await
}

/// Sends a request that changes what this run has seen or made: that it is not there means that it is not visible
/// everywhere yet (S3-06, IAM-06, LAM-11).
pub async fn change<T, E, F>(
    operation: &'static str,
    tell: &Tell,
    send: impl Fn() -> F,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
{
    repeat(operation, Some(tell), Does::Change, send).await
}

/// Sends a request that makes one more thing each time: when it is unclear whether it was done, `find` looks
/// for what it made before it is sent again.
pub async fn create<T, E, F, G>(
    operation: &'static str,
    tell: &Tell,
    find: impl Fn() -> G,
    send: impl Fn() -> F,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
    G: Future<Output = Result<Option<T>, AwsError>>,
{
    let began = Instant::now();
    loop {
        let error = match repeat(operation, Some(tell), Does::OneMore, &send).await {
            Ok(made) => return Ok(made),
            Err(error) => error,
        };
        let Some(schedule) = retry::schedule(operation, retry::class(&error)) else { return Err(error) };
        if began.elapsed() > schedule.bound {
            return Err(error);
        }
        pause(tell, retry::reason(Class::Unclear), schedule.first).await?;
        if let Some(found) = find().await? {
            return Ok(found);
        }
    }
}

async fn repeat<T, E, F>(
    operation: &'static str,
    tell: Option<&Tell>,
    does: Does,
    send: impl Fn() -> F,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
{
    let began = Instant::now();
    let mut tries = 0;
    loop {
        let error = match send().await {
            Ok(answer) => return Ok(answer),
            Err(error) => AwsError::of(operation, error),
        };
        let class = match (retry::class(&error), does) {
            (Class::Unclear, Does::OneMore) => return Err(error),
            (Class::Gone, Does::Change) => Class::NotVisible,
            (class, Does::TheSame | Does::Change | Does::OneMore) => class,
        };
        let Some(Schedule { first, longest, bound }) = retry::schedule(operation, class) else {
            return Err(error);
        };
        let pause_now = longest.min(first * 2_u32.saturating_pow(tries));
        if began.elapsed() + pause_now > bound {
            return Err(AwsError::GaveUp {
                for_what: retry::reason(class).to_owned(),
                after: began.elapsed(),
                hint: retry::hint_after(class),
                last: Some(Box::new(error)),
            });
        }
        tries += 1;
        match tell {
            Some(tell) => pause(tell, retry::reason(class), pause_now).await?,
            None => tokio::time::sleep(pause_now).await,
        }
    }
}

/// Asks until the answer is something, at most for `bound`.
pub async fn until<T, F>(
    tell: &Tell,
    for_what: &str,
    bound: Duration,
    hint: &'static str,
    ask: impl Fn() -> F,
) -> Result<T, AwsError>
where
    F: Future<Output = Result<Option<T>, AwsError>>,
{
    let began = Instant::now();
    let mut next = Duration::from_millis(100);
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if began.elapsed() > bound {
            return Err(AwsError::GaveUp {
                for_what: for_what.to_owned(),
                after: began.elapsed(),
                hint: Some(hint),
                last: None,
            });
        }
        pause(tell, for_what, next).await?;
        next = (next * 2).min(Duration::from_secs(1));
    }
}

/// Waits a second.
pub async fn a_moment(tell: &Tell, for_what: &str) -> Result<(), AwsError> {
    pause(tell, for_what, Duration::from_secs(1)).await
}

/// Waits until a moment that is known.
pub async fn until_then(tell: &Tell, for_what: &str, then: Instant) -> Result<(), AwsError> {
    pause(tell, for_what, then.saturating_duration_since(Instant::now())).await
}

async fn pause(tell: &Tell, for_what: &str, long: Duration) -> Result<(), AwsError> {
    tell.waiting(for_what);
    tokio::select! {
        () = tokio::time::sleep(long) => Ok(()),
        () = tell.stop().asked() => Err(AwsError::Stopped { for_what: for_what.to_owned() }),
    }
}
