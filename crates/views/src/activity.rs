//! The state of a run, from its events.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use stackctl_engine::{Address, Event, Label};

/// The state of a run.
#[derive(Debug, Default)]
pub struct Activity {
    /// The steps under way, by resource.
    pub running: BTreeMap<Address, Doing>,
    /// The number of steps that are done, by resource.
    pub done: BTreeMap<Address, usize>,
    /// The resources that were skipped, each with the one that it needs.
    pub skipped: Vec<(Address, Option<Address>)>,
    /// Whether any step waited.
    pub waited: bool,
}

/// The step under way at one resource.
#[derive(Debug, Clone)]
pub struct Doing {
    /// The step; none when only a wait was reported.
    pub step: Option<Label>,
    /// When the step began.
    pub since: Instant,
    /// The wait, and when it began.
    pub wait: Option<(String, Instant)>,
}

impl Activity {
    /// Takes an event; returns false for a wait that was reported before.
    pub fn take(&mut self, event: &Event, now: Instant) -> bool {
        match event {
            Event::Began { address, step } => {
                let doing = Doing { step: Some(*step), since: now, wait: None };
                self.running.insert(address.clone(), doing);
            }
            Event::Waiting { address, for_what } => {
                self.waited = true;
                let doing = self.running.entry(address.clone()).or_insert(Doing {
                    step: None,
                    since: now,
                    wait: None,
                });
                if doing.wait.as_ref().is_some_and(|(before, _)| before == for_what) {
                    return false;
                }
                doing.wait = Some((for_what.clone(), now));
            }
            Event::Done { address, .. } => {
                self.running.remove(address);
                *self.done.entry(address.clone()).or_default() += 1;
            }
            Event::Failed(failure) => {
                self.running.remove(&failure.address);
            }
            Event::Skipped { address, because } => {
                self.running.remove(address);
                self.skipped.push((address.clone(), because.clone()));
            }
        }
        true
    }

    /// The number of steps that are done.
    pub fn steps_done(&self) -> usize {
        self.done.values().sum()
    }

    /// The steps under way, as in `create bucket.uploads`.
    pub fn under_way(&self) -> Vec<String> {
        let said = self.running.iter().map(|(address, doing)| match (&doing.step, &doing.wait) {
            (Some(step), _) => format!("{step} {address}"),
            (None, Some((for_what, _))) => format!("{address} (waiting for {for_what})"),
            (None, None) => address.to_string(),
        });
        said.collect()
    }
}

impl Doing {
    /// The time since the step began.
    pub fn takes(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> Address {
        Address { kind: "bucket", name: "uploads".to_owned() }
    }

    #[test]
    fn a_wait_that_is_told_again_is_the_same_wait() {
        let (mut activity, start) = (Activity::default(), Instant::now());
        let later = start + Duration::from_secs(3);
        activity.take(&Event::Began { address: bucket(), step: Label::CREATE }, start);
        let waiting = Event::Waiting { address: bucket(), for_what: "S3".to_owned() };
        assert!(activity.take(&waiting, start));
        assert!(!activity.take(&waiting, later));
        assert_eq!(activity.running[&bucket()].wait, Some(("S3".to_owned(), start)));
        assert_eq!(activity.running[&bucket()].takes(later), Duration::from_secs(3));
        assert_eq!(activity.under_way(), ["create bucket.uploads"]);
        let took = Duration::from_secs(4);
        activity.take(&Event::Done { address: bucket(), step: Label::CREATE, took }, later);
        assert_eq!((activity.running.len(), activity.steps_done()), (0, 1));
    }
}
