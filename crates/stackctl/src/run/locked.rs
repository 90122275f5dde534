//! Work under the lock of a stack.

use stackctl_aws_client::{
    clients::Aws,
    lock::{
        Lock,
        lease::{Lease, Pace},
        marks::Marks,
    },
};
use stackctl_engine::{Event, Events, Fault, Stop};
use stackctl_views::activity::Activity;
use tokio::sync::mpsc::UnboundedReceiver;

use super::who;
use crate::{
    cloud::local,
    error::Error,
    report::Report,
    run::{follow::follow, interrupt::Interrupt},
};

/// The environment variable that shortens a lock's times: for tests, which use debug builds.
#[cfg(debug_assertions)]
const TIMES_AS_FAST: &str = "STACKCTL_TEST_LOCK_TIMES_AS_FAST";

/// The times of a lock.
pub fn pace() -> Pace {
    #[cfg(debug_assertions)]
    if let Some(times) = std::env::var(TIMES_AS_FAST).ok().and_then(|it| it.parse().ok()) {
        return Pace::default().faster(times);
    }
    Pace::default()
}

/// The marks of this machine's locks of a stack.
pub fn marks(aws: &Aws) -> Marks {
    Marks::of(local::cache().ok().map(|it| it.join("locks")), &aws.account)
}

/// The channels of events and of Ctrl-C.
pub struct Ends {
    pub events: Events,
    pub told: UnboundedReceiver<Event>,
    pub interrupt: Interrupt,
    pub stop: Stop,
}

impl Ends {
    /// Begins to receive Ctrl-C.
    ///
    /// # Errors
    /// The system's errors.
    pub fn listen() -> Result<Ends, Error> {
        let (interrupt, stop) = Interrupt::listen()?;
        let (events, told) = Events::channel();
        Ok(Ends { events, told, interrupt, stop })
    }
}

/// Takes the lock, works, and gives the lock back. The work gets what happened while the lock was taken.
///
/// # Errors
/// A lock that can't be taken or is lost, and the errors of the work.
pub async fn under_lock<T>(
    aws: &Aws,
    lease: &Lease,
    report: &mut Report,
    ends: &mut Ends,
    work: impl AsyncFnOnce(Activity, &mut Report, &mut Ends) -> Result<T, Error>,
) -> Result<T, Error> {
    let (by, marks) = (who::am_i(), marks(aws));
    let taking = Lock::take(aws, &by, lease, &marks, &ends.events, &ends.stop);
    let (lock, activity) =
        follow("locking the stack", None, &mut ends.told, report, &mut ends.interrupt, taking).await?;
    let lock = lock.map_err(Error::Lock)?;
    let worked = tokio::select! {
        biased;
        loss = lease.lost() => Err(loss),
        worked = work(activity, report, ends) => Ok(worked),
    };
    let worked = match worked {
        Ok(worked) => worked,
        Err(loss) => {
            lock.is_lost();
            return Err(Error::LockLost { steps: report.finish().under_way(), loss });
        }
    };
    // After a second Ctrl-C stackctl does not wait for the release; the lock expires by itself.
    if !matches!(worked, Err(Error::Left { .. })) {
        let giving = lock.give_back();
        let (given, _) =
            follow("unlocking the stack", None, &mut ends.told, report, &mut ends.interrupt, giving).await?;
        if let Err(error) = given {
            let hint = error.hint().map(|it| format!("; {it}")).unwrap_or_default();
            report.progress(&format!("the lock was not released and expires within a minute: {error}{hint}"));
        }
    }
    worked
}
