//! While IAM has not spread something new, one request of the run tries for all that wait for it (IAM-08): each try to
//! create a function sends its whole code.

use std::{cell::LazyCell, sync::Arc, time::Duration};

use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

/// A waiting request tries by itself after this: roles need not spread together.
pub const OWN_TRY: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Gate {
    /// Held by the request that tries.
    trying: Arc<Mutex<()>>,
    passed: Notify,
}

thread_local! {
    // A run has one thread.
    static GATE: LazyCell<Arc<Gate>> = LazyCell::new(Arc::default);
}

/// A request's place at the gate: it tries, or it waits for the one that does.
#[derive(Default)]
pub struct PropagationGate(Option<OwnedMutexGuard<()>>);

impl PropagationGate {
    /// Returns true when this request is the one that tries, and false when that one has passed.
    pub async fn wait(&mut self) -> bool {
        if self.0.is_some() {
            return true;
        }
        let gate = GATE.with(|it| Arc::clone(it));
        tokio::select! {
            biased;
            () = gate.passed.notified() => {}
            guard = Arc::clone(&gate.trying).lock_owned() => self.0 = Some(guard),
        }
        self.0.is_some()
    }

    /// AWS took the request: those that wait for it are sent too.
    pub fn passed(self) {
        if self.0.is_some() {
            GATE.with(|it| it.passed.notify_waiters());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_goes_ahead_and_all_follow() {
        let [mut first, mut second, mut third, mut fourth] =
            std::array::from_fn(|_| PropagationGate::default());
        assert!(first.wait().await, "no other request tries");
        assert!(first.wait().await, "it stays the one that tries");
        let others = async { tokio::join!(second.wait(), third.wait()) };
        let ahead = async {
            tokio::task::yield_now().await;
            first.passed();
        };
        assert_eq!(tokio::join!(others, ahead).0, (false, false));
        assert!(fourth.wait().await, "a request that passed tries no more");
    }
}
