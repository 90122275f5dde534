//! Operations of which only one at a time may change a resource.

use std::{collections::HashSet, sync::Mutex};

/// The resources that are being changed.
#[derive(Debug, Default)]
pub(crate) struct Exclusive(Mutex<HashSet<String>>);

/// Marks a resource as being changed until it is dropped.
#[derive(Debug)]
pub(crate) struct Held<'a> {
    exclusive: &'a Exclusive,
    what: String,
}

impl Exclusive {
    /// Begins an operation; `None` while another one on `what` is in progress.
    pub(crate) fn begin(&self, what: String) -> Option<Held<'_>> {
        let mut all = self.0.lock().expect("no code panics while holding it");
        all.insert(what.clone()).then(|| Held { exclusive: self, what })
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.exclusive.0.lock().expect("no code panics while holding it").remove(&self.what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let exclusive = Exclusive::default();
        let first = exclusive.begin("pool".to_owned());
        assert!(first.is_some() && exclusive.begin("pool".to_owned()).is_none());
        assert!(exclusive.begin("other pool".to_owned()).is_some());
        drop(first);
        assert!(exclusive.begin("pool".to_owned()).is_some());
    }
}
