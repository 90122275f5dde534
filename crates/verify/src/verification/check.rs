//! One check: its name, its verdict, and how it is reported.

use std::{collections::BTreeSet, sync::Mutex, time::Duration};

use stackctl_aws_client::request::{
    operation::{Awaited, Schedule},
    wait,
};
use stackctl_engine::Reporter;
use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use crate::http::{Http, HttpAnswer, NoAnswer, Request};

/// The time that `verify` gives a change to reach every server (S3-23, AGW-63).
const SPREAD: Awaited = Awaited {
    for_what: "what was changed to reach every server",
    not_before: Duration::ZERO,
    schedule: Schedule::new(1_000, 1_000, 6),
    hint: None,
};

/// A stage that takes few requests, as far as `verify` waits for it.
const STAGE_TAKES_MORE: Awaited = Awaited {
    for_what: "the stage to take more requests",
    not_before: Duration::ZERO,
    schedule: Schedule::new(1_000, 1_000, 15),
    hint: None,
};

/// A check, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name for programs.
    pub id: &'static str,
    /// The checked resource, as in `rest_api.uploads`; none for the whole stack.
    pub of: Option<String>,
    /// The proven property, in words.
    pub what: String,
    /// What came of it.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is so.
    Passed {
        /// What should be known all the same.
        note: Option<String>,
    },
    /// It could not be tried.
    Skipped {
        /// Why.
        why: String,
    },
    /// It is not so.
    Failed(Finding),
}

/// A failure of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The observation.
    pub saw: String,
    /// What probably causes it.
    pub cause: String,
    /// What to do about it.
    pub help: String,
}

impl Finding {
    /// The finding of an unexpected answer.
    pub fn of(answer: &HttpAnswer, cause: impl Into<String>, help: impl Into<String>) -> Finding {
        Finding { saw: words(answer), cause: cause.into(), help: help.into() }
    }

    /// That there is no answer.
    fn silent(error: &NoAnswer) -> Finding {
        let mut saw = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            let text = cause.to_string();
            if !saw.contains(&text) {
                saw = format!("{saw}: {text}");
            }
            source = cause.source();
        }
        Finding {
            saw,
            cause: "the address can't be reached from this machine".to_owned(),
            help: "check the connection, the proxy and the region, then verify again".to_owned(),
        }
    }
}

/// Which check it is.
#[derive(Debug, Clone)]
pub struct Name {
    /// For programs.
    pub id: &'static str,
    /// The checked resource.
    pub of: Option<String>,
    /// For people.
    pub what: String,
}

/// Where checks are made.
pub struct Bench<'a> {
    /// Sends requests.
    http: Http,
    /// Receives the checks.
    told: &'a UnboundedSender<Check>,
    /// Receives the waits, and knows whether to stop.
    pub reporter: &'a Reporter,
    /// Since when: a failure may at first come of changes that are still spreading (S3-23, AGW-63).
    since: Instant,
    /// Whether AWS is as the file says.
    pub settled: bool,
    /// Objects that were put and are to be removed, by bucket and key.
    pub left: Mutex<BTreeSet<(String, String)>>,
}

