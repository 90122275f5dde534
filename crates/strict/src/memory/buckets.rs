//! What is remembered of buckets.

use std::{collections::HashMap, sync::Mutex};

use super::clock::{Clock, Term};

/// What is remembered of buckets.
#[derive(Debug, Default)]
pub struct Buckets {
    /// How many requests still find no bucket.
    misses: Mutex<HashMap<String, u32>>,
    /// How long a deleted one's name cannot be used.
    deleted: Mutex<HashMap<String, Term>>,
}

impl Buckets {
    pub fn made(&self, bucket: &str, misses: u32) {
        self.misses.lock().expect("nobody panics while holding it").insert(bucket.to_owned(), misses);
    }

    pub fn deleted(&self, bucket: &str, term: Term) {
        let mut deleted = self.deleted.lock().expect("nobody panics while holding it");
        deleted.insert(bucket.to_owned(), term);
    }

    /// Whether this request does not see the bucket yet, which counts.
    pub fn misses(&self, bucket: &str) -> bool {
        let mut all = self.misses.lock().expect("nobody panics while holding it");
        all.get_mut(bucket).filter(|it| **it > 0).map(|it| *it -= 1).is_some()
    }

    pub fn is_cooling(&self, bucket: &str, clock: &Clock) -> bool {
        let deleted = self.deleted.lock().expect("nobody panics while holding it");
        deleted.get(bucket).is_some_and(|it| clock.lasts(*it))
    }
}
