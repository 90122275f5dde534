//! Sending requests, and every wait there is: bounded, named, told, and ended by Ctrl-C.

use std::{collections::BTreeSet, error::Error, future::Future, sync::Mutex, time::Duration};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use stackctl_engine::Reporter;
use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use crate::{
    lock::lease::Unlocked,
    request::{
        budget::RetryBudget,
        error::{AwsError, LastResult},
        operation::{Awaited, Class, Operation, Schedule},
        pause::pause,
        propagation::{OWN_TRY, PropagationGate},
        rates::RateSlot,
        retry,
    },
};

/// An answer of the SDK.
type Sent<T, E> = Result<T, SdkError<E, HttpResponse>>;

/// The effect of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// Nothing, or the same however often it is sent.
    TheSame,
    /// It changes something that was seen or made by this run.
    Change,
}

/// The status to report while a polled resource is not found yet.
pub const UNSEEN: &str = "not found";

/// Receives wait messages for requests outside any step; each message once.
struct Told {
    to: UnboundedSender<String>,
    known: Mutex<BTreeSet<String>>,
}

tokio::task_local! {
    static TOLD: Told;
}

/// Before that a wait is not worth a word.
const WORTH_A_WORD: Duration = Duration::from_secs(1);

/// Does the work of a look, which has no steps: its reads send their wait messages to `to`.
pub async fn told<T>(to: UnboundedSender<String>, work: impl Future<Output = T>) -> T {
    TOLD.scope(Told { to, known: Mutex::default() }, work).await
}

