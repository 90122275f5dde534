//! The lease: for how long this run may write since it last renewed its lock.
//!
//! Another run takes the lock over once it was not renewed for [`Pace::lapse`]. This run stops writing well before, so
//! that a request that is under way then ends before another run writes.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use stackctl_engine::Fault;
use tokio::sync::{Notify, watch};

use super::moment::Moment;

/// The times of a lock. All runs of a stack have to agree on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How often a lock is renewed.
    pub renewal: Duration,
    /// How long after a renewal its holder may still begin a write.
    pub lease: Duration,
    /// How long after its last renewal another run may take a lock over.
    pub lapse: Duration,
    /// Longer than a holder takes from a look at its lock to its renewal: who has a lock that was taken over is certain
    /// after that.
    pub settling: Duration,
    /// How long SSM may say both that the lock is there and that it is not, after it was deleted (SSM-05).
    pub reuse: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            renewal: Duration::from_secs(20),
            lease: Duration::from_secs(45),
            lapse: Duration::from_secs(60),
            settling: Duration::from_secs(3),
            reuse: Duration::from_secs(90),
        }
    }
}

impl Pace {
    /// The same, so many times as fast; for tests.
    pub fn faster(self, times: u32) -> Pace {
        let Pace { renewal, lease, lapse, settling, reuse } = self;
        let times = times.max(1);
        Pace {
            renewal: renewal / times,
            lease: lease / times,
            lapse: lapse / times,
            settling: settling / times,
            reuse: reuse / times,
        }
    }

    /// A renewal is not sent when the look before it is older.
    pub fn look_counts_for(&self) -> Duration {
        self.settling / 3
    }
}

/// Whether this run holds its stack's lock. Clones are about the same lock.
#[derive(Debug, Clone)]
pub struct Lease(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    pace: Pace,
    state: watch::Sender<State>,
    wanted: Notify,
}

#[derive(Debug, Clone)]
enum State {
    NotTaken,
    Held { renewed: Moment },
    Lost(Loss),
}

/// Why a run does not have its stack's lock.
#[derive(Debug, Clone)]
pub enum Loss {
    /// The run never took it.
    NotTaken,
    /// Another run has it.
    TakenOver {
        /// Who runs it, such as `ada@laptop`.
        by: String,
        /// Since when, for people to read.
        since: String,
    },
    /// Another run wrote it at the same moment.
    Disputed,
    /// It is not there, and another run may have had it.
    Gone,
    /// It could not be looked at or renewed.
    NotRenewed(Arc<dyn Fault>),
}

/// The reason why a write is not sent yet, or never.
#[derive(Debug, Clone)]
pub enum Unlocked {
    /// The lock has to be looked at and renewed first.
    Overdue(Lease),
    /// The run must not write any more.
    Lost(Loss),
}

impl Lease {
    /// A lock that is not taken yet.
    pub fn new(pace: Pace) -> Lease {
        Lease(Arc::new(Shared { pace, state: watch::Sender::new(State::NotTaken), wanted: Notify::new() }))
    }

    /// Its times.
    pub fn pace(&self) -> Pace {
        self.0.pace
    }

    /// Whether the run may begin a write at this moment.
    ///
    /// # Errors
    /// What has to come first, or why it may not.
    pub fn may_write(&self, now: Moment) -> Result<(), Unlocked> {
        match &*self.0.state.borrow() {
            State::NotTaken => Err(Unlocked::Lost(Loss::NotTaken)),
            State::Held { renewed } if now.since(*renewed) < self.0.pace.lease => Ok(()),
            State::Held { .. } => Err(Unlocked::Overdue(self.clone())),
            State::Lost(loss) => Err(Unlocked::Lost(loss.clone())),
        }
    }

    /// Has the lock renewed now, and returns when it is.
    ///
    /// # Errors
    /// That the lock is lost.
    pub async fn renewed(&self) -> Result<(), Loss> {
        let mut state = self.0.state.subscribe();
        loop {
            match self.may_write(Moment::now()) {
                Ok(()) => return Ok(()),
                Err(Unlocked::Lost(loss)) => return Err(loss),
                Err(Unlocked::Overdue(_)) => self.0.wanted.notify_one(),
            }
            if state.changed().await.is_err() {
                return Err(Loss::NotTaken);
            }
        }
    }

