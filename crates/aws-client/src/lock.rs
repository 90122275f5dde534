//! One writer at a time: an SSM parameter that says which run holds the stack (SSM-01).
//!
//! The holder renews the lock, and writes only while its [`Lease`] lasts. Another run takes the lock over when it was not
//! renewed for longer than that, or when its process is known to have ended.

pub mod lease;
pub mod marks;
pub mod moment;
pub(crate) mod one_writer;
pub mod operations;
mod parameter;
mod process;
mod renewal;

use stackctl_engine::{Address, Events, Reporter, Stop};
use tokio::{sync::oneshot, task::JoinHandle, time::Instant};

use self::{
    lease::Lease,
    marks::{Mark, Marks},
    moment::Moment,
    parameter::{Held, Sight, Sighting},
    renewal::Renewal,
};
use crate::{
    clients::Aws,
    request::{
        error::{AwsError, LastResult},
        operation::Schedule,
        pause::pause,
        retry, wait,
    },
};

/// How often a run asks for a lock that another run holds; one that is not renewed is taken over before the end.
const LOCK_GIVEN_BACK: Schedule = Schedule::new(2_000, 2_000, 30 * 60);

/// A held lock. It is renewed until it is given back.
#[derive(Debug)]
pub struct Lock {
    aws: Aws,
    held: Held,
    lease: Lease,
    mark: Mark,
    renewing: JoinHandle<()>,
    end: oneshot::Sender<()>,
}

/// A lock that was just taken.
struct Taken {
    version: i64,
    /// Before the request was sent that took it.
    at: Moment,
}

/// The run that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its user and host, as in `ada@laptop`.
    pub by: String,
    /// Since when, by its machine's clock, as in `2026-11-30T14:30:00Z`.
    pub since: String,
}

/// The run that holds the lock of the stack; one that has ended without giving it back counts for a minute. None: no run.
///
/// # Errors
/// SSM's.
pub async fn holder(aws: &Aws) -> Result<Option<Holder>, AwsError> {
    Ok(match parameter::look(aws).await? {
        Sight::Free => None,
        Sight::Held(seen) if seen.age.is_some_and(|age| age > lease::Pace::default().lapse) => None,
        Sight::Held(seen) => {
            let (by, since) = seen.held.holder();
            Some(Holder { by, since })
        }
    })
}

impl Lock {
    /// Takes the lock of the stack for `by`, such as `ada@laptop`; waits while another run holds it, and says who.
    ///
    /// # Errors
    /// SSM's, and the end of the wait.
    pub async fn take(
        aws: &Aws,
        by: &str,
        lease: &Lease,
        marks: &Marks,
        events: &Events,
        stop: &Stop,
    ) -> Result<Lock, AwsError> {
        let address = Address { kind: "lock", name: aws.account.stack.to_string() };
        let reporter = Reporter::new(address, events.clone(), stop.clone());
        let held = Held::own(by, lease.pace().lapse);
        // Before anything is sent: a process that is killed has no time for it.
        let mark = marks.leave();
        let Taken { version, at } = take(aws, &held, lease, &reporter).await?;
        lease.renew(at);
        let renewal =
            Renewal { aws: aws.clone(), lease: lease.clone(), held: held.clone(), version, reporter };
        let (end, ended) = oneshot::channel();
        let renewing = tokio::spawn(renewal.go_on(at, ended));
        Ok(Lock { aws: aws.clone(), held, lease: lease.clone(), mark, renewing, end })
    }

    /// Whether a run holds the lock, or did and was killed.
    ///
    /// # Errors
    /// SSM's.
    pub async fn is_held(aws: &Aws) -> Result<bool, AwsError> {
        Ok(matches!(parameter::look(aws).await?, Sight::Held(_)))
    }

    /// Whether a run of this machine left the lock when it was killed. Asks SSM only when a mark of such a run is found.
    ///
    /// # Errors
    /// SSM's.
    pub async fn is_left(aws: &Aws, lease: &Lease, marks: &Marks) -> Result<bool, AwsError> {
        let marked = marks.left();
        if marked.is_empty() {
            return Ok(false);
        }
        let (holder, is_left) = match parameter::look(aws).await? {
            Sight::Free => (None, false),
            Sight::Held(Sighting { held, age, .. }) => {
                let is_left = held.process.is_dead() || age.is_some_and(|it| it > lease.pace().lapse);
                (Some(held.process), is_left)
            }
        };
        for mark in marked {
            // One that holds the lock may run on another machine that has the same home folder.
            if is_left || holder.as_ref() != Some(&mark.process) {
                mark.remove();
            }
        }
        Ok(is_left)
    }

