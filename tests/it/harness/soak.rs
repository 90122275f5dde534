//! How much is tried: a part in `make test`, everything in `make soak`; and how it is tried without stopping at the
//! first failure.

use std::{
    any::Any,
    fmt::Debug,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// Whether the long searches run too.
pub fn everything() -> bool {
    std::env::var_os("STACKCTL_SOAK").is_some()
}

/// Repeats one run, as far as the order of what goes on at once allows.
const SEED: &str = "STACKCTL_SEED";

/// So many random seeds; or the one to repeat.
fn seeds(count: u64) -> Vec<u64> {
    match std::env::var(SEED) {
        Ok(seed) => {
            vec![seed.parse().unwrap_or_else(|_| panic!("{SEED} is not a number: {seed}"))]
        }
        Err(_) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
            let first = now % 1_000_000 * 10_000;
            (first..first + count).collect()
        }
    }
}

/// Tries so many seeds, as `each` does.
pub fn each_seed<S>(count: u64, begin: impl Fn() -> S + Sync, case: impl Fn(&S, u64) + Sync) {
    let failures = failures(&seeds(count), begin, |subject, seed| case(subject, *seed), drop);
    assert!(failures.is_empty(), "to repeat a run, set {SEED} to its number\n{failures}");
}

/// Tries each case, where everything is tried several at once on a subject each: most of a run is waiting. A subject that
/// a case failed on is not used again.
pub fn each<T: Debug + Sync, S>(
    cases: &[T],
    begin: impl Fn() -> S + Sync,
    case: impl Fn(&S, &T) + Sync,
    end: impl Fn(S) + Sync,
) {
    let failures = failures(cases, begin, case, end);
    assert!(failures.is_empty(), "{failures}");
}

/// Tries each case, and returns those that failed, with the texts of their panics.
fn failures<T: Debug + Sync, S>(
    cases: &[T],
    begin: impl Fn() -> S + Sync,
    case: impl Fn(&S, &T) + Sync,
    end: impl Fn(S) + Sync,
) -> String {
    let at_once = if everything() { 4 } else { 1 };
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let attempt = |what: &dyn Debug, done: &mut dyn FnMut()| {
        let done = catch_unwind(AssertUnwindSafe(done));
        if let Err(panic) = &done {
            // Told at once: the rest may take half an hour.
            eprintln!("failed: {what:?}");
            failures.lock().unwrap().push(format!("{what:?}\n{}", words(panic.as_ref())));
        }
        done.is_ok()
    };
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                let mut subject = None;
                while let Some(it) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if !attempt(it, &mut || case(subject.get_or_insert_with(&begin), it)) {
                        subject = None;
                    }
                }
                attempt(&"the end", &mut || subject.take().into_iter().for_each(&end));
            });
        }
    });
    failures.into_inner().unwrap().join("\n\n")
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words")
}
