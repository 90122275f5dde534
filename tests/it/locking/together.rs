//! Several runs at once: one writes at a time, the others say who does and since when, and the result is one.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use libtest_mimic::Trial;
use serde_json::json;

use crate::{
    harness::{
        cloud::{console, eventually, wait_for},
        inventory::{left, nothing_twice},
        program::{Said, WorkingCopy, said},
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::STACK,
};

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn()| trial(format!("together::{name}"), test);
    vec![
        // The longest one first.
        trial("locks_of_other_machines", locks_of_other_machines),
        trial("2_applies", || applies(2)),
        trial("5_applies", || applies(5)),
        trial("2_destroys", two_destroys),
        trial("apply_beside_destroy", apply_beside_destroy),
        trial("a_destroy_between_look_and_lock", a_destroy_between_look_and_lock),
        trial("the_holder_is_killed", the_holder_is_killed),
        trial("no_lock_for_nothing", no_lock_for_nothing),
    ]
}

fn applies(count: usize) {
    let (cloud, copy) = Strict::with_stack("together", STACK);
    slow_import(&cloud);
    let runs = at_once(&copy, &vec![["apply", "--yes"].as_slice(); count]);
    assert!(runs.iter().all(|run| run.code == 0), "{runs:#?}");
    assert!(
        runs.iter().any(|run| run.stderr.contains("who holds the lock since 2")),
        "one run waited, and named the holder: {runs:#?}"
    );
    ends(&cloud, &copy);
}

fn two_destroys() {
    let (cloud, copy) = Strict::with_stack("together", STACK);
    copy.apply();
    let runs = at_once(&copy, &[&["destroy", "--yes"], &["destroy", "--yes"]]);
    assert!(runs.iter().all(|run| run.code == 0), "{runs:#?}");
    cloud.assert_nothing_left(&copy);
}

/// In either order, either everything is there or nothing is.
fn apply_beside_destroy() {
    let (cloud, copy) = Strict::with_stack("together", STACK);
    for round in 0..6 {
        if round % 2 == 1 {
            copy.apply();
            // Something to do for both.
            copy.write(&copy.text().replace("10s", "20s"));
        }
        let runs = at_once(&copy, &[&["apply", "--yes"], &["destroy", "--yes"]]);
        assert!(runs.iter().all(|run| run.code == 0), "{runs:#?}");
        if !left(&copy, &cloud.url).is_empty() {
            ends(&cloud, &copy);
        }
    }
}

/// A run that looked, and does not know what happened before it got the lock, looks again. In the second round the only
/// change is the policy of a role, which is gone at the lock.
fn a_destroy_between_look_and_lock() {
    let (cloud, copy) = Strict::with_stack("together", STACK);
    let was = copy.text();
    for (seconds, edit_file) in [(0.5, true), (0.5, false), (4.0, true)] {
        copy.write(&was);
        copy.apply();
        if edit_file {
            copy.write(&was.replace("10s", "20s"));
        } else {
            let role = format!("{}-presign-eu-west-1", copy.stack().name);
            let iam = console(&copy, &cloud.url).iam;
            wait_for(iam.delete_role_policy().role_name(role).policy_name("stackctl").send()).unwrap();
        }
        cloud.faults(json!([{ "on": "ssm:PutParameter", "effect": { "delay": seconds } }]));
        let late = start(copy.command(&["apply", "--yes"]));
        eventually("it asks for the lock", || cloud.hits() == [1]);
        copy.succeed(&["destroy", "--yes"]);
        let late = said(late.wait_with_output().unwrap());
        assert_eq!(late.code, 0, "{late:?}");
        // On a slow day the destroy is the later one of the two.
        if !left(&copy, &cloud.url).is_empty() {
            ends(&cloud, &copy);
        }
    }
}

fn the_holder_is_killed() {
    let (cloud, copy) = Strict::with_stack("together", STACK);
    cloud.faults(json!([{ "on": "s3:CreateBucket", "effect": "hang" }]));
    let mut holder = start(copy.command(&["apply", "--yes"]));
    eventually("the holder writes", || cloud.hits() == [1]);
    let waiting = Waiting::start(copy.command(&["apply", "--yes"]));
    holder.kill().unwrap();
    holder.wait().unwrap();
    waiting.succeeds();
    ends(&cloud, &copy);
}

