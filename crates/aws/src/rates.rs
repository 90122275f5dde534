//! How often AWS lets things be asked: a stack with many functions sends no faster than that, so that nothing is refused.
//!
//! The rates are an account's in a region. What this run sends is counted here; who else uses them up is met by the
//! pauses of `retry.rs`.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use crate::wait;

/// So many requests within so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rate {
    of: &'static str,
    requests: u32,
    within: Duration,
}

thread_local! {
    // A run has one thread.
    static ROOM: RefCell<BTreeMap<&'static str, Arc<Semaphore>>> = const { RefCell::new(BTreeMap::new()) };
}

const fn rate(of: &'static str, requests: u32, milliseconds: u64) -> Rate {
    Rate { of, requests, within: Duration::from_millis(milliseconds) }
}

/// The rates that an operation counts for.
fn rates(operation: &'static str) -> Vec<Rate> {
    let Some((service, name)) = operation.split_once(':') else { return Vec::new() };
    let own = match (service, name) {
        // LAM-50
        ("lambda", "GetFunction") => return vec![rate(operation, 100, 1_000)],
        ("lambda", "GetPolicy") => return vec![rate(operation, 15, 1_000)],
        ("lambda", _) => return vec![rate("lambda", 15, 1_000)],
        // AGW-01. Once in so many seconds is no rate to keep: most stacks have one API, and a cloud that takes two at
        // once need not be waited for.
        ("apigateway", "GetResources") => Some(rate(operation, 5, 2_000)),
        ("apigateway", _) => None,
        // COG-40
        ("cognito-idp", "DescribeUserPool" | "ListUserPools") => return vec![rate("pools read", 15, 1_000)],
        ("cognito-idp", "CreateUserPool" | "UpdateUserPool" | "DeleteUserPool") => {
            return vec![rate("pools written", 15, 1_000)];
        }
        ("cognito-idp", "DescribeUserPoolClient" | "ListUserPoolClients") => {
            return vec![rate("clients read", 15, 1_000)];
        }
        _ => return Vec::new(),
    };
    own.into_iter().chain([rate("apigateway", 40, 4_000)]).collect()
}

/// A request's share of its rates. AWS counts it some time before its answer comes: it is used up for the whole time
/// of the rate from then on.
#[derive(Debug)]
pub struct Turn(Vec<(OwnedSemaphorePermit, Duration)>);

impl Turn {
    /// A turn that can be taken now; none while others have to be waited for.
    pub fn now(operation: &'static str) -> Option<Turn> {
        let rates = rates(operation).into_iter();
        let taken = rates.map(|it| Some((room(it).try_acquire_owned().ok()?, it.within)));
        let taken: Option<Vec<_>> = taken.collect();
        taken.map(Turn)
    }

    /// A turn in the order in which they were asked for.
    pub async fn wait(operation: &'static str) -> Turn {
        let mut turn = Turn(Vec::new());
        for rate in rates(operation) {
            // A semaphore that nobody closes.
            if let Ok(permit) = room(rate).acquire_owned().await {
                turn.0.push((permit, rate.within));
            }
        }
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        for (permit, within) in self.0.drain(..) {
            runtime.spawn(async move {
                wait::out(within).await;
                drop(permit);
            });
        }
    }
}

fn room(rate: Rate) -> Arc<Semaphore> {
    let new = || Arc::new(Semaphore::new(rate.requests as usize));
    ROOM.with_borrow_mut(|all| Arc::clone(all.entry(rate.of).or_insert_with(new)))
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
        let mut creations = at_once("lambda:CreateFunction");
        assert_eq!(creations.len(), 15);
        assert!(Turn::now("lambda:AddPermission").is_none(), "the same rate");
        // Answered, and not yet out of AWS's count.
        creations.pop();
        tokio::task::yield_now().await;
        assert!(Turn::now("lambda:CreateFunction").is_none());
        let (first, second) = tokio::join!(Turn::wait("lambda:CreateFunction"), async { drop(creations) });
        drop((first, second));

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
}
