//! What can be done to a thing by one caller at a time.

use std::{collections::HashSet, sync::Mutex};

/// The things that something is being done to.
#[derive(Debug, Default)]
pub(crate) struct Busy(Mutex<HashSet<String>>);

/// Held while it is done.
#[derive(Debug)]
pub(crate) struct Doing<'a> {
    busy: &'a Busy,
    what: String,
}

impl Busy {
    /// Begins, unless somebody else is at it.
    pub(crate) fn begin(&self, what: String) -> Option<Doing<'_>> {
        let mut all = self.0.lock().expect("no code panics while holding it");
        all.insert(what.clone()).then(|| Doing { busy: self, what })
    }
}

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        self.busy.0.lock().expect("no code panics while holding it").remove(&self.what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let busy = Busy::default();
        let first = busy.begin("pool".to_owned());
        assert!(first.is_some() && busy.begin("pool".to_owned()).is_none());
        assert!(busy.begin("other pool".to_owned()).is_some());
        drop(first);
        assert!(busy.begin("pool".to_owned()).is_some());
    }
}
