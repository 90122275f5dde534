//! Faults on demand: by operation and occurrence.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stackctl_gateway::Operation;

use crate::memory::clock::seconds_of;

/// A fault, and the requests that it hits.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// `lambda:CreateFunction`, `apigateway:*` or `*`.
    pub on: String,
    #[serde(default)]
    pub only: Only,
    /// Text that stands in the path, the query or the body.
    #[serde(default)]
    pub containing: Option<String>,
    /// This many matching requests pass first.
    #[serde(default)]
    pub skip: u64,
    /// Of those after, every n-th is hit.
    #[serde(default = "one")]
    pub every: u64,
    /// This many requests are hit; all if null.
    #[serde(default = "once")]
    pub times: Option<u64>,
    /// Hits end this many real seconds after the first.
    #[serde(default)]
    pub for_seconds: Option<f64>,
    #[serde(default)]
    pub when: When,
    pub effect: Effect,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Only {
    #[default]
    All,
    Writes,
    Reads,
}

/// Whether the fault comes before or after the request is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    #[default]
    Before,
    /// After the request succeeded; failed requests do not count.
    After,
}

/// The effect of a fault on the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// A delay of this many real seconds.
    Delay(f64),
    /// The service's throttling error, which may have another status.
    #[serde(rename = "429")]
    Throttled,
    #[serde(rename = "500")]
    Broken,
    #[serde(rename = "503")]
    Unavailable,
    /// An error in the service's own form.
    Error {
        status: u16,
        code: String,
        message: String,
    },
    /// 200 and an HTML page, as from a proxy.
    WrongBody,
    /// The connection is closed without an answer.
    Dropped,
    /// The connection is reset.
    Reset,
    /// No answer, and the connection stays.
    Hang,
    ExpiredCredentials,
    ClockSkew,
    AccessDenied,
    /// The emulator is killed, then the request goes on.
    KillEmulator,
}

fn one() -> u64 {
    1
}

fn once() -> Option<u64> {
    Some(1)
}

impl Fault {
    fn is_on(&self, operation: &Operation) -> bool {
        let right_kind = match self.only {
            Only::All => true,
            Only::Writes => operation.write,
            Only::Reads => !operation.write,
        };
        let named = match self.on.split_once(':') {
            None => self.on == "*",
            Some((service, name)) => {
                (service == "*" || service == operation.service)
                    && (name == "*" || Some(name) == operation.name.as_deref())
            }
        };
        right_kind && named
    }
}

/// The configured faults, with their counts.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FaultCount>);

#[derive(Debug)]
struct FaultCount {
    fault: Fault,
    matched: u64,
    hit: u64,
    first_hit: Option<Instant>,
}

impl Faults {
    pub(crate) fn new(faults: &[Fault]) -> Faults {
        let count = |fault: &Fault| FaultCount { fault: fault.clone(), matched: 0, hit: 0, first_hit: None };
        Faults(faults.iter().map(count).collect())
    }

    /// Whether the body must be read to match a fault.
    pub(crate) fn read_bodies(&self, operation: &Operation) -> bool {
        self.0.iter().any(|it| it.fault.containing.is_some() && it.fault.is_on(operation))
    }

    /// Counts a request; returns the effect of the first fault that is due.
    pub(crate) fn next(
        &mut self,
        when: When,
        operation: &Operation,
        contains: impl Fn(&str) -> bool,
    ) -> Option<Effect> {
        let mut effect = None;
        for it in &mut self.0 {
            let text = it.fault.containing.as_deref();
            if it.fault.when == when && it.fault.is_on(operation) && text.is_none_or(&contains) {
                let due = it.count();
                if due && effect.is_none() {
                    it.hit += 1;
                    it.first_hit.get_or_insert_with(Instant::now);
                    effect = Some(it.fault.effect.clone());
                }
            }
        }
        effect
    }

    /// How many requests each fault has matched and hit so far.
    pub(crate) fn told(&self) -> Value {
        self.0.iter().map(|it| json!({ "matched": it.matched, "hit": it.hit })).collect()
    }
}

impl FaultCount {
    fn count(&mut self) -> bool {
        self.matched += 1;
        let Some(after) = self.matched.checked_sub(self.fault.skip + 1) else { return false };
        let over = |seconds| self.first_hit.is_some_and(|it| it.elapsed() > seconds_of(seconds));
        // With a time and no number, the time alone ends the fault.
        let times = if self.fault.for_seconds.is_some() && self.fault.times == once() {
            None
        } else {
            self.fault.times
        };
        after.is_multiple_of(self.fault.every.max(1))
            && times.is_none_or(|it| self.hit < it)
            && !self.fault.for_seconds.is_some_and(over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(fault: &str, operations: &str) -> String {
        let mut faults = Faults::new(&[serde_json::from_str(fault).unwrap()]);
        let mut hits = Vec::new();
        for line in operations.split_whitespace() {
            let (service, name) = line.split_once(':').unwrap();
            let operation = Operation {
                service: service.to_owned().into(),
                name: Some(name.to_owned().into()),
                write: !name.starts_with("Get"),
            };
            hits.push(faults.next(When::Before, &operation, |_| false).map_or('.', |_| 'x'));
        }
        hits.into_iter().collect()
    }

    #[test]
    fn by_operation_and_occurrence() {
        let calls =
            "iam:GetRole iam:CreateRole lambda:GetFunction lambda:CreateFunction lambda:CreateFunction";
        let check = |fault: &str, expected: &str| assert_eq!(hits(fault, calls), expected, "{fault}");
        check(r#"{"on": "*", "effect": "500"}"#, "x....");
        check(r#"{"on": "*", "only": "writes", "times": 2, "effect": "500"}"#, ".x.x.");
        check(r#"{"on": "lambda:*", "times": null, "effect": "429"}"#, "..xxx");
        check(r#"{"on": "lambda:CreateFunction", "skip": 1, "effect": "dropped"}"#, "....x");
        check(r#"{"on": "*", "every": 2, "times": null, "effect": {"delay": 1}}"#, "x.x.x");
        check(r#"{"on": "*", "containing": "x", "effect": "reset"}"#, ".....");
        check(r#"{"on": "*", "for_seconds": 60, "effect": "reset"}"#, "xxxxx");
        check(r#"{"on": "*", "when": "after", "effect": "reset"}"#, ".....");
    }
}
