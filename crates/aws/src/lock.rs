//! One writer at a time: an SSM parameter that says who holds the stack, since when, and until when (SSM-01).

mod process;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_sdk_ssm::types::{ParameterType, Tag};
use aws_smithy_types::{DateTime, date_time::Format};
use serde::{Deserialize, Serialize};
use stackctl_engine::{Address, Events, Stop, Tell};
use tokio::{task::JoinHandle, time::Instant};

use self::process::Process;
use crate::{
    clients::Aws,
    error::{AwsError, if_there},
    retry, wait,
};

/// How long a lock is good for after it was last renewed.
const LEASE: Duration = Duration::from_secs(60);
/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(20);
/// So long after its last renewal a lock has lapsed by any clock, also one that is minutes off.
const SURELY_LAPSED: Duration = Duration::from_secs(15 * 60);
/// Longer than one look and one write take: of several that take over a lapsed lock, the last writer has it.
const SETTLING: Duration = Duration::from_secs(3);

/// What the parameter says.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
struct Held {
    /// Who, for people to read.
    by: String,
    /// Since when, in seconds since 1970.
    since: u64,
    /// Until when, if it is not renewed.
    until: u64,
    /// Which process.
    process: Process,
}

/// A held lock. It is renewed until it is given back.
#[derive(Debug)]
pub struct Lock {
    renewing: JoinHandle<()>,
    /// Whether each renewal so far was in time.
    sound: Arc<AtomicBool>,
}

/// What a look at somebody else's lock said.
enum Glance {
    Free,
    Held { held: Held, version: i64, modified: Option<SystemTime> },
}

impl Lock {
    /// Takes the lock of the stack for `by`, such as `ada@laptop`; waits while somebody else holds it, and says who.
    ///
    /// # Errors
    /// SSM's, and the end of the wait.
    pub async fn take(aws: &Aws, by: &str, events: &Events, stop: &Stop) -> Result<Lock, AwsError> {
        let address = Address { kind: "lock", name: aws.account.stack.to_string() };
        let tell = Tell::new(address, events.clone(), stop.clone());
        let held = Held { by: by.to_owned(), since: now(), until: until(), process: Process::own() };
        let began = Instant::now();
        // The version that was seen last, and when first.
        let mut seen: Option<(i64, Instant)> = None;
        let (mut looks, mut free) = (0, 0);
        loop {
            if put(aws, &held, false, &tell).await? {
                return Ok(Lock::renewed(aws, held));
            }
            looks += 1;
            let for_what = match glance(aws).await? {
                Glance::Free => {
                    free += 1;
                    if free == 1 {
                        // Given back at this very moment.
                        continue;
                    }
                    "the lock to be given back".to_owned()
                }
                // Taken by a try of ours whose answer was lost.
                Glance::Held { held: other, .. } if other.process == held.process => {
                    return Ok(Lock::renewed(aws, held));
                }
                Glance::Held { held: other, version, modified } => {
                    let first_seen = match seen {
                        Some((same, at)) if same == version => at,
                        _ => Instant::now(),
                    };
                    seen = Some((version, first_seen));
                    let age =
                        modified.and_then(|at| SystemTime::now().duration_since(at).ok()).unwrap_or_default();
                    let lapsed =
                        other.process.is_dead() || age > SURELY_LAPSED || first_seen.elapsed() > LEASE;
                    if !lapsed {
                        format!("{}, who holds the lock since {}", other.by, clock(other.since))
                    } else if take_over(aws, &held, &tell).await? {
                        return Ok(Lock::renewed(aws, held));
                    } else {
                        "whoever took over the lapsed lock".to_owned()
                    }
                }
            };
            if !wait::again(&tell, &for_what, &retry::LOCK_GIVEN_BACK, began).await? {
                return Err(AwsError::GaveUp {
                    for_what,
                    after: began.elapsed(),
                    tries: looks,
                    seen: None,
                    hint: Some("ask whether that run still goes on; the lock lapses a minute after it ends"),
                    last: None,
                });
            }
        }
    }

    /// Whether somebody holds the lock, or did and was killed.
    ///
    /// # Errors
    /// SSM's.
    pub async fn is_held(aws: &Aws) -> Result<bool, AwsError> {
        Ok(matches!(glance(aws).await?, Glance::Held { .. }))
    }

