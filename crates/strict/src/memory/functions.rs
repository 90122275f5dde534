//! The functions that were made or changed since this cloud began.

use std::{collections::HashMap, sync::Mutex};

use super::clock::Term;

/// The functions that were made or changed since this cloud began.
#[derive(Debug, Default)]
pub struct Functions(Mutex<HashMap<String, Life>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Made,
    Updated,
}

/// The last change of a function.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    /// What it is.
    pub change: Change,
    /// How long it takes.
    pub term: Term,
    /// Whether it ends in a failure.
    pub fails: bool,
}

impl Functions {
    pub fn begin(&self, key: &str, life: Life) {
        self.0.lock().expect("nobody panics while holding it").insert(key.to_owned(), life);
    }

    pub fn forget(&self, key: &str) {
        self.0.lock().expect("nobody panics while holding it").remove(key);
    }

    pub fn life(&self, key: &str) -> Option<Life> {
        self.0.lock().expect("nobody panics while holding it").get(key).copied()
    }
}

/// The name by which a function is remembered.
pub fn key(region: &str, name: &str) -> String {
    format!("{region} {name}")
}
