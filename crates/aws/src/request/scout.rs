//! One request finds out for all of a run whether IAM has spread what is new (IAM-08): each try to make a function
//! sends its whole code.

use std::{cell::LazyCell, sync::Arc, time::Duration};

use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

/// However long the scout is away, the others try by themselves after this: roles do not spread together for sure.
pub const OWN_TRY: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Turn {
    scout: Arc<Mutex<()>>,
    spread: Notify,
}

thread_local! {
    // A run has one thread.
    static TURN: LazyCell<Arc<Turn>> = LazyCell::new(Arc::default);
}

/// What a request is that IAM has not let through yet.
#[derive(Default)]
pub struct Scout(Option<OwnedMutexGuard<()>>);

impl Scout {
    /// Returns when it is the scout, which waits and tries, or when the scout came through.
    pub async fn wait(&mut self) -> bool {
        if self.0.is_some() {
            return true;
        }
        let turn = TURN.with(|it| Arc::clone(it));
        tokio::select! {
            biased;
            () = turn.spread.notified() => {}
            guard = Arc::clone(&turn.scout).lock_owned() => self.0 = Some(guard),
        }
        self.0.is_some()
    }

    /// It came through: so may the others.
    pub fn came_through(self) {
        if self.0.is_some() {
            TURN.with(|it| it.spread.notify_waiters());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_goes_ahead_and_all_follow() {
        let (mut first, mut second, mut third) = (Scout::default(), Scout::default(), Scout::default());
        assert!(first.wait().await, "nobody else does");
        assert!(first.wait().await, "it stays the scout");
        let others = async { tokio::join!(second.wait(), third.wait()) };
        let ahead = async {
            tokio::task::yield_now().await;
            first.came_through();
        };
        assert_eq!(tokio::join!(others, ahead).0, (false, false));
        let mut fourth = Scout::default();
        assert!(fourth.wait().await, "a scout that came through is none any more");
    }
}