    /// Returns once the lock is lost.
    pub async fn lost(&self) -> Loss {
        let mut state = self.0.state.subscribe();
        loop {
            if let State::Lost(loss) = &*state.borrow_and_update() {
                return loss.clone();
            }
            if state.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// The lock was renewed, or taken, by a request that was sent after `renewed`.
    pub(super) fn renew(&self, renewed: Moment) {
        self.0.state.send_modify(|state| {
            if !matches!(state, State::Lost(_)) {
                *state = State::Held { renewed };
            }
        });
    }

    pub(super) fn lose(&self, loss: Loss) {
        self.0.state.send_replace(State::Lost(loss));
    }

    /// Returns once a write waits for a renewal.
    pub(super) async fn wanted(&self) {
        self.0.wanted.notified().await;
    }
}

impl Loss {
    /// The way out for the user.
    pub fn hint(&self) -> String {
        match self {
            Loss::NotTaken => "this is an error of stackctl: please report it".to_owned(),
            Loss::TakenOver { .. } | Loss::Disputed => {
                "a lock that its run does not renew for a minute is taken over; \
                 when the other run has ended, run the command again: it carries on from what is there"
                    .to_owned()
            }
            Loss::Gone => "run the command again: it carries on from what is there".to_owned(),
            Loss::NotRenewed(error) => {
                let hint = error.hint().map(|it| format!("{it}; ")).unwrap_or_default();
                format!("{hint}the next run carries on from what is there")
            }
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loss::NotTaken => out.write_str("this run did not lock the stack"),
            Loss::TakenOver { by, since } => write!(out, "{by} holds the lock since {since}"),
            Loss::Disputed => out.write_str("another run wrote the lock at the same moment"),
            Loss::Gone => {
                out.write_str("the lock is gone: another run may have taken it over and ended since")
            }
            Loss::NotRenewed(_) => out.write_str("the lock could not be renewed in time"),
        }
    }
}

impl Error for Loss {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Loss::NotRenewed(error) => Some(&**error),
            Loss::NotTaken | Loss::TakenOver { .. } | Loss::Disputed | Loss::Gone => None,
        }
    }
}

impl fmt::Display for Unlocked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unlocked::Overdue(_) => out.write_str("the lock of the stack has to be renewed first"),
            Unlocked::Lost(loss) => loss.fmt(out),
        }
    }
}

impl Error for Unlocked {}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The answer of the lease so many seconds after a renewal.
    fn after(lease: &Lease, renewed: Moment, seconds: u32) -> &'static str {
        match lease.may_write(renewed + SECOND * seconds) {
            Ok(()) => "write",
            Err(Unlocked::Overdue(_)) => "renew first",
            Err(Unlocked::Lost(_)) => "stop",
        }
    }

    #[test]
    fn who_may_write_when() {
        let (lease, then) = (Lease::new(Pace::default()), Moment::now());
        assert_eq!(after(&lease, then, 0), "stop", "never taken");
        lease.renew(then);
        let said = [0, 20, 44, 45, 60, 3600].map(|it| after(&lease, then, it));
        assert_eq!(said, ["write", "write", "write", "renew first", "renew first", "renew first"]);
        lease.renew(then + 30 * SECOND);
        assert_eq!(after(&lease, then, 60), "write");
        lease.lose(Loss::Gone);
        lease.renew(then + 60 * SECOND);
        assert_eq!(after(&lease, then, 60), "stop", "what is lost stays lost");
    }

    /// A request that begins at the end of a lease has time to end before another run writes.
    #[test]
    fn a_lease_ends_before_the_lock_lapses() {
        for pace in [Pace::default(), Pace::default().faster(10)] {
            let Pace { renewal, lease, lapse, settling, reuse: _ } = pace;
            assert!(renewal * 2 < lease && lease < lapse && pace.look_counts_for() * 2 < settling);
        }
    }

    #[tokio::test]
    async fn a_write_waits_for_the_renewal_that_it_asks_for() {
        let lease = Lease::new(Pace { lease: SECOND, ..Pace::default() });
        lease.renew(Moment::now());
        assert!(lease.renewed().await.is_ok(), "there is nothing to wait for");
        for end in [None, Some(Loss::Gone)] {
            let is_lost = end.is_some();
            // A moment of long ago, as far as this lease knows.
            let lease = Lease::new(Pace { lease: Duration::from_nanos(1), ..Pace::default() });
            lease.renew(Moment::now());
            let answers = async {
                lease.wanted().await;
                end.map_or_else(|| lease.renew(Moment::now() + 60 * SECOND), |loss| lease.lose(loss));
            };
            let (renewed, ()) = tokio::join!(lease.renewed(), answers);
            assert_eq!(renewed.is_err(), is_lost);
        }
    }
}
