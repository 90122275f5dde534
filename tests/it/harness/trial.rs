//! A trial, and how long each took: the slowest are listed after the last, with how busy the processors were.

use std::{
    cell::Cell,
    fs,
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::{Mutex, Once},
    time::{Duration, Instant},
};

use libtest_mimic::Trial;

use crate::harness::program::target;

static TIMES: Mutex<Vec<(Duration, String)>> = Mutex::new(Vec::new());

/// A trial that fails when `run` panics.
pub fn trial(name: impl Into<String>, run: impl FnOnce() + Send + 'static) -> Trial {
    let name = name.into();
    Trial::test(name.clone(), move || {
        let measured = Measured { name, began: Instant::now() };
        run();
        drop(measured);
        Ok(())
    })
}

/// Notes the time when it is dropped, also by a panic.
struct Measured {
    name: String,
    began: Instant,
}

impl Drop for Measured {
    fn drop(&mut self) {
        if let Ok(mut times) = TIMES.lock() {
            times.push((self.began.elapsed(), std::mem::take(&mut self.name)));
        }
    }
}

thread_local! {
    static PANIC_IS_EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Whether `run` panics, as it should: the panic is not printed.
pub fn panics(run: impl FnOnce()) -> bool {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !PANIC_IS_EXPECTED.get() {
                print(info);
            }
        }));
    });
    PANIC_IS_EXPECTED.set(true);
    let panicked = catch_unwind(AssertUnwindSafe(run)).is_err();
    PANIC_IS_EXPECTED.set(false);
    panicked
}

/// The processors' busy and idle time since this machine started, in seconds of all of them.
#[derive(Clone, Copy)]
pub struct Processors {
    busy: f64,
    idle: f64,
}

impl Processors {
    /// As Linux counts them; nothing elsewhere.
    pub fn now() -> Option<Processors> {
        const PER_SECOND: f64 = 100.0;
        let text = fs::read_to_string("/proc/stat").ok()?;
        let numbers = text.lines().next()?.split_whitespace().skip(1).take(8);
        let numbers: Vec<f64> = numbers.filter_map(|it| it.parse().ok()).collect();
        let [user, nice, system, idle, io_wait, interrupts, soft_interrupts, stolen] = numbers[..] else {
            return None;
        };
        let busy = user + nice + system + interrupts + soft_interrupts + stolen;
        Some(Processors { busy: busy / PER_SECOND, idle: (idle + io_wait) / PER_SECOND })
    }
}

/// Lists the slowest trials, and writes the times of all to `target/it/times.txt`.
pub fn report(began: Instant, processors: Option<Processors>) {
    const SLOWEST: usize = 12;
    let mut times = std::mem::take(&mut *TIMES.lock().unwrap());
    times.sort_by(|a, b| b.cmp(a));
    let lines: Vec<_> =
        times.iter().map(|(time, name)| format!("{:7.1} s  {name}", time.as_secs_f64())).collect();
    let sum: Duration = times.iter().map(|(time, _)| *time).sum();
    println!(
        "{} trials in {:.0} s, {:.0} s one after the other",
        times.len(),
        began.elapsed().as_secs_f64(),
        sum.as_secs_f64()
    );
    if let (Some(before), Some(now)) = (processors, Processors::now()) {
        println!(
            "the processors were busy for {:.0} s and idle for {:.0} s",
            now.busy - before.busy,
            now.idle - before.idle
        );
    }
    println!("the slowest:\n{}\n", lines[..lines.len().min(SLOWEST)].join("\n"));
    // Only for people: the run does not fail for it.
    let _ = fs::write(target().join("it/times.txt"), lines.join("\n"));
}
