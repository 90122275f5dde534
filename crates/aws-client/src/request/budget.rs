//! How long one request is tried again: each class of errors has its own budget of time.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use crate::request::{
    error::{AwsError, LastResult},
    operation::{Class, Operation, Schedule},
    retry,
};

/// The waits of a failing request so far, against the budget of each class.
#[derive(Debug)]
pub struct RetryBudget {
    operation: &'static Operation,
    began: Instant,
    /// Since when the time is not counted yet.
    counted: Instant,
    tries: u32,
    spent: BTreeMap<Class, Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    pauses: u32,
    time: Duration,
}

/// A pause before the next try.
#[derive(Debug, PartialEq, Eq)]
pub struct Pause {
    /// How long.
    pub long: Duration,
    /// The reason of the wait, as the user reads it.
    pub for_what: &'static str,
}

impl RetryBudget {
    /// Begins now.
    pub fn new(operation: &'static Operation, now: Instant) -> RetryBudget {
        RetryBudget { operation, began: now, counted: now, tries: 0, spent: BTreeMap::new() }
    }

    /// What to do about an error that means `class`: a pause, whose jitter is a number from 0 to 1, or to give up.
    ///
    /// # Errors
    /// The error itself when nothing would change by waiting, or that the budget of its class is used up.
    pub fn after(
        &mut self,
        error: AwsError,
        class: Class,
        now: Instant,
        jitter: f64,
    ) -> Result<Pause, AwsError> {
        self.tries += 1;
        let Some(schedule) = retry::schedule(self.operation, class) else { return Err(error) };
        let spent = self.spent.entry(class).or_default();
        let took = now - self.counted;
        spent.time += took;
        let long = long(&schedule, spent.pauses, took, &error, jitter);
        // However long a single answer takes, the request is sent twice.
        let is_first = spent.pauses == 0 && long <= schedule.bound;
        if spent.time + long > schedule.bound && !is_first {
            let (for_what, hint) = (retry::reason(class, Duration::ZERO), retry::hint_after(class));
            let last = LastResult::Error(Box::new(error));
            return Err(AwsError::gave_up(for_what, now - self.began, self.tries, last, hint));
        }
        let for_what = retry::reason(class, spent.time);
        spent.pauses += 1;
        spent.time += long;
        self.counted = now + long;
        Ok(Pause { long, for_what })
    }
}

/// As the schedule says, unless AWS itself says when to come back.
fn long(schedule: &Schedule, pauses: u32, took: Duration, error: &AwsError, jitter: f64) -> Duration {
    let long = schedule.pause(pauses, took);
    let long = if schedule.jitter { long.mul_f64(1.0 - jitter / 2.0) } else { long };
    long.max(error.answer().and_then(|it| it.retry_after).unwrap_or_default())
}
