//! Renewing: a look, and a write only when the lock is still this run's.
//!
//! SSM has no write that depends on what is there (SSM-01). What another run writes between the look and the write shows
//! in the version that the write gets, since SSM counts all writes: then the lock is lost, and the other run finds this
//! run's name in it when it looks again before it begins (`Lock::take`).

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use stackctl_engine::Reporter;
use tokio::sync::oneshot;

use super::{
    lease::{Lease, Loss},
    moment::Moment,
    parameter::{self, Held, Sight},
};
use crate::{
    clients::Aws,
    lock::operations,
    request::{error::AwsError, operation::Class, pause::pause},
};

/// For how long renewals may fail, after the lease is over, before the run gives up.
const MOST_FAILING: Duration = Duration::from_secs(120);

/// A lock that is renewed.
pub struct Renewal {
    pub aws: Aws,
    pub lease: Lease,
    pub held: Held,
    /// The highest version that this run's own writes explain.
    pub version: i64,
    pub reporter: Reporter,
}

impl Renewal {
    /// Renews it again and again, until it is lost, or the run ends.
    pub async fn go_on(mut self, mut renewed: Moment, mut ended: oneshot::Receiver<()>) {
        let pace = self.lease.pace();
        let mut failing: Option<Moment> = None;
        loop {
            let next = if failing.is_some() { pace.renewal / 20 } else { pace.renewal };
            tokio::select! {
                biased;
                _ = &mut ended => return,
                () = pause(next) => {}
                () = self.lease.wanted(), if failing.is_none() => {}
            }
            // An answer that does not come must not take the rest of the lease.
            let attempt = tokio::time::timeout(pace.renewal / 2, self.renew()).await;
            let error = match attempt {
                Ok(Ok(ControlFlow::Continue(at))) => {
                    (failing, renewed) = (None, at);
                    self.lease.renew(at);
                    continue;
                }
                Ok(Ok(ControlFlow::Break(loss))) => return self.lease.lose(loss),
                Ok(Err(error)) => error,
                Err(_) => AwsError::NoAnswer {
                    operation: &operations::PUT_PARAMETER,
                    why: "it took too long".to_owned(),
                    refused: false,
                },
            };
            let since = *failing.get_or_insert_with(Moment::now);
            let is_over = renewed.elapsed() > pace.lease;
            let is_final = error.class() == Class::Final;
            if is_over && (is_final || since.elapsed() > MOST_FAILING) {
                return self.lease.lose(Loss::NotRenewed(Arc::new(error)));
            }
        }
    }

    /// Looks, and renews what is still this run's: when, or who has it now.
    async fn renew(&mut self) -> Result<ControlFlow<Loss, Moment>, AwsError> {
        let pace = self.lease.pace();
        loop {
            let held = self.held.renewed(pace.lapse);
            let looked = Moment::now();
            let seen = match parameter::look(&self.aws).await? {
                Sight::Held(seen) => seen,
                // Not taken over, since that takes longer than a lease: an earlier delete came late (SSM-05).
                Sight::Free if self.lease.may_write(looked).is_ok() => {
                    match parameter::create(&self.aws, &held, &self.reporter).await? {
                        Some(version) => {
                            self.version = version;
                            return Ok(ControlFlow::Continue(looked));
                        }
                        // Made by another run, or not free yet (SSM-05).
                        None => {
                            pause(pace.renewal / 20).await;
                            continue;
                        }
                    }
                }
                Sight::Free => return Ok(ControlFlow::Break(Loss::Gone)),
            };
            if !seen.held.is_same_run(&held) {
                return Ok(ControlFlow::Break(seen.held.loss()));
            }
            if seen.version > self.version {
                return Ok(ControlFlow::Break(Loss::Disputed));
            }
            if looked.elapsed() > pace.look_counts_for() {
                continue;
            }
            let sent = Moment::now();
            // Counted before it is sent: its answer may be lost.
            self.version = seen.version + 1;
            let version = parameter::overwrite(&self.aws, &held).await?;
            return Ok(if version > self.version {
                ControlFlow::Break(Loss::Disputed)
            } else {
                ControlFlow::Continue(sent)
            });
        }
    }
}
