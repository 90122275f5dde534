//! A run in step with a strict cloud: each wave of requests is let through when the program has nothing left to do but
//! wait for its answers.
//!
//! That is seen, not timed: every thread of the program sleeps, and no program of its own runs. So a slow machine
//! changes nothing.

use std::{
    fs, io,
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde_json::Value;

/// How often it is looked whether the program waits.
const GLANCE: Duration = Duration::from_millis(3);
/// In so many glances in a row it has to be seen waiting: what was just sent to it has not woken it yet in the first.
const GLANCES: u32 = 5;

/// Runs a program against a strict cloud whose setting `waves` is true.
///
/// # Errors
/// A program that does not start.
pub fn run(command: &mut Command, cloud: &str) -> io::Result<Output> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (id, ended) = (child.id(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut seen = (0, 0);
            while !ended.load(Ordering::Relaxed) {
                std::thread::sleep(GLANCE);
                let waiting = if is_asleep(id) { waiting(cloud).unwrap_or(0) } else { 0 };
                seen = if waiting == seen.0 { (waiting, seen.1 + 1) } else { (waiting, 1) };
                if waiting > 0 && seen.1 >= GLANCES {
                    let _ = ureq::post(format!("{cloud}/_stackctl/strict/wave")).send_empty();
                    seen = (0, 0);
                }
            }
        });
        let output = child.wait_with_output();
        ended.store(true, Ordering::Relaxed);
        output
    })
}

/// How many requests wait, unless others are still on their way.
fn waiting(cloud: &str) -> Option<u64> {
    let mut told = ureq::get(format!("{cloud}/_stackctl/strict")).call().ok()?;
    let told: Value = serde_json::from_str(&told.body_mut().read_to_string().ok()?).ok()?;
    let waves = &told["waves"];
    if waves["under_way"] == 0 { waves["waiting"].as_u64() } else { None }
}

/// Whether all threads of a process sleep and it has no children.
fn is_asleep(process: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return false };
    threads.flatten().all(|thread| {
        let read = |name: &str| fs::read_to_string(thread.path().join(name)).unwrap_or_default();
        // The state follows the name, which may have anything in it.
        let state = read("stat").rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        state == Some('S') && read("children").trim().is_empty()
    })
}
