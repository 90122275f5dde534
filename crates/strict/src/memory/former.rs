//! The values before each write, for stale reads.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use hyper::{StatusCode, body::Bytes};

/// The values before each write, by the resource.
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
        self.0.lock().expect("no code panics while holding it").entry(what).or_default().push(read);
    }

    /// The value of that long ago, if it has been written since.
    pub fn at(&self, what: &str, age: Duration) -> Option<Read> {
        let mut all = self.0.lock().expect("no code panics while holding it");
        let reads = all.get_mut(what)?;
        reads.retain(|it| it.written.elapsed() < age);
        reads.first().cloned()
    }
}
