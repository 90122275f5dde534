//! The SSM parameter that is the lock: what it says, and the requests that read and write it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_ssm::types::{ParameterType, Tag};
use aws_smithy_types::{DateTime, date_time::Format};
use serde::{Deserialize, Serialize};
use stackctl_engine::Reporter;

use super::{lease::Loss, moment::Moment, process::Process};
use crate::{
    answer_date::AnswerDate,
    clients::Aws,
    lock::operations,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};

/// The value of the parameter.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Held {
    /// Who runs it, for people to read.
    by: String,
    /// Since when, in seconds since 1970, by the clock of its machine: for people to read.
    since: u64,
    /// Until when, if it is not renewed; for people to read too.
    until: u64,
    /// Which process.
    pub process: Process,
}

/// What one look at the parameter showed.
#[derive(Debug, Clone)]
pub enum Sight {
    /// It is not there.
    Free,
    /// It is there.
    Held(Sighting),
}

/// A lock that was seen.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Its value.
    pub held: Held,
    /// SSM counts the writes of a parameter.
    pub version: i64,
    /// How long before the answer it was last written, by SSM's own clock.
    pub age: Option<Duration>,
    /// When this machine asked.
    pub at: Moment,
}

impl Held {
    /// A lock of this process.
    pub fn own(by: &str, lapse: Duration) -> Held {
        let now = now();
        Held { by: by.to_owned(), since: now, until: now + lapse.as_secs(), process: Process::own() }
    }

    /// The same, renewed now.
    pub fn renewed(&self, lapse: Duration) -> Held {
        Held { until: now() + lapse.as_secs(), ..self.clone() }
    }

    /// Whether a process of this run wrote it.
    pub fn is_same_run(&self, other: &Held) -> bool {
        self.process == other.process
    }

    /// Says who holds it and since when.
    pub fn loss(&self) -> Loss {
        Loss::TakenOver { by: self.by.clone(), since: clock(self.since) }
    }

    /// Who holds it and since when.
    pub fn holder(&self) -> (String, String) {
        (self.by.clone(), clock(self.since))
    }

    /// As in `ada@laptop, who holds the lock since …`.
    pub fn said(&self) -> String {
        format!("{}, who holds the lock since {}", self.by, clock(self.since))
    }
}

impl Sighting {
    /// Whether the lock was not renewed for so long, after an earlier look. The local time of no machine counts: age is
    /// by SSM's own dates, and where an answer has none, by how long the same version was seen.
    pub fn has_lapsed(&self, earlier: Option<&Sighting>, lapse: Duration) -> bool {
        let Some(earlier) = earlier.filter(|it| it.version == self.version) else { return false };
        self.age.unwrap_or_else(|| self.at.since(earlier.at)) > lapse
    }
}

/// Looks at it.
///
/// # Errors
/// SSM's, and a value that stackctl did not write.
pub async fn look(aws: &Aws) -> Result<Sight, AwsError> {
    let name = aws.account.lock_name();
    let (at, answered) = (Moment::now(), AnswerDate::default());
    let got = wait::read(&operations::GET_PARAMETER, || {
        aws.ssm.get_parameter().name(&name).customize().interceptor(answered.clone()).send()
    });
    let Some(parameter) = if_there(got.await)?.and_then(|it| it.parameter) else { return Ok(Sight::Free) };
    let held = serde_json::from_str(parameter.value().unwrap_or_default());
    let held = held.map_err(|error| AwsError::unreadable(format!("the lock {name}"), error))?;
    let modified = parameter.last_modified_date().and_then(|date| SystemTime::try_from(*date).ok());
    // Dates of HTTP have whole seconds: one that seems to be older than the write is of the same second.
    let age = answered.get().zip(modified).map(|(now, then)| now.duration_since(then).unwrap_or_default());
    Ok(Sight::Held(Sighting { held, version: parameter.version(), age, at }))
}

/// Makes the parameter; none when it is there already.
///
/// # Errors
/// SSM's.
pub async fn create(aws: &Aws, held: &Held, reporter: &Reporter) -> Result<Option<i64>, AwsError> {
    let (name, value) = (aws.account.lock_name(), text(held));
    let tags = aws.account.tags("lock").0.into_iter();
    let tags = tags.filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok());
    let tags: Vec<Tag> = tags.collect();
    let put = wait::write(&operations::PUT_PARAMETER, reporter, || {
        let put = aws.ssm.put_parameter().name(&name).value(&value).r#type(ParameterType::String);
        put.set_tags(Some(tags.clone())).send()
    });
    match put.await {
        Ok(put) => Ok(Some(put.version())),
        Err(error) if error.is_there_already() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes over the parameter, once: what is sent again has to be looked at again. Its tags stay (SSM-01).
///
/// # Errors
/// SSM's.
pub async fn overwrite(aws: &Aws, held: &Held) -> Result<i64, AwsError> {
    let put = aws.ssm.put_parameter().name(aws.account.lock_name()).value(text(held));
    let put = put.r#type(ParameterType::String).overwrite(true);
    wait::once(&operations::PUT_PARAMETER, put.send()).await.map(|it| it.version())
}

/// Deletes the parameter, once.
///
/// # Errors
/// SSM's.
pub async fn delete(aws: &Aws) -> Result<(), AwsError> {
    let delete = aws.ssm.delete_parameter().name(aws.account.lock_name());
    if_there(wait::once(&operations::DELETE_PARAMETER, delete.send()).await).map(drop)
}

fn text(held: &Held) -> String {
    serde_json::to_string(held).expect("text and numbers only")
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn clock(seconds: u64) -> String {
    let date = DateTime::from_secs(i64::try_from(seconds).unwrap_or_default());
    date.fmt(Format::DateTime).unwrap_or_else(|_| seconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const LAPSE: Duration = Duration::from_secs(60);

    fn seen(version: i64, age: Option<u32>, at: Moment) -> Sighting {
        let held = Held::own("ada@laptop", LAPSE);
        Sighting { held, version, age: age.map(|it| SECOND * it), at }
    }

    #[test]
    fn lapsed_by_the_dates_of_ssm() {
        let at = Moment::now();
        let lapsed = |earlier: &Sighting, age| seen(7, age, at + SECOND).has_lapsed(Some(earlier), LAPSE);
        assert!(!lapsed(&seen(7, Some(58), at), Some(60)), "not yet");
        assert!(lapsed(&seen(7, Some(59), at), Some(61)));
        assert!(!lapsed(&seen(6, Some(120), at), Some(120)), "it was renewed between the looks");
        assert!(!seen(7, Some(3600), at).has_lapsed(None, LAPSE), "one look is not enough");
    }

    #[test]
    fn lapsed_without_dates() {
        let at = Moment::now();
        let later = |seconds: u32| seen(7, None, at + SECOND * seconds);
        assert!(!later(60).has_lapsed(Some(&later(0)), LAPSE));
        assert!(later(61).has_lapsed(Some(&later(0)), LAPSE));
        assert!(!later(61).has_lapsed(Some(&later(30)), LAPSE));
    }
}
