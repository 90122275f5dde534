//! The mails that Cognito itself sent, by region.

use std::{collections::HashMap, sync::Mutex};

use super::clock::{Clock, Deadline};

/// When each mail stops to count.
#[derive(Debug, Default)]
pub(crate) struct Mails(Mutex<HashMap<String, Vec<Deadline>>>);

impl Mails {
    /// How many mails count now.
    pub(crate) fn count(&self, region: &str, clock: &Clock) -> usize {
        let mut all = self.0.lock().expect("no code panics while holding it");
        let Some(sent) = all.get_mut(region) else { return 0 };
        sent.retain(|it| clock.is_before(*it));
        sent.len()
    }

    /// Adds a mail that counts until then.
    pub(crate) fn add(&self, region: &str, until: Deadline) {
        let mut all = self.0.lock().expect("no code panics while holding it");
        all.entry(region.to_owned()).or_default().push(until);
    }
}
