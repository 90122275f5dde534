//! The functions that were made or changed since this cloud began.

use std::{collections::HashMap, sync::Mutex};

use super::clock::Deadline;

/// The functions that were made or changed since this cloud began.
#[derive(Debug, Default)]
pub struct Functions(Mutex<HashMap<String, LastChange>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Created,
    Updated,
}

/// The last change of a function.
#[derive(Debug, Clone, Copy)]
pub struct LastChange {
    /// The kind of the change.
    pub kind: ChangeKind,
    /// When it ends.
    pub deadline: Deadline,
    /// Whether it ends in a failure.
    pub fails: bool,
}

impl Functions {
    pub fn begin(&self, key: &str, last_change: LastChange) {
        self.0.lock().expect("no code panics while holding it").insert(key.to_owned(), last_change);
    }

    pub fn forget(&self, key: &str) {
        self.0.lock().expect("no code panics while holding it").remove(key);
    }

    pub fn last_change(&self, key: &str) -> Option<LastChange> {
        self.0.lock().expect("no code panics while holding it").get(key).copied()
    }
}

/// The key of a function in these maps.
pub fn key(region: &str, name: &str) -> String {
    format!("{region} {name}")
}
