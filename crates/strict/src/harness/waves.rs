//! Requests in waves: they wait, and all waiting requests are released at once.
//!
//! A caller sends all requests that need no earlier answer in one wave. So the number of waves is
//! the length of the longest chain of requests that depend on each other, however slow the machine is.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use tokio::sync::watch;

/// The number of waves so far, and the requests of the next.
#[derive(Debug)]
pub(crate) struct Waves {
    let_through: watch::Sender<u64>,
    waiting: AtomicU64,
    under_way: AtomicU64,
}

/// Counts a request until it is dropped.
#[derive(Debug)]
pub(crate) struct Counted<'a>(&'a AtomicU64);

impl Default for Waves {
    fn default() -> Waves {
        Waves { let_through: watch::channel(0).0, waiting: AtomicU64::new(0), under_way: AtomicU64::new(0) }
    }
}

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicU64) -> Counted<'a> {
        count.fetch_add(1, Ordering::SeqCst);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Waves {
    /// Waits for the next wave; returns its number and a guard that counts the request until it is answered.
    pub(crate) async fn join(&self) -> (u64, Counted<'_>) {
        let mut let_through = self.let_through.subscribe();
        let before = *let_through.borrow_and_update();
        let waiting = Counted::new(&self.waiting);
        // The sender lives as long as the waves do.
        let _ = let_through.wait_for(|it| *it > before).await;
        let under_way = Counted::new(&self.under_way);
        drop(waiting);
        (before + 1, under_way)
    }

    /// Releases the waiting requests.
    pub(crate) fn let_through(&self) {
        self.let_through.send_modify(|it| *it += 1);
    }

    /// How many requests wait, and how many were released and are not answered yet.
    pub(crate) fn told(&self) -> Value {
        let count = |of: &AtomicU64| of.load(Ordering::SeqCst);
        json!({ "waiting": count(&self.waiting), "under_way": count(&self.under_way) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_that_wait_go_at_once() {
        let waves = Waves::default();
        let told = |waiting: u64, under_way: u64| json!({ "waiting": waiting, "under_way": under_way });
        let two = async { tokio::join!(waves.join(), waves.join()) };
        let open = async {
            while waves.told() != told(2, 0) {
                tokio::task::yield_now().await;
            }
            waves.let_through();
        };
        let (((first, held), (second, _)), ()) = tokio::join!(two, open);
        assert_eq!((first, second), (1, 1));
        assert_eq!(waves.told(), told(0, 1));
        drop(held);
        assert_eq!(waves.told(), told(0, 0));
    }
}
