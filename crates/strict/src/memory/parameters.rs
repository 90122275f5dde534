//! The parameters that were deleted a short time ago.

use std::{collections::HashMap, sync::Mutex};

use super::clock::{Clock, Deadline};

/// The parameters that were deleted a short time ago, by region and name.
#[derive(Debug, Default)]
pub struct DeletedNames(Mutex<HashMap<(String, String), Deadline>>);

impl DeletedNames {
    pub fn add(&self, parameter: (String, String), deadline: Deadline) {
        self.0.lock().expect("no code panics while holding it").insert(parameter, deadline);
    }

    pub fn is_recent(&self, parameter: &(String, String), clock: &Clock) -> bool {
        let all = self.0.lock().expect("no code panics while holding it");
        all.get(parameter).is_some_and(|it| clock.is_before(*it))
    }

    /// Whether the time after its delete has just ended; true once.
    pub fn has_ended(&self, parameter: &(String, String), clock: &Clock) -> bool {
        let mut all = self.0.lock().expect("no code panics while holding it");
        let has_ended = all.get(parameter).is_some_and(|it| !clock.is_before(*it));
        has_ended && all.remove(parameter).is_some()
    }
}
