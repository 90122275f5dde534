//! What was there before each write.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use hyper::{StatusCode, body::Bytes};

/// What was read before each write, by what was read.
#[derive(Debug, Default)]
pub struct Former(Mutex<HashMap<String, Vec<Read>>>);

#[derive(Debug, Clone)]
pub struct Read {
    /// When the write was done.
    pub written: Instant,
    /// The status of the read.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
}

impl Former {
    pub fn add(&self, what: String, status: StatusCode, body: Bytes) {
        let read = Read { written: Instant::now(), status, body };
        self.0.lock().expect("nobody panics while holding it").entry(what).or_default().push(read);
    }

    /// What was true that long ago, if it has been written since.
    pub fn at(&self, what: &str, age: Duration) -> Option<Read> {
        let mut all = self.0.lock().expect("nobody panics while holding it");
        let reads = all.get_mut(what)?;
        reads.retain(|it| it.written.elapsed() < age);
        reads.first().cloned()
    }
}
