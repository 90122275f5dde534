//! Random lives: stacks, faults, kills, edits of the file and behind its back; then one clean apply leaves nothing to
//! do, and destroy nothing at all.

use std::{
    fs::File,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::{
    faults::{
        edits,
        generator::{Dice, Sketch},
    },
    harness::{
        cloud::{console, eventually, wait_for},
        inventory::nothing_twice,
        program::WorkingCopy,
        soak,
        strict::Strict,
        trial::trial,
    },
};

pub fn trials() -> Vec<Trial> {
    vec![trial("random::lives", || {
        soak::each_seed(if soak::everything() { 1000 } else { 16 }, Strict::borrow, live);
    })]
}

fn live(cloud: &Strict, seed: u64) {
    let mut dice = Dice::new(seed);
    let mut sketch = Sketch::new(&mut dice);
    let name = cloud.stack_name("random");
    let copy = WorkingCopy::new(&name, &sketch.yaml(&name), &cloud.url).with_tiny_package();
    let aws = console(&copy, &cloud.url);
    for _ in 0..1 + dice.below(4) {
        turn(cloud, &copy, &mut dice);
        if dice.one_in(2) {
            wait_for(edits::edit(&aws, &copy.stack(), &mut dice));
        }
        if dice.one_in(2) {
            sketch.edit(&mut dice);
            copy.write(&sketch.yaml(&name));
        }
    }
    copy.apply();
    let checked = copy.run(&["plan", "--check"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    nothing_twice(&copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(&copy);
}

/// One run, and its faults.
fn turn(cloud: &Strict, copy: &WorkingCopy, dice: &mut Dice) {
    let (fault, is_fatal) = fault(dice);
    cloud.faults(json!([fault]));
    let command = *dice.pick(&["apply", "apply", "apply", "apply", "destroy"]);
    let said = copy.folder.join("said");
    let out = || Stdio::from(File::options().create(true).append(true).open(&said).unwrap());
    let mut run = copy.command(&[command, "--yes"]).stdout(out()).stderr(out()).spawn().unwrap();
    let ended = end(cloud, &mut run, is_fatal);
    cloud.faults(json!([]));
    eventually("the emulator is there", || cloud.is_healthy());
    let said = std::fs::read_to_string(said).unwrap();
    assert!(ended.is_none_or(|code| [0, 1].contains(&code)), "{command} ended with {ended:?}:\n{said}");
}

/// Waits for the end of a run, and kills it when its fault is fatal; returns its exit code.
fn end(cloud: &Strict, run: &mut Child, is_fatal: bool) -> Option<i32> {
    // A wait for lost answers may take some minutes.
    const INTERRUPTED_AFTER: Duration = Duration::from_secs(20);
    const ENDS_WITHIN: Duration = Duration::from_secs(240);
    let (began, mut interrupted) = (Instant::now(), false);
    loop {
        if let Some(status) = run.try_wait().unwrap() {
            return status.code();
        }
        if is_fatal && cloud.hits() != [0] {
            run.kill().unwrap();
        }
        if began.elapsed() > INTERRUPTED_AFTER && !interrupted {
            interrupted = true;
            // It may have ended since.
            let _ = std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status();
        }
        assert!(began.elapsed() < ENDS_WITHIN, "it does not end");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What goes wrong, and whether the program is killed when it does.
fn fault(dice: &mut Dice) -> (Value, bool) {
    const ON: [&str; 8] = ["*", "*", "s3:*", "iam:*", "lambda:*", "logs:*", "cognito-idp:*", "apigateway:*"];
    let (on, only) = (dice.pick(&ON), dice.pick(&["all", "writes", "writes"]));
    let (skip, when) = (dice.below(25), dice.pick(&["before", "after"]));
    let fault = |effect: &str, times: Option<usize>, when: &str| json!({ "on": on, "only": only, "skip": skip, "times": times, "when": when, "effect": effect });
    // A refused request was not done; a request whose answer was lost may have been.
    let refused = |effect, times| (fault(effect, times, "before"), false);
    let lost = |effect, times| (fault(effect, times, when), false);
    let few = Some(1 + dice.below(3));
    match dice.below(12) {
        0 => refused("429", few),
        1 => lost("500", few),
        2 => lost("503", few),
        3 => lost("dropped", few),
        4 => lost("reset", few),
        5 => lost("wrong_body", few),
        6 => refused("expired_credentials", None),
        7 => refused("access_denied", None),
        8 if dice.one_in(2) => lost("kill_emulator", Some(1)),
        _ => (fault("hang", Some(1), when), true),
    }
}
