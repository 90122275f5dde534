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

use crate::request::{
    operation::{Operation, Rate},
    pause::pause,
};

/// The rest of a rate. AWS counts a request some time before its answer comes: so no more than the burst are on
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

/// A request's share of its rates, until its answer has come.
#[derive(Debug)]
pub struct RateSlot(Vec<(Arc<Room>, OwnedSemaphorePermit)>);

impl RateSlot {
    /// A turn that can be taken now; none while others have to be waited for.
    pub fn now(operation: &Operation) -> Option<RateSlot> {
        let mut turn = RateSlot(Vec::new());
        for room in rooms(operation) {
            let permit = Arc::clone(&room.on_their_way).try_acquire_owned().ok()?;
            room.take(Instant::now()).ok()?;
            turn.0.push((room, permit));
        }
        Some(turn)
    }

    /// A turn when there is one.
    pub async fn wait(operation: &Operation) -> RateSlot {
        let mut turn = RateSlot(Vec::new());
        for room in rooms(operation) {
            // The semaphore is never closed.
            let Ok(permit) = Arc::clone(&room.on_their_way).acquire_owned().await else { continue };
            while let Err(more) = room.take(Instant::now()) {
                pause(more).await;
            }
            turn.0.push((room, permit));
        }
        turn
    }
}

impl Drop for RateSlot {
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

fn rooms(operation: &Operation) -> Vec<Arc<Room>> {
    let room = |rate: Rate| {
        let new = || Room {
            rate,
            on_their_way: Arc::new(Semaphore::new(rate.burst as usize)),
            left: Mutex::new(Left { requests: f64::from(rate.burst), since: None }),
        };
        ROOMS.with_borrow_mut(|all| Arc::clone(all.entry(rate.of).or_insert_with(|| Arc::new(new()))))
    };
    (operation.service.rates)(operation.short()).into_iter().map(room).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fifty requests of 100 ms, by a clock of their own: AWS's bucket is never empty, and nearly as few seconds pass as
    /// it takes.
    #[test]
    fn a_bucket_that_is_filled_again() {
        let room = Room {
            rate: Rate { of: "test", burst: 15, per_second: 15.0 },
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
