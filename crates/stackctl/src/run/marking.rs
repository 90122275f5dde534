//! Changes the tags of one resource, for adopt and release: ask, lock, change.

use stackctl_adoption::Marking;
use stackctl_aws_client::{clients::Aws, lock::lease::Lease};
use stackctl_engine::{Address, Reporter};

use crate::{
    error::Error,
    report::Report,
    run::{
        ask,
        change::Consent,
        follow::follow,
        locked::{Ends, under_lock},
    },
};

/// Asks, unless the user agreed before, and changes the tags under the lock.
///
/// # Errors
/// A user who does not agree, a lock that can't be taken, and the errors of AWS.
pub async fn mark(
    marking: &Marking,
    question: &str,
    consent: &Consent,
    aws: &Aws,
    lease: &Lease,
    report: &mut Report,
    ends: &mut Ends,
) -> Result<(), Error> {
    match consent {
        Consent::Given => {}
        Consent::Asked | Consent::ForRisks { .. } | Consent::Reviewed(..) => {
            let answer = ask::ask(question, report, &mut ends.interrupt).await?.unwrap_or_default();
            if !["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
                return Err(Error::Declined);
            }
        }
    }
    under_lock(aws, lease, report, ends, async |_, report, ends| {
        let address = Address { kind: "tags of", name: marking.address.clone() };
        let reporter = Reporter::new(address, ends.events.clone(), ends.stop.clone());
        let work = marking.perform(aws, &reporter);
        let (done, _) =
            follow("changing the tags", None, &mut ends.told, report, &mut ends.interrupt, work).await?;
        Ok(done?)
    })
    .await
}
