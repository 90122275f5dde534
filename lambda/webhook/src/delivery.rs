//! The delivery of a message: a few attempts within one invocation. Lambda's own attempts follow, minutes later.

use std::time::{Duration, Instant, SystemTime};

use aws_smithy_types::date_time::{DateTime, Format};
use hyper::header::{HeaderMap, RETRY_AFTER};
use serde_json::{Value, json};

use crate::{
    http::{Http, NoResponse, Reach},
    message::Message,
    parameter::Parameter,
    settings::Settings,
};

/// The pauses between attempts; a response's `retry-after` makes one longer.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];
/// The longest time that one request may take.
const REQUEST: Duration = Duration::from_secs(15);
/// What is left of an invocation after the last attempt, to report its result.
const RESERVE: Duration = Duration::from_secs(1);
/// How long secrets are used before they are read again.
const FRESH: Duration = Duration::from_secs(300);
/// The same after the receiver refused a signature: a rotation may have happened.
const AFTER_REFUSAL: Duration = Duration::from_secs(1);

/// How the messages of one webhook are delivered.
pub struct Delivery {
    settings: Settings,
    parameter: Parameter,
    http: Http,
}

/// Why an attempt failed.
enum Failure {
    /// A later attempt may succeed, but none before this pause.
    Retry { why: String, after: Duration, is_refusal: bool },
    /// No attempt will succeed.
    Final(String),
}

impl Delivery {
    /// The delivery with these settings.
    pub fn new(settings: Settings, parameter: Parameter, http: Http) -> Delivery {
        Delivery { settings, parameter, http }
    }

    /// The users' folders, such as `uploads/{sub}/`.
    pub fn folders(&self) -> &[String] {
        &self.settings.folders
    }

    /// Posts a message until the receiver accepts it.
    ///
    /// # Errors
    /// Why the last attempt failed.
    pub async fn deliver(
        &self,
        message: &Message,
        deadline: SystemTime,
        log: &(dyn Fn(Value) + Sync),
    ) -> Result<(), String> {
        let mut pauses = PAUSES.into_iter();
        let mut fresh = FRESH;
        let mut number = 1;
        loop {
            let began = Instant::now();
            let result = self.attempt(message, fresh, left(deadline)).await;
            let mut line = json!({ "id": message.id, "attempt": number });
            line["milliseconds"] = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).into();
            match &result {
                Ok(status) => line["status"] = (*status).into(),
                Err(Failure::Retry { why, .. } | Failure::Final(why)) => line["error"] = why.as_str().into(),
            }
            log(line);
            let (why, after, is_refusal) = match result {
                Ok(_) => return Ok(()),
                Err(Failure::Final(why)) => return Err(why),
                Err(Failure::Retry { why, after, is_refusal }) => (why, after, is_refusal),
            };
            let Some(pause) = pauses.next().map(|it| it.max(after)) else { return Err(why) };
            if pause >= left(deadline) {
                return Err(why);
            }
            tokio::time::sleep(pause).await;
            fresh = if is_refusal { AFTER_REFUSAL } else { FRESH };
            number += 1;
        }
    }

    /// Posts a message once, and returns the status of success.
    async fn attempt(&self, message: &Message, fresh: Duration, left: Duration) -> Result<u16, Failure> {
        let began = Instant::now();
        let within = |began: Instant| REQUEST.min(left.saturating_sub(began.elapsed()));
        let secrets = self.parameter.secrets(fresh, &self.http, within(began)).await;
        let secrets = secrets.map_err(|why| Failure::retry(why, Duration::ZERO))?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("user-agent", concat!("stackctl-webhook/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("webhook-id", message.id.clone()),
            ("webhook-timestamp", now.to_string()),
            ("webhook-signature", secrets.sign(&message.id, now, &message.body)),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let reach = if self.settings.is_local { Reach::Any } else { Reach::Public };
        let target = &self.settings.target;
        let sent = self.http.post(target, headers, message.body.clone(), reach, within(began)).await;
        let response = sent.map_err(|failure| match failure {
            NoResponse::NotPublic(why) => Failure::Final(why),
            NoResponse::Failed(why) => Failure::retry(why, Duration::ZERO),
        })?;
        let why = format!("the receiver answered {}", response.status);
        match response.status {
            200..=299 => Ok(response.status),
            410 => Err(Failure::Final(why)),
            status => {
                let after = retry_after(&response.headers, SystemTime::now()).unwrap_or_default();
                Err(Failure::Retry { why, after, is_refusal: matches!(status, 400 | 401 | 403) })
            }
        }
    }
}

impl Failure {
    fn retry(why: String, after: Duration) -> Failure {
        Failure::Retry { why, after, is_refusal: false }
    }
}

/// The time that an invocation has left for attempts.
fn left(deadline: SystemTime) -> Duration {
    deadline.duration_since(SystemTime::now()).unwrap_or_default().saturating_sub(RESERVE)
}

/// The pause that a response asks for: seconds, or the time until a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::from_str(text, Format::HttpDate).ok()?;
    SystemTime::try_from(date).ok()?.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_that_a_receiver_asks_for() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770);
        for (text, expected) in [
            ("3", Some(3)),
            (" 0 ", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", None),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(retry_after(&headers, now).map(|it| it.as_secs()), expected, "{text}");
        }
    }
}