impl<'a> Bench<'a> {
    /// A bench.
    pub fn new(told: &'a UnboundedSender<Check>, reporter: &'a Reporter, settled: bool) -> Bench<'a> {
        Bench {
            http: Http::default(),
            told,
            reporter,
            since: Instant::now(),
            settled,
            left: Mutex::default(),
        }
    }

    /// Makes a check; what it found is something that later checks need.
    pub async fn check<T>(&self, name: Name, look: impl AsyncFn() -> Result<T, Finding>) -> Option<T> {
        let (found, took) = self.look(look).await?;
        let (verdict, found) = match found {
            Ok(found) => (Verdict::Passed { note: None }, Some(found)),
            Err(finding) => (Verdict::Failed(finding), None),
        };
        self.say(name, verdict, took);
        found
    }

    /// Makes a check that is skipped when it comes out that it can't be made.
    pub async fn check_or_skip(&self, name: Name, why: &str, look: impl AsyncFn() -> Result<bool, Finding>) {
        let Some((found, took)) = self.look(look).await else { return };
        let verdict = match found {
            Ok(true) => Verdict::Passed { note: None },
            Ok(false) => Verdict::Skipped { why: why.to_owned() },
            Err(finding) => Verdict::Failed(finding),
        };
        self.say(name, verdict, took);
    }

    /// Looks until it is as it should be, or nothing can be spreading any more; none when the run is stopped.
    async fn look<T>(
        &self,
        look: impl AsyncFn() -> Result<T, Finding>,
    ) -> Option<(Result<T, Finding>, Duration)> {
        let began = Instant::now();
        if self.reporter.stop().is_asked() {
            return None;
        }
        loop {
            let found = look().await;
            if found.is_ok() || !self.again(&SPREAD, self.since).await? {
                return Some((found, began.elapsed()));
            }
        }
    }

    /// Waits, unless it was waited for long enough; none when the run is stopped.
    async fn again(&self, awaited: &Awaited, since: Instant) -> Option<bool> {
        wait::again(self.reporter, awaited.for_what, &awaited.schedule, since).await.ok()
    }

    /// Notes an object that the end removes.
    pub fn left(&self, bucket: &str, key: &str) {
        let mut left = self.left.lock().expect("no code panics while holding it");
        left.insert((bucket.to_owned(), key.to_owned()));
    }

    /// Says that a check is not made.
    pub fn skip(&self, name: Name, why: impl Into<String>) {
        if !self.reporter.stop().is_asked() {
            self.say(name, Verdict::Skipped { why: why.into() }, Duration::ZERO);
        }
    }

    /// Says what came of a check.
    pub fn say(&self, name: Name, verdict: Verdict, took: Duration) {
        let Name { id, of, what } = name;
        // The receiver may be gone.
        let _ = self.told.send(Check { id, of, what, verdict, took });
    }

    /// Sends a request; waits while there are too many of them.
    pub async fn send(&self, request: Request) -> Result<HttpAnswer, Finding> {
        let began = Instant::now();
        loop {
            let sent = self.http.send(request.clone()).await;
            let answer = sent.map_err(|error| Finding::silent(&error))?;
            if answer.status != 429 || self.again(&STAGE_TAKES_MORE, began).await != Some(true) {
                return Ok(answer);
            }
        }
    }

    /// What to do about something that `apply` looks after.
    pub fn cure(&self) -> String {
        if self.settled {
            "everything is as the file says, so it may still be spreading: verify again in a minute"
                .to_owned()
        } else {
            "`stackctl plan` shows what differs from the file, `stackctl apply` puts it right".to_owned()
        }
    }
}

/// An answer in words: its status, what it says of an error, and who may read it.
pub fn words(answer: &HttpAnswer) -> String {
    let mut words = answer.status.to_string();
    let text = answer.text();
    let between = |open: &str, close: &str| {
        let rest = text.split_once(open)?.1;
        Some(rest.split_once(close)?.0.to_owned())
    };
    let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let said = [&json["error"]["code"], &json["error"]["message"], &json["message"]];
    let said = said.iter().filter_map(|it| it.as_str()).map(str::to_owned);
    let said = said.chain(between("<Code>", "</Code>")).chain(between("<Message>", "</Message>"));
    for (at, part) in said.enumerate() {
        words += if at == 0 { " " } else { ": " };
        words += &part;
    }
    match answer.header(ALLOW_ORIGIN) {
        Some(origin) => words + &format!(", readable by pages of {origin}"),
        None => words + ", readable by no page",
    }
}

/// The header that says whose pages may read an answer.
pub const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// Whether pages of the origin may read the answer.
pub fn may_read(answer: &HttpAnswer, origin: &str) -> bool {
    answer.header(ALLOW_ORIGIN).is_some_and(|it| it == "*" || it == origin)
}

/// Whether a list of methods or headers names one of them.
pub fn names(list: Option<&str>, one: &str) -> bool {
    list.unwrap_or_default().split(',').map(str::trim).any(|it| it == "*" || it.eq_ignore_ascii_case(one))
}