/// Locks that processes of another machine hold: one that is not renewed lapses after a minute, even where its clock
/// is wrong; one that is renewed does not.
fn locks_of_other_machines() {
    const LEASE: Duration = Duration::from_secs(60);
    const MINUTES: i64 = 10 * 60;
    let cloud = Strict::borrow();
    let copy = || cloud.working_copy("together", STACK).with_tiny_package();
    let (dead, dead_ahead, alive_behind) = (copy(), copy(), copy());
    let began = Instant::now();
    lock_elsewhere(&cloud, &dead, 0);
    lock_elsewhere(&cloud, &dead_ahead, MINUTES);
    lock_elsewhere(&cloud, &alive_behind, -MINUTES);
    let waiting =
        [&dead, &dead_ahead, &alive_behind].map(|it| Waiting::start(it.command(&["apply", "--yes"])));
    let [mut dead_waits, dead_ahead_waits, mut alive_behind_waits] = waiting;
    let mut renewed = Instant::now();
    while dead_waits.goes_on() {
        if renewed.elapsed() > LEASE / 4 {
            lock_elsewhere(&cloud, &alive_behind, -MINUTES);
            renewed = Instant::now();
        }
        assert!(began.elapsed() < LEASE * 3, "the lock never lapses");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(began.elapsed() > LEASE, "it had not lapsed yet");
    dead_waits.succeeds();
    dead_ahead_waits.succeeds();
    assert!(alive_behind_waits.goes_on(), "the lock was renewed");
    let aws = console(&alive_behind, &cloud.url);
    wait_for(aws.ssm.delete_parameter().name(lock_name(&alive_behind)).send()).unwrap();
    alive_behind_waits.succeeds();
    for copy in [dead, dead_ahead, alive_behind] {
        ends(&cloud, &copy);
    }
}

fn no_lock_for_nothing() {
    let (cloud, copy) = Strict::with_stack("together", STACK);
    copy.apply();
    let before = cloud.requests_so_far();
    copy.apply();
    let writes = cloud.requests(before).into_iter().filter(|it| it.write).map(|it| it.operation);
    assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new());
    copy.succeed(&["destroy", "--yes"]);
}

/// A run takes long enough that another one meets it.
fn slow_import(cloud: &Strict) {
    cloud.faults(json!([{ "on": "apigateway:PutRestApi", "times": null, "effect": { "delay": 1.5 } }]));
}

/// Everything is there, once; then it is taken away.
fn ends(cloud: &Strict, copy: &WorkingCopy) {
    copy.assert_settled();
    nothing_twice(copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(copy);
}

/// Runs the program several times at once.
fn at_once(copy: &WorkingCopy, runs: &[&[&str]]) -> Vec<Said> {
    let children: Vec<_> = runs.iter().map(|arguments| start(copy.command(arguments))).collect();
    children.into_iter().map(|child| said(child.wait_with_output().unwrap())).collect()
}

fn start(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// A run that waits for another run's lock, and has reported that.
struct Waiting {
    run: Child,
    rest: BufReader<std::process::ChildStderr>,
}

impl Waiting {
    fn start(command: Command) -> Waiting {
        let mut run = start(command);
        let mut rest = BufReader::new(run.stderr.take().unwrap());
        let mut said = String::new();
        // A year's first digit: the text says since when.
        while !said.contains("who holds the lock since 2") {
            assert_ne!(rest.read_line(&mut said).unwrap(), 0, "it ends and says: {said}");
        }
        Waiting { run, rest }
    }

    fn goes_on(&mut self) -> bool {
        self.run.try_wait().unwrap().is_none()
    }

    fn succeeds(mut self) {
        let rest: Vec<String> = self.rest.lines().map_while(Result::ok).collect();
        assert!(self.run.wait().unwrap().success(), "{rest:#?}");
    }
}

fn lock_name(copy: &WorkingCopy) -> String {
    format!("/stackctl/{}/lock", copy.stack().name)
}

/// Writes the lock as a process of another machine would, whose clock is so many seconds ahead.
fn lock_elsewhere(cloud: &Strict, copy: &WorkingCopy, ahead: i64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let now = now.saturating_add_signed(ahead);
    let process = json!({ "boot": "another", "namespace": "pid:[1]", "id": 7, "started": "7" });
    let held = json!({ "by": "ada@elsewhere", "since": now, "until": now + 60, "process": process });
    let aws = console(copy, &cloud.url);
    let put = aws.ssm.put_parameter().name(lock_name(copy)).value(held.to_string()).overwrite(true);
    wait_for(put.r#type("String".into()).send()).unwrap();
}
