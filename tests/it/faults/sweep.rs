//! Each request of a first apply, of updates and of a destroy meets each fault in turn: stackctl comes through, or says
//! what is the matter and the next run carries on; nothing exists twice, and in the end nothing is left.

use std::{
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use libtest_mimic::Trial;
use serde_json::{Value, json};
use stackctl_permissions::operations;

use crate::{
    faults::requests::{Point, Subject, runs},
    harness::{cloud::eventually, inventory::nothing_twice, program::Said, soak, trial::trial},
};

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Throttled,
    Broken,
    DroppedBefore,
    DroppedAfter,
    KilledBefore,
    KilledAfter,
    EmulatorKilled,
    /// This one and all that come after.
    Expired,
    /// All of this operation.
    Denied,
}

const FAULTS: [(&str, Fault); 9] = [
    ("429", Fault::Throttled),
    ("500", Fault::Broken),
    ("dropped_before", Fault::DroppedBefore),
    ("dropped_after", Fault::DroppedAfter),
    ("killed_before", Fault::KilledBefore),
    ("killed_after", Fault::KilledAfter),
    ("emulator_killed", Fault::EmulatorKilled),
    ("expired", Fault::Expired),
    ("denied", Fault::Denied),
];

impl Fault {
    /// As the strict cloud takes it.
    fn at(self, Point { operation, index, nth, nth_done, write: _ }: &Point) -> Value {
        let before = |effect: &str| json!({ "on": operation, "skip": nth, "effect": effect });
        let after =
            |effect: &str| json!({ "on": operation, "skip": nth_done, "when": "after", "effect": effect });
        let fault = match self {
            Fault::Throttled => before("429"),
            Fault::Broken => before("500"),
            Fault::DroppedBefore => before("dropped"),
            Fault::DroppedAfter => after("dropped"),
            Fault::KilledBefore => before("hang"),
            Fault::KilledAfter => after("hang"),
            Fault::EmulatorKilled => before("kill_emulator"),
            Fault::Expired => {
                json!({ "on": "*", "skip": index, "times": null, "effect": "expired_credentials" })
            }
            Fault::Denied => {
                // Without the words that name the action: S3 is as silent, and others have been.
                let error = json!({ "status": 403, "code": "AccessDenied", "message": "Access Denied" });
                json!({ "on": operation, "times": null, "effect": { "error": error } })
            }
        };
        json!([fault])
    }

    /// Whether there is anything to see: what a read was answered makes no difference to the cloud, and an operation
    /// is denied once.
    fn is_worth(self, point: &Point) -> bool {
        match self {
            Fault::DroppedAfter | Fault::KilledAfter => point.write,
            Fault::Denied => point.nth == 0,
            Fault::Throttled
            | Fault::Broken
            | Fault::DroppedBefore
            | Fault::KilledBefore
            | Fault::EmulatorKilled
            | Fault::Expired => true,
        }
    }
}

/// Which runs meet the faults.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// A first apply, then a destroy.
    Life,
    /// From one file to the other, and back.
    Updates,
}

