//! How often AWS lets things be asked: a stack with many functions sends no faster than that, so that nothing is refused.
//!
//! The rates are an account's in a region. What this run sends is counted here; who else uses them up is met by the
//! pauses of `retry.rs`.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::request::wait;

/// So many requests at once, and then so many a second.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rate {
    of: &'static str,
    burst: u32,
    per_second: f64,
}

/// What is left of a rate. AWS counts a request some time before its answer comes: so no more than the burst are on
/// their way at once, and what was used up comes back from the first answer on.
#[derive(Debug)]
struct Room {
    rate: Rate,
    on_their_way: Arc<Semaphore>,
    left: Mutex<Left>,
}

#[derive(Debug, Clone, Copy)]
struct Left {
    requests: f64,
    /// Since when it comes back; none before an answer.
    since: Option<Instant>,
}

thread_local! {
    // A run has one thread.
    static ROOMS: RefCell<BTreeMap<&'static str, Arc<Room>>> = const { RefCell::new(BTreeMap::new()) };
}

const fn rate(of: &'static str, burst: u32, per_second: f64) -> Rate {
    Rate { of, burst, per_second }
}

/// The rates that an operation counts for.
fn rates(operation: &'static str) -> Vec<Rate> {
    let Some((service, name)) = operation.split_once(':') else { return Vec::new() };
    let own = match (service, name) {
        // LAM-50
        ("lambda", "GetFunction") => return vec![rate(operation, 100, 100.0)],
        ("lambda", "GetPolicy") => return vec![rate(operation, 15, 15.0)],
        ("lambda", _) => return vec![rate("lambda", 15, 15.0)],
        // AGW-01. Once in so many seconds is no rate to keep: most stacks have one API, and a cloud that takes two at
        // once need not be waited for.
        ("apigateway", "GetResources") => Some(rate(operation, 5, 2.5)),
        ("apigateway", _) => None,
        // COG-40
        ("cognito-idp", "DescribeUserPool" | "ListUserPools") => return vec![rate("pools read", 15, 15.0)],
        ("cognito-idp", "CreateUserPool" | "UpdateUserPool" | "DeleteUserPool") => {
            return vec![rate("pools written", 15, 15.0)];
        }
        ("cognito-idp", "DescribeUserPoolClient" | "ListUserPoolClients") => {
            return vec![rate("clients read", 15, 15.0)];
        }
        _ => return Vec::new(),
    };
    own.into_iter().chain([rate("apigateway", 40, 10.0)]).collect()
}

/// A request's share of its rates, until its answer has come.
#[derive(Debug)]
pub struct Turn(Vec<(Arc<Room>, OwnedSemaphorePermit)>);

impl Turn {
    /// A turn that can be taken now; none while others have to be waited for.
    pub fn now(operation: &'static str) -> Option<Turn> {
        let mut turn = Turn(Vec::new());
        for room in rooms(operation) {
            let permit = Arc::clone(&room.on_their_way).try_acquire_owned().ok()?;
            room.take(Instant::now()).ok()?;
            turn.0.push((room, permit));
        }
        Some(turn)
    }

    /// A turn when there is one.
    pub async fn wait(operation: &'static str) -> Turn {
        let mut turn = Turn(Vec::new());
        for room in rooms(operation) {
            // A semaphore that nobody closes.
            let Ok(permit) = Arc::clone(&room.on_their_way).acquire_owned().await else { continue };
            while let Err(more) = room.take(Instant::now()) {
                wait::out(more).await;
            }
            turn.0.push((room, permit));
        }
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        for (room, _) in &self.0 {
            room.answered(Instant::now());
        }
    }
}

impl Room {
    /// Takes one request, or says how long it is until there may be one.
    fn take(&self, now: Instant) -> Result<(), Duration> {
        let Rate { burst, per_second, .. } = self.rate;
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = left.since {
            left.requests += now.saturating_duration_since(since).as_secs_f64() * per_second;
            left.since = Some(now);
            if left.requests >= f64::from(burst) {
                *left = Left { requests: f64::from(burst), since: None };
            }
        }
        if left.requests < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - left.requests) / per_second));
        }
        left.requests -= 1.0;
        Ok(())
    }

    fn answered(&self, now: Instant) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.since.get_or_insert(now);
    }
}

fn rooms(operation: &'static str) -> Vec<Arc<Room>> {
    let room = |rate: Rate| {
        let new = || Room {
            rate,
            on_their_way: Arc::new(Semaphore::new(rate.burst as usize)),
            left: Mutex::new(Left { requests: f64::from(rate.burst), since: None }),
        };
        ROOMS.with_borrow_mut(|all| Arc::clone(all.entry(rate.of).or_insert_with(|| Arc::new(new()))))
    };
    rates(operation).into_iter().map(room).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many turns can be taken now.
    fn at_once(operation: &'static str) -> Vec<Turn> {
        std::iter::from_fn(|| Turn::now(operation)).take(1_000).collect()
    }

    #[tokio::test]
    async fn as_many_as_aws_takes() {
        let creations = at_once("lambda:CreateFunction");
        assert_eq!(creations.len(), 15);
        assert!(Turn::now("lambda:AddPermission").is_none(), "the same rate");
        drop(creations);
        assert!(at_once("lambda:CreateFunction").len() <= 1, "answered, and not back yet");
        drop(Turn::wait("lambda:CreateFunction").await);

        assert_eq!(at_once("lambda:GetFunction").len(), 100, "another rate");
        assert_eq!(at_once("s3:CreateBucket").len(), 1_000, "none is known");
    }

    #[tokio::test]
    async fn each_of_several_rates_counts() {
        let mut taken = at_once("apigateway:GetResources");
        assert_eq!(taken.len(), 5);
        taken.extend(at_once("apigateway:GetStages"));
        assert_eq!(taken.len(), 40, "what found no turn took none");
    }

    /// Fifty requests of 100 ms, by a clock of their own: AWS's bucket is never empty, and nearly as few seconds pass as
    /// it takes.
    #[test]
    fn a_bucket_that_is_filled_again() {
        let room = Room {
            rate: rate("test", 15, 15.0),
            on_their_way: Arc::new(Semaphore::new(15)),
            left: Mutex::new(Left { requests: 15.0, since: None }),
        };
        let began = Instant::now();
        let (mut sent, mut answers) = (Vec::new(), Vec::new());
        for millisecond in 0..10_000_u64 {
            let now = began + Duration::from_millis(millisecond);
            answers.retain(|at| {
                let is_due = *at <= millisecond;
                if is_due {
                    room.answered(now);
                }
                !is_due
            });
            while sent.len() < 50 && answers.len() < 15 && room.take(now).is_ok() {
                sent.push(millisecond);
                answers.push(millisecond + 100);
            }
        }
        assert_eq!(sent.len(), 50);
        assert!(sent[49] < 2_600, "{sent:?}");
        let (mut left, mut before) = (15.0, 0);
        for at in sent {
            left = f64::min(15.0, left + (at - before) as f64 * 0.015);
            before = at;
            left -= 1.0;
            assert!(left >= 0.0, "refused at {at} ms");
        }
    }
}
