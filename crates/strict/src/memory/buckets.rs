//! New buckets that are not visible yet, and names of deleted ones.

use std::{collections::HashMap, sync::Mutex};

use super::clock::{Clock, Deadline};

/// New buckets that are not visible yet, and names of deleted ones.
#[derive(Debug, Default)]
pub struct Buckets {
    /// How many more requests find no bucket.
    misses: Mutex<HashMap<String, u32>>,
    /// Until when a deleted bucket's name can't be used.
    deleted: Mutex<HashMap<String, Deadline>>,
}

impl Buckets {
    pub fn made(&self, bucket: &str, misses: u32) {
        self.misses.lock().expect("no code panics while holding it").insert(bucket.to_owned(), misses);
    }

    pub fn deleted(&self, bucket: &str, deadline: Deadline) {
        let mut deleted = self.deleted.lock().expect("no code panics while holding it");
        deleted.insert(bucket.to_owned(), deadline);
    }

    /// Whether this request does not see the bucket yet; counts the request.
    pub fn misses(&self, bucket: &str) -> bool {
        let mut all = self.misses.lock().expect("no code panics while holding it");
        all.get_mut(bucket).filter(|it| **it > 0).map(|it| *it -= 1).is_some()
    }

    pub fn is_cooling(&self, bucket: &str, clock: &Clock) -> bool {
        let deleted = self.deleted.lock().expect("no code panics while holding it");
        deleted.get(bucket).is_some_and(|it| clock.is_before(*it))
    }
}
