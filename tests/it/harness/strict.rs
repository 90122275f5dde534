//! Clouds that behave as AWS does, lent to one test at a time: what is to go wrong is set for a whole cloud.

use std::{ops::Deref, sync::Mutex};

use serde_json::{Value, json};

use crate::harness::{cloud::Cloud, inventory::left, program::WorkingCopy};

static FREE: Mutex<Vec<Cloud>> = Mutex::new(Vec::new());

/// A strict cloud that no other trial uses at the same time.
pub struct Strict(Option<Cloud>);

impl Strict {
    /// One in which no time passes.
    pub fn borrow() -> Strict {
        let free = FREE.lock().unwrap().pop();
        let strict = Strict(Some(free.unwrap_or_else(Cloud::start_strict)));
        strict.faults(json!([]));
        strict
    }

    /// One, and a stack there whose functions are the package `tiny`.
    pub fn with_stack(of: &str, yaml: &str) -> (Strict, WorkingCopy) {
        let cloud = Strict::borrow();
        let copy = cloud.working_copy(of, yaml).with_tiny_package();
        (cloud, copy)
    }

    /// Sets the faults from now on; without faults, every request is allowed at once.
    pub fn faults(&self, faults: Value) {
        self.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "faults": faults }));
    }

    /// All that can be set.
    pub fn set(&self, settings: Value) {
        let sent = ureq::post(format!("{}/_stackctl/strict", self.url)).send(settings.to_string());
        if let Err(error) = sent {
            panic!("{settings}: {error}");
        }
    }

    /// How many requests each fault met.
    pub fn hits(&self) -> Vec<u64> {
        let mut told = ureq::get(format!("{}/_stackctl/strict", self.url)).call().unwrap();
        let told: Value = serde_json::from_str(&told.body_mut().read_to_string().unwrap()).unwrap();
        told["faults"].as_array().unwrap().iter().filter_map(|it| it["hit"].as_u64()).collect()
    }

    /// Fails if anything is there whose name or path has the stack's name.
    pub fn assert_nothing_left(&self, copy: &WorkingCopy) {
        assert_eq!(left(copy, &self.url), Vec::<String>::new());
    }
}

impl Deref for Strict {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        self.0.as_ref().expect("it is given back when it is dropped")
    }
}

impl Drop for Strict {
    fn drop(&mut self) {
        if let Ok(mut free) = FREE.lock() {
            free.extend(self.0.take());
        }
    }
}

/// Stops all of them.
pub fn all_down() {
    FREE.lock().unwrap().clear();
}
