//! What S3 and Lambda do not see yet of the events of a bucket, and what a configuration of asynchronous calls was given.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};

use super::clock::{Clock, Deadline};

/// The state of events.
#[derive(Debug, Default)]
pub struct Events {
    /// The roles whose inline policies Lambda does not see yet.
    pub role_policies: Recent,
    /// The functions whose policies S3 does not see yet.
    pub permissions: Recent,
    /// The settings that the configuration of a function was given; others are not read back (LAM-75).
    given: Mutex<HashMap<String, BTreeSet<String>>>,
}

/// Changes that another service does not see yet, by what was changed.
#[derive(Debug, Default)]
pub struct Recent(Mutex<HashMap<String, Deadline>>);

impl Recent {
    pub fn begin(&self, what: &str, deadline: Deadline) {
        self.0.lock().expect("no code panics while holding it").insert(what.to_owned(), deadline);
    }

    pub fn is_unseen(&self, what: &str, clock: &Clock) -> bool {
        let all = self.0.lock().expect("no code panics while holding it");
        all.get(what).is_some_and(|it| clock.is_before(*it))
    }
}

impl Events {
    pub fn give(&self, function: &str, settings: BTreeSet<String>) {
        self.given.lock().expect("no code panics while holding it").insert(function.to_owned(), settings);
    }

    pub fn given(&self, function: &str) -> Option<BTreeSet<String>> {
        self.given.lock().expect("no code panics while holding it").get(function).cloned()
    }
}
