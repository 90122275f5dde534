//! Changes the tags of one resource, for adopt and release: ask, lock, change.

use stackctl_adoption::{Marking, NoAdoption};
use stackctl_aws_client::{
    clients::{Aws, Reach},
    lock::lease::Lease,
};
use stackctl_engine::{Address, Reporter};
use stackctl_stackfile::stack::Stack;

use crate::{
    cloud::reach::reach,
    error::Error,
    options::Global,
    report::Report,
    run::{
        ask,
        change::no_terminal,
        follow::follow,
        locked::{Ends, pace, under_lock},
    },
};

/// What adopt and release need before they look.
pub struct Start {
    /// How the run ends.
    pub ends: Ends,
    /// The lock's lease.
    pub lease: Lease,
    /// How AWS is reached, with the lease.
    pub reach: Reach,
}

/// Listens to signals, and reads how AWS is reached.
///
/// # Errors
/// Signals that can't be heard, and settings of the environment that can't be read.
pub async fn begin(global: &Global, stack: &Stack, report: &mut Report) -> Result<Start, Error> {
    let mut ends = Ends::listen()?;
    let lease = Lease::new(pace());
    let reach = reach(global, stack, false, report, &mut ends.interrupt).await?;
    let reach = Reach { lease: Some(lease.clone()), ..reach };
    Ok(Start { ends, lease, reach })
}

/// Asks, unless the user agreed before, and changes the tags of each resource under the lock, in their order.
///
/// # Errors
/// No terminal and no `--yes`, a user who does not agree, a lock that can't be taken, and the errors of AWS.
pub async fn mark(
    markings: &[Marking],
    question: &str,
    yes: bool,
    aws: &Aws,
    lease: &Lease,
    report: &mut Report,
    ends: &mut Ends,
) -> Result<(), Error> {
    if !yes {
        if !ask::is_possible() {
            return Err(no_terminal(
                "nothing was changed; the same command with --yes changes the tags above",
            ));
        }
        let answer = ask::ask(question, report, &mut ends.interrupt).await?.unwrap_or_default();
        if !["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
            return Err(Error::Declined);
        }
    }
    under_lock(aws, lease, report, ends, async |_, report, ends| {
        let (events, stop) = (ends.events.clone(), ends.stop.clone());
        let work = async {
            for marking in markings {
                let address = Address { kind: "tags of", name: marking.address.clone() };
                marking.perform(aws, &Reporter::new(address, events.clone(), stop.clone())).await?;
            }
            Ok::<(), NoAdoption>(())
        };
        let (done, _) =
            follow("changing the tags", None, &mut ends.told, report, &mut ends.interrupt, work).await?;
        Ok(done?)
    })
    .await
}