    fn renewed(aws: &Aws, held: Held) -> Lock {
        let sound = Arc::new(AtomicBool::new(true));
        let renewing = tokio::spawn(renew(aws.clone(), held, Arc::clone(&sound)));
        Lock { renewing, sound }
    }

    /// Gives it back.
    ///
    /// # Errors
    /// SSM's; the lock then lapses by itself.
    pub async fn give_back(self, aws: &Aws) -> Result<(), AwsError> {
        self.renewing.abort();
        let _ = self.renewing.await;
        if !self.sound.load(Ordering::Relaxed) {
            // It may have lapsed, and be somebody else's by now.
            match glance(aws).await? {
                Glance::Held { held, .. } if held.process == Process::own() => {}
                Glance::Held { .. } | Glance::Free => return Ok(()),
            }
        }
        let name = aws.account.lock_name();
        let deleted = wait::read("ssm:DeleteParameter", || aws.ssm.delete_parameter().name(&name).send());
        if_there(deleted.await).map(drop)
    }
}

async fn renew(aws: Aws, mut held: Held, sound: Arc<AtomicBool>) {
    let mut last = Instant::now();
    loop {
        wait::out(RENEWAL).await;
        held.until = until();
        let name = aws.account.lock_name();
        let value = text(&held);
        let renewed = wait::read("ssm:PutParameter", || {
            aws.ssm.put_parameter().name(&name).value(&value).overwrite(true).send()
        });
        if renewed.await.is_err() || last.elapsed() > LEASE {
            sound.store(false, Ordering::Relaxed);
        }
        last = Instant::now();
    }
}

/// Writes the parameter; false when it is there already and may not be overwritten.
async fn put(aws: &Aws, held: &Held, overwrite: bool, tell: &Tell) -> Result<bool, AwsError> {
    let name = aws.account.lock_name();
    let value = text(held);
    // Tags and overwriting don't go together (SSM-01).
    let tags = (!overwrite).then(|| {
        let tags = aws.account.tags("lock").0.into_iter();
        tags.filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect::<Vec<_>>()
    });
    let put = wait::write("ssm:PutParameter", tell, || {
        aws.ssm
            .put_parameter()
            .name(&name)
            .value(&value)
            .r#type(ParameterType::String)
            .overwrite(overwrite)
            .set_tags(tags.clone())
            .send()
    });
    match put.await {
        Ok(_) => Ok(true),
        Err(error) if error.is_there_already() => Ok(false),
        Err(error) => Err(error),
    }
}

async fn glance(aws: &Aws) -> Result<Glance, AwsError> {
    let name = aws.account.lock_name();
    let got = wait::read("ssm:GetParameter", || aws.ssm.get_parameter().name(&name).send()).await;
    let Some(parameter) = if_there(got)?.and_then(|it| it.parameter) else { return Ok(Glance::Free) };
    let held = serde_json::from_str(parameter.value().unwrap_or_default());
    let held = held.map_err(|error| AwsError::Unreadable {
        what: format!("the lock {name}"),
        source: Arc::new(error),
    })?;
    let modified = parameter.last_modified_date().and_then(|date| SystemTime::try_from(*date).ok());
    Ok(Glance::Held { held, version: parameter.version(), modified })
}

/// Writes over a lapsed lock, and says whether it is ours then: nobody else wrote after us.
async fn take_over(aws: &Aws, held: &Held, tell: &Tell) -> Result<bool, AwsError> {
    put(aws, held, true, tell).await?;
    tell.waiting("the lapsed lock to be taken over");
    wait::out(SETTLING).await;
    Ok(match glance(aws).await? {
        Glance::Held { held: now, .. } => now.process == held.process,
        Glance::Free => false,
    })
}

fn text(held: &Held) -> String {
    serde_json::to_string(held).expect("text and numbers only")
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn until() -> u64 {
    now() + LEASE.as_secs()
}

fn clock(seconds: u64) -> String {
    let date = DateTime::from_secs(i64::try_from(seconds).unwrap_or_default());
    date.fmt(Format::DateTime).unwrap_or_else(|_| seconds.to_string())
}