/// Sends a request that only reads: repeated when AWS is overloaded or silent.
pub async fn read<T, E, F>(operation: &'static Operation, send: impl Fn() -> F) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
{
    repeat(operation, None, Does::TheSame, nothing, send).await
}

/// Sends a request once: what it changes has to be looked at before it is sent again.
pub async fn once<T, E>(
    operation: &'static Operation,
    sent: impl Future<Output = Sent<T, E>>,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    sent.await.map_err(|error| AwsError::of(operation, error))
}

/// Sends a request whose repetition does no harm: repeated whenever the table says so.
pub async fn write<T, E, F>(
    operation: &'static Operation,
    reporter: &Reporter,
    send: impl Fn() -> F,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
{
    repeat(operation, Some(reporter), Does::TheSame, nothing, send).await
}

/// Sends a request that changes what this run has seen or made: that it is not there means that it is not visible
/// everywhere yet (S3-06, IAM-06, LAM-11).
pub async fn change<T, E, F>(
    operation: &'static Operation,
    reporter: &Reporter,
    send: impl Fn() -> F,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
{
    repeat(operation, Some(reporter), Does::Change, nothing, send).await
}

/// Sends a request that makes one more thing each time: when it is unclear whether it was done, `find` looks
/// for what it made before it is sent again.
pub async fn create<T, E, F, G>(
    operation: &'static Operation,
    reporter: &Reporter,
    find: impl Fn() -> G,
    send: impl Fn() -> F,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
    G: Future<Output = Result<Option<T>, AwsError>>,
{
    repeat(operation, Some(reporter), Does::TheSame, find, send).await
}

/// The search after a request that creates nothing.
async fn nothing<T>() -> Result<Option<T>, AwsError> {
    Ok(None)
}

async fn repeat<T, E, F, G>(
    operation: &'static Operation,
    reporter: Option<&Reporter>,
    does: Does,
    find: impl Fn() -> G,
    send: impl Fn() -> F,
) -> Result<T, AwsError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    F: Future<Output = Sent<T, E>>,
    G: Future<Output = Result<Option<T>, AwsError>>,
{
    let mut budget = RetryBudget::new(operation, Instant::now());
    let mut gate = PropagationGate::default();
    loop {
        let turn = match RateSlot::now(operation) {
            Some(turn) => turn,
            None => {
                let for_what = retry::reason(Class::Throttle, Duration::ZERO);
                unless_stopped(reporter, for_what, RateSlot::wait(operation)).await?
            }
        };
        let answer = send().await;
        drop(turn);
        let error = match answer {
            Ok(answer) => {
                gate.passed();
                return Ok(answer);
            }
            Err(error) => AwsError::of(operation, error),
        };
        // Nothing was sent: it goes on once the lock is known to be this run's.
        if let AwsError::Unlocked(Unlocked::Overdue(lease)) = &error {
            let renewed =
                unless_stopped(reporter, "the lock of the stack to be renewed", lease.renewed()).await?;
            renewed.map_err(|loss| AwsError::Unlocked(Unlocked::Lost(loss)))?;
            continue;
        }
        let class = match (error.class(), does) {
            // The resource was seen before, so it is not too new; a new look decides.
            (Class::Gone | Class::Propagation, _) if reporter.is_some_and(Reporter::was_seen) => {
                return Err(error);
            }
            (Class::Gone, Does::Change) => Class::NotVisible,
            (class, Does::TheSame | Does::Change) => class,
        };
        let next = budget.after(error, class, Instant::now(), share())?;
        let follows = class == Class::Propagation && {
            let ahead = tokio::time::timeout(OWN_TRY, gate.wait());
            !matches!(unless_stopped(reporter, next.for_what, ahead).await?, Ok(true))
        };
        if !follows {
            pause_for(operation.name, reporter, next.for_what, next.long).await?;
        }
        if class == Class::Unclear
            && let Some(found) = find().await?
        {
            return Ok(found);
        }
    }
}

/// Polls until `ask` returns `Ok`; `Err` describes the latest observation.
pub async fn until<T, F>(reporter: &Reporter, awaited: &Awaited, ask: impl Fn() -> F) -> Result<T, AwsError>
where
    F: Future<Output = Result<Result<T, &'static str>, AwsError>>,
{
    let Awaited { for_what, not_before, schedule, hint } = *awaited;
    let began = Instant::now();
    let mut tries = 0;
    if !not_before.is_zero() {
        pause_told(reporter, for_what, not_before).await?;
    }
    loop {
        let asked = Instant::now();
        let seen = match ask().await? {
            Ok(answer) => return Ok(answer),
            Err(seen) => seen.to_owned(),
        };
        let next = schedule.pause(tries, asked.elapsed());
        tries += 1;
        if began.elapsed() + next > schedule.bound {
            return Err(AwsError::gave_up(for_what, began.elapsed(), tries, LastResult::Seen(seen), hint));
        }
        pause_told(reporter, for_what, next).await?;
    }
}

/// Waits before the next question; returns false when the bound is reached, and the caller reports that.
pub async fn again(
    reporter: &Reporter,
    for_what: &str,
    schedule: &Schedule,
    since: Instant,
) -> Result<bool, AwsError> {
    if since.elapsed() + schedule.first > schedule.bound {
        return Ok(false);
    }
    pause_told(reporter, for_what, schedule.first).await.map(|()| true)
}

/// Waits until a moment that is known.
pub async fn until_then(reporter: &Reporter, for_what: &str, then: Instant) -> Result<(), AwsError> {
    pause_told(reporter, for_what, then.saturating_duration_since(Instant::now())).await
}

/// Does work that nothing else bounds; returns none when it takes longer than `bound`. A look reports a long wait.
pub async fn at_most<T>(for_what: &str, bound: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => return Some(done),
        () = pause(WORTH_A_WORD) => {}
    }
    say(format!("waiting for {for_what}"));
    tokio::time::timeout(bound.saturating_sub(WORTH_A_WORD), work).await.ok()
}

/// A random number from 0 to 1.
fn share() -> f64 {
    getrandom::u32().map_or(0.5, |it| f64::from(it) / f64::from(u32::MAX))
}

async fn pause_for(
    operation: &str,
    reporter: Option<&Reporter>,
    for_what: &str,
    long: Duration,
) -> Result<(), AwsError> {
    match reporter {
        Some(reporter) => pause_told(reporter, for_what, long).await,
        None => {
            pause_untold(operation, for_what, long).await;
            Ok(())
        }
    }
}

async fn pause_untold(operation: &str, for_what: &str, long: Duration) {
    between_looks(&format!("{for_what} ({operation})"), long).await;
}

/// Waits between two looks; Ctrl-C ends the look as a whole.
pub async fn between_looks(for_what: &str, long: Duration) {
    if long >= WORTH_A_WORD {
        say(format!("waiting for {for_what}"));
    }
    pause(long).await;
}

/// Tells a look's wait once.
fn say(text: String) {
    // No one listens to what is not followed.
    let _ = TOLD.try_with(|told| {
        let mut known = told.known.lock().expect("nothing panics while holding it");
        if known.insert(text.clone()) {
            let _ = told.to.send(text);
        }
    });
}

async fn pause_told(reporter: &Reporter, for_what: &str, long: Duration) -> Result<(), AwsError> {
    unless_stopped(Some(reporter), for_what, pause(long)).await
}

/// Waits for the work, and tells so; Ctrl-C ends the wait.
async fn unless_stopped<T>(
    reporter: Option<&Reporter>,
    for_what: &str,
    work: impl Future<Output = T>,
) -> Result<T, AwsError> {
    let Some(reporter) = reporter else { return Ok(work.await) };
    reporter.waiting(for_what);
    tokio::select! {
        done = work => Ok(done),
        () = reporter.stop().asked() => Err(AwsError::Stopped { for_what: for_what.to_owned() }),
    }
}

#[cfg(test)]
mod tests;