pub fn trials() -> Vec<Trial> {
    let trial = |(number, phase, (name, fault)): (usize, Phase, (&'static str, Fault))| {
        let of = match phase {
            Phase::Life => "life",
            Phase::Updates => "updates",
        };
        trial(format!("sweep::{of}_{name}"), move || walk(phase, fault, number))
    };
    let of = |phase| FAULTS.into_iter().enumerate().map(move |(number, fault)| (number, phase, fault));
    [Phase::Life, Phase::Updates].into_iter().flat_map(of).map(trial).collect()
}

/// All requests of a phase under one fault.
fn walk(phase: Phase, fault: Fault, number: usize) {
    // Where not everything is tried, each request meets one of the faults.
    let due = |point: &&Point| {
        fault.is_worth(point) && (soak::everything() || (point.index + number).is_multiple_of(FAULTS.len()))
    };
    let chosen = |points: &'static [Point]| points.iter().filter(due).collect::<Vec<_>>();
    let (there, back) = match phase {
        Phase::Life => (chosen(&runs().apply), chosen(&runs().destroy)),
        Phase::Updates => (chosen(&runs().grow), chosen(&runs().shrink)),
    };
    let rounds: Vec<_> = (0..there.len().max(back.len()))
        .map(|index| (there.get(index).copied(), back.get(index).copied()))
        .collect();
    let begin = || {
        let subject = Subject::new();
        if let Phase::Updates = phase {
            subject.copy.apply();
        }
        subject
    };
    let end = |subject: Subject| {
        subject.copy.succeed(&["destroy", "--yes"]);
        subject.cloud.assert_nothing_left(&subject.copy);
    };
    soak::each(&rounds, begin, |subject, (there, back)| round(subject, phase, fault, *there, *back), end);
}

/// The first run meets the fault at `there`, the second at `back`.
fn round(subject: &Subject, phase: Phase, fault: Fault, there: Option<&Point>, back: Option<&Point>) {
    let step = |point: Option<&Point>, arguments: &[&str]| match point {
        Some(point) => meet(subject, fault, point, arguments),
        None => drop(subject.copy.succeed(arguments)),
    };
    match phase {
        Phase::Life => {
            step(there, &["apply", "--yes"]);
            assert_there(subject);
            step(back, &["destroy", "--yes"]);
            subject.cloud.assert_nothing_left(&subject.copy);
        }
        Phase::Updates => {
            subject.copy.write(&subject.files[1]);
            step(there, &["apply", "--yes"]);
            assert_there(subject);
            subject.copy.write(&subject.files[0]);
            step(back, &["apply", "--yes"]);
            assert_there(subject);
        }
    }
}

/// One run with a fault, and the next one without it where the first failed.
fn meet(subject: &Subject, fault: Fault, point: &Point, arguments: &[&str]) {
    let Subject { cloud, copy, files: _ } = subject;
    cloud.faults(fault.at(point));
    let goes_on = match fault {
        Fault::Throttled | Fault::Broken | Fault::DroppedBefore | Fault::DroppedAfter => {
            copy.succeed(arguments);
            false
        }
        Fault::KilledBefore | Fault::KilledAfter => {
            let mut run = start(subject, arguments);
            if until_met(subject, &mut run) {
                run.kill().unwrap();
            }
            run.wait().unwrap();
            true
        }
        Fault::EmulatorKilled => {
            let mut run = start(subject, arguments);
            if until_met(subject, &mut run) {
                end_soon(&mut run);
                eventually("the emulator is back", || cloud.is_healthy());
            }
            run.wait().unwrap();
            true
        }
        Fault::Expired => {
            let said = copy.run(arguments);
            let only_unlocking = said.stderr.contains("the lock was not released");
            assert!(said.code == 1 || said.code == 0 && (only_unlocking || cloud.hits() == [0]), "{said:?}");
            assert!(cloud.hits() == [0] || said.stderr.contains("sign in again"), "{said:?}");
            true
        }
        Fault::Denied => {
            assert_denied(&copy.run(arguments), &point.operation);
            true
        }
    };
    cloud.faults(json!([]));
    if goes_on {
        copy.succeed(arguments);
    }
}

fn assert_denied(said: &Said, operation: &str) {
    // An absent resource was not denied; the next plan shows whether everything is settled.
    if said.code == 0 && operation != "ssm:DeleteParameter" {
        return;
    }
    let needed: Vec<_> = operations::find(operation).into_iter().flat_map(|it| it.actions()).collect();
    assert!(!needed.is_empty(), "no row says what {operation} needs");
    let expected = format!("the credentials in use may not do {}", needed.join(" or "));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&said.stderr).contains(&expected), "{expected}\n{said:?}");
    // The stack is as it should be when only the lock stays; the secret of a webhook is a parameter too.
    let only_the_lock = operation == "ssm:DeleteParameter" && !said.stdout.contains("- secret.");
    assert_eq!(said.code, i32::from(!only_the_lock), "{said:?}");
}

fn start(subject: &Subject, arguments: &[&str]) -> Child {
    let mut command = subject.copy.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Whether the fault was met before the run ended.
fn until_met(subject: &Subject, run: &mut Child) -> bool {
    loop {
        let ended = run.try_wait().unwrap().is_some();
        if subject.cloud.hits() == [1] {
            return true;
        }
        if ended {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Ends a run as Ctrl-C does, when it does not end by itself: what the emulator has lost may be waited for for a minute.
fn end_soon(run: &mut Child) {
    const LET_IT: Duration = Duration::from_secs(4);
    let began = Instant::now();
    while run.try_wait().unwrap().is_none() {
        if began.elapsed() > LET_IT {
            // It may have ended since.
            let _ = std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status();
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn assert_there(Subject { cloud, copy, files: _ }: &Subject) {
    let checked = copy.run(&["plan", "--check"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    nothing_twice(copy, &cloud.url);
}