    /// Gives it back: deletes it unless another run has it by now.
    ///
    /// # Errors
    /// SSM's; the lock then lapses by itself.
    pub async fn give_back(self) -> Result<(), AwsError> {
        let Lock { aws, held, lease, mark, renewing, end } = self;
        // A renewal that is under way would make the lock again after it was deleted.
        let _ = end.send(());
        let _ = renewing.await;
        // Within the lease it is this run's without another look.
        let mut is_own = lease.may_write(Moment::now()).is_ok();
        let began = Instant::now();
        loop {
            if !is_own {
                is_own = match parameter::look(&aws).await? {
                    Sight::Held(seen) => seen.held.is_same_run(&held),
                    Sight::Free => false,
                };
            }
            if !is_own {
                break;
            }
            let Err(error) = parameter::delete(&aws).await else { break };
            // Done or not: another run may have the lock by now, and the same delete would take it away.
            is_own = false;
            let schedule = retry::schedule(&operations::DELETE_PARAMETER, error.class());
            let Some(schedule) = schedule.filter(|it| began.elapsed() < it.bound) else {
                return Err(error);
            };
            pause(schedule.first * 4).await;
        }
        mark.remove();
        Ok(())
    }

    /// Says that another run has it.
    pub fn is_lost(self) {
        self.mark.remove();
    }
}

/// Takes the lock, however long that takes.
async fn take(aws: &Aws, held: &Held, lease: &Lease, reporter: &Reporter) -> Result<Taken, AwsError> {
    let began = Instant::now();
    let mut before: Option<Sighting> = None;
    let mut nothing_since: Option<Instant> = None;
    // Whether this run wrote over a lock whose holder may have renewed it at the same moment.
    let mut disputed = false;
    let mut looks = 0;
    loop {
        let at = Moment::now();
        if let Some(version) = parameter::create(aws, held, reporter).await? {
            return Ok(Taken { version, at });
        }
        looks += 1;
        let gave_up = |for_what: String, hint| {
            AwsError::gave_up(for_what, began.elapsed(), looks, LastResult::None, Some(hint))
        };
        let (for_what, hint) = match parameter::look(aws).await? {
            Sight::Free => {
                // Given back at this very moment, or deleted so recently that SSM does not let it be made (SSM-05).
                before = None;
                let Some(since) = nothing_since else {
                    nothing_since = Some(Instant::now());
                    continue;
                };
                let for_what = "SSM to take the lock again, which was deleted moments ago".to_owned();
                let hint = "SSM says both that the lock is there and that it is not; run the command again \
                            in a minute";
                if since.elapsed() > lease.pace().reuse {
                    return Err(gave_up(for_what, hint));
                }
                (for_what, hint)
            }
            // Taken by a try of ours whose answer was lost.
            Sight::Held(seen) if seen.held.is_same_run(held) && !disputed => {
                return Ok(Taken { version: seen.version, at });
            }
            Sight::Held(seen) => {
                nothing_since = None;
                let is_dead = seen.held.process.is_dead();
                let for_what = if is_dead || seen.has_lapsed(before.as_ref(), lease.pace().lapse) {
                    match take_over(aws, held, &seen, lease, reporter).await {
                        Ok(Over::Taken(taken)) => return Ok(taken),
                        Ok(Over::Lost) => disputed = false,
                        // A process that has ended does not renew: it was another run that wants the lock too, and
                        // it has seen by now that this run was later.
                        Ok(Over::Disputed { at_once }) => disputed = !(is_dead && at_once),
                        // Written or not.
                        Err(error) if is_worth_another_try(&error) => disputed = true,
                        Err(error) => return Err(error),
                    }
                    before = None;
                    "the run that took over the lapsed lock".to_owned()
                } else {
                    let for_what = seen.held.said();
                    // The first look at a version counts where SSM's answers have no date.
                    before = before.filter(|it| it.version == seen.version).or(Some(seen));
                    for_what
                };
                (for_what, "ask whether that run still goes on; the lock lapses a minute after it ends")
            }
        };
        if !wait::again(reporter, &for_what, &LOCK_GIVEN_BACK, began).await? {
            return Err(gave_up(for_what, hint));
        }
    }
}

/// How taking over a lock ended.
enum Over {
    Taken(Taken),
    /// Another run wrote later.
    Lost,
    /// Another run wrote between the look and the write.
    Disputed {
        /// The write came so soon after the look that the other run finds it before it begins.
        at_once: bool,
    },
}

/// Writes over a lock that was seen, and finds out whether it is this run's then.
async fn take_over(
    aws: &Aws,
    held: &Held,
    seen: &Sighting,
    lease: &Lease,
    reporter: &Reporter,
) -> Result<Over, AwsError> {
    reporter.waiting("the lapsed lock to be taken over");
    let at = Moment::now();
    // Another text each time: only a change of the value is sure to count as a version (SSM-06).
    let version = parameter::overwrite(aws, &held.renewed(lease.pace().lapse)).await?;
    let at_once = seen.at.elapsed() < lease.pace().settling;
    pause(lease.pace().settling).await;
    Ok(match parameter::look(aws).await? {
        Sight::Held(now) if !now.held.is_same_run(held) => Over::Lost,
        Sight::Held(now) if version == seen.version + 1 && now.version == version => {
            Over::Taken(Taken { version, at })
        }
        Sight::Held(_) => Over::Disputed { at_once },
        Sight::Free => Over::Lost,
    })
}

fn is_worth_another_try(error: &AwsError) -> bool {
    retry::schedule(&operations::PUT_PARAMETER, error.class()).is_some()
}
