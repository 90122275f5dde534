//! The lock at its limits: holders that stand still, are killed or have another clock, and SSM's own oddities. Whatever
//! happens, the request log shows one writer at a time.

use std::{
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::{
    faults::generator::Dice,
    harness::{
        cloud::{Request, console, eventually, wait_for},
        inventory::{left, nothing_twice},
        program::{Said, WorkingCopy, said},
        soak,
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::STACK,
};

/// So many times as fast as usual do a lock's times pass in these tests; release builds know no such variable.
const TIMES_AS_FAST: u32 = if cfg!(debug_assertions) { 6 } else { 1 };
/// A lock that was not renewed for so long is taken over.
const LAPSE: Duration = Duration::from_secs(60 / TIMES_AS_FAST as u64);
const RENEWAL: Duration = Duration::from_secs(20 / TIMES_AS_FAST as u64);

pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn()| trial(format!("lock::{name}"), test);
    vec![
        trial("lock::random_freezes", random_freezes),
        trial("a_frozen_holder", a_frozen_holder),
        trial("a_frozen_holder_alone", a_frozen_holder_alone),
        trial("a_lock_that_was_taken_over_and_given_back", taken_over_and_given_back),
        trial("renewals_that_fail", renewals_that_fail),
        trial("clocks_that_are_wrong", clocks_that_are_wrong),
        trial("left_by_a_killed_run", left_by_a_killed_run),
        trial("deleted_again_by_ssm", deleted_again_by_ssm),
        trial("still_there_for_ssm", still_there_for_ssm),
    ]
}

/// The holder stands still for longer than its lock lasts, another run takes over, and the first one goes on: it ends
/// before its next write, and says who has the lock.
fn a_frozen_holder() {
    let (cloud, copy) = Strict::with_stack("lock", STACK);
    // The second delay keeps bob's lock until ada has looked at it: ada's run never updates the function.
    cloud.faults(json!([
        { "on": "apigateway:PutRestApi", "times": 1, "effect": { "delay": 6.0 } },
        { "on": "lambda:UpdateFunctionConfiguration", "times": null, "effect": { "delay": 5.0 } },
    ]));
    let ada = Run::start(&copy, "ada", "apply");
    eventually("ada waits", || waits(&cloud, &copy, "ada"));
    ada.signal("STOP");
    copy.write(&copy.text().replace("10s", "20s"));
    let bob = Run::start(&copy, "bob", "apply");
    eventually("bob updates the function", || cloud.hits() == [1, 1]);
    ada.signal("CONT");
    let (ada, bob) = (ada.end(), bob.end());
    assert_eq!(bob.code, 0, "{bob:?}\n{ada:?}");
    assert_eq!(ada.code, 1, "{ada:?}");
    assert_eq!(ada.stderr.matches("error:").count(), 1, "{}", ada.stderr);
    for words in ["lost the lock", "bob@", "holds the lock since 2"] {
        assert!(ada.stderr.contains(words), "{words}:\n{}", ada.stderr);
    }
    one_writer(&cloud, &copy);
    ends(&cloud, &copy);
}

/// No other run wanted the lock: the holder looks, renews it, and continues.
fn a_frozen_holder_alone() {
    let (cloud, copy) = Strict::with_stack("lock", STACK);
    slow_first(&cloud, 1.0);
    let ada = Run::start(&copy, "ada", "apply");
    eventually("ada waits", || waits(&cloud, &copy, "ada"));
    ada.signal("STOP");
    sleep(LAPSE + Duration::from_secs(1));
    let frozen = cloud.requests_so_far();
    ada.signal("CONT");
    let ada = ada.end();
    assert_eq!(ada.code, 0, "{ada:?}");
    let requests = people(cloud.requests(frozen), &copy);
    let writes: Vec<_> = requests.iter().filter(|it| it.write).map(|it| it.operation.as_str()).collect();
    assert_eq!(writes.first(), Some(&"ssm:PutParameter"), "it renewed before it wrote: {writes:?}");
    assert!(writes.iter().any(|it| !it.starts_with("ssm:")), "it wrote: {writes:?}");
    let [look, put] = ["ssm:GetParameter", "ssm:PutParameter"]
        .map(|operation| requests.iter().position(|it| it.operation == operation));
    assert!(look.is_some() && look < put, "it looked before it renewed: {requests:?}");
    ends(&cloud, &copy);
}

/// The other run has ended when the holder goes on: there is no lock, and it does not make one.
fn taken_over_and_given_back() {
    let (cloud, copy) = Strict::with_stack("lock", STACK);
    slow_first(&cloud, 1.0);
    let ada = Run::start(&copy, "ada", "apply");
    eventually("ada waits", || waits(&cloud, &copy, "ada"));
    ada.signal("STOP");
    let bob = Run::start(&copy, "bob", "apply").end();
    assert_eq!(bob.code, 0, "{bob:?}");
    ada.signal("CONT");
    let ada = ada.end();
    assert_eq!(ada.code, 1, "{ada:?}");
    assert_eq!(ada.stderr.matches("error:").count(), 1, "{}", ada.stderr);
    assert!(ada.stderr.contains("another run may have taken it over and ended since"), "{}", ada.stderr);
    one_writer(&cloud, &copy);
    ends(&cloud, &copy);
}

/// A run that can't renew its lock writes no more when the lease is over, and says why.
fn renewals_that_fail() {
    let (cloud, copy) = Strict::with_stack("lock", STACK);
    cloud.faults(json!([
        { "on": "ssm:GetParameter", "times": null, "effect": "expired_credentials" },
        { "on": "apigateway:PutRestApi", "times": null, "effect": { "delay": (LAPSE.as_secs_f64()) } },
    ]));
    let ada = Run::start(&copy, "ada", "apply").end();
    assert_eq!(ada.code, 1, "{ada:?}");
    assert_eq!(ada.stderr.matches("error:").count(), 1, "{}", ada.stderr);
    for words in ["could not be renewed", "ExpiredTokenException", "sign in again"] {
        assert!(ada.stderr.contains(words), "{words}:\n{}", ada.stderr);
    }
    cloud.faults(json!([]));
    copy.apply();
    ends(&cloud, &copy);
}

/// This machine's clock is four minutes ahead of SSM's or behind it, which AWS takes signatures of: a lock that is
/// renewed stays whose it is, though it seems to have lapsed long ago.
fn clocks_that_are_wrong() {
    const MINUTES: i32 = 4 * 60;
    for ahead in [-MINUTES, MINUTES] {
        let (cloud, copy) = Strict::with_stack("lock", STACK);
        let slow = json!([{ "on": "apigateway:PutRestApi", "times": null, "effect": { "delay": 6.0 } }]);
        cloud.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "clock_ahead": ahead, "faults": slow }));
        let ada = Run::start(&copy, "ada", "apply");
        eventually("ada writes", || cloud.hits() == [1]);
        let bob = Run::start(&copy, "bob", "apply").end();
        let ada = ada.end();
        assert_eq!((ada.code, bob.code), (0, 0), "{ahead}: {ada:?}\n{bob:?}");
        assert!(bob.stderr.contains("who holds the lock since 2"), "{}", bob.stderr);
        one_writer(&cloud, &copy);
        ends(&cloud, &copy);
    }
}

/// A run that is killed after its last write leaves its lock; the next run removes it, though it has nothing to write.
fn left_by_a_killed_run() {
    let (cloud, copy) = Strict::with_stack("lock", STACK);
    cloud.faults(json!([{ "on": "ssm:DeleteParameter", "effect": "hang" }]));
    let mut run =
        copy.command(&["apply", "--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    eventually("it gives the lock back", || cloud.hits() == [1]);
    run.kill().unwrap();
    run.wait().unwrap();
    cloud.faults(json!([]));
    let lock = || left(&copy, &cloud.url).into_iter().filter(|it| it.starts_with("/stackctl/")).count();
    assert_eq!(lock(), 1, "{:?}", left(&copy, &cloud.url));
    let said = copy.apply();
    assert!(said.stdout.contains("nothing to do") || said.stderr.contains("nothing to do"), "{said:?}");
    assert_eq!(lock(), 0);
    let before = cloud.requests_so_far();
    copy.apply();
    let asked = cloud.requests(before).into_iter().filter(|it| it.operation.starts_with("ssm:"));
    assert_eq!(asked.count(), 0, "and then there is nothing to ask for");
    ends(&cloud, &copy);
}

/// SSM deletes a lock again that was made within its thirty seconds: the holder makes it again, and others wait.
fn deleted_again_by_ssm() {
    let (cloud, copy) = Strict::with_stack("lock", STACK);
    let deleted_again = |time_scale: u32, faults: Value| {
        cloud.set(json!({
            "time_scale": time_scale, "new_bucket_misses": 0, "rules": { "*": false },
            "deleted_parameters": "deleted_again", "faults": faults,
        }));
    };
    let slow = (RENEWAL * 3).as_secs_f64();
    deleted_again(1, json!([{ "on": "apigateway:PutRestApi", "skip": 1, "effect": { "delay": slow } }]));
    copy.apply();
    copy.write(&copy.text().replace("localhost:5173", "localhost:4173"));
    let before = cloud.requests_so_far();
    let ada = Run::start(&copy, "ada", "apply");
    eventually("ada writes", || cloud.hits() == [1]);
    // The thirty seconds are over.
    deleted_again(0, json!([]));
    eventually("the lock is made twice", || {
        let made = cloud.requests(before).into_iter().filter(|it| it.operation == "ssm:PutParameter");
        made.count() == 2
    });
    let found = console(&copy, &cloud.url).ssm.get_parameter().name(lock_name(&copy)).send();
    assert_eq!(wait_for(found).unwrap().parameter().unwrap().version(), 1, "it had been deleted");
    copy.write(&copy.text().replace("10s", "20s"));
    let bob = Run::start(&copy, "bob", "apply").end();
    let ada = ada.end();
    assert_eq!((ada.code, bob.code), (0, 0), "{ada:?}\n{bob:?}");
    assert!(bob.stderr.contains("ada@"), "it waits: {}", bob.stderr);
    one_writer(&cloud, &copy);
    cloud.faults(json!([]));
    ends(&cloud, &copy);
}

/// SSM says for a while that a deleted lock is there, and that it is not: a run waits, with a bound.
fn still_there_for_ssm() {
    let (cloud, copy) = Strict::with_stack("lock", STACK);
    let still_there = |seconds: u32| {
        let seconds = json!({ "parameter_reuse": seconds });
        cloud.set(json!({
            "time_scale": 1, "new_bucket_misses": 0, "rules": { "*": false }, "seconds": seconds,
            "deleted_parameters": "still_there",
        }));
    };
    still_there(3);
    copy.apply();
    copy.write(&copy.text().replace("10s", "20s"));
    let began = Instant::now();
    let second = copy.apply();
    assert!(began.elapsed() > Duration::from_secs(2), "it had to wait");
    assert!(second.stderr.contains("SSM to take the lock again"), "{second:?}");
    still_there(3600);
    // The name is only then taken for an hour.
    copy.write(&copy.text().replace("20s", "10s"));
    std::thread::sleep(Duration::from_secs(4));
    copy.apply();
    copy.write(&copy.text().replace("10s", "20s"));
    let third = Run::start(&copy, "ada", "apply").end();
    assert_eq!(third.code, 1, "{third:?}");
    for words in ["could not lock the stack", "nothing was changed", "in a minute"] {
        assert!(third.stderr.contains(words), "{words}:\n{}", third.stderr);
    }
    cloud.faults(json!([]));
    copy.apply();
    ends(&cloud, &copy);
}

/// Two runs at once, each of which stands still at some moment for some time.
fn random_freezes() {
    let count = if soak::everything() { 50 } else { 2 };
    soak::each_seed(count, Strict::borrow, freezes);
}

fn freezes(cloud: &Strict, seed: u64) {
    let mut dice = Dice::new(seed);
    cloud.faults(json!([]));
    let copy = cloud.working_copy("lock", STACK).with_tiny_package();
    if dice.one_in(2) {
        copy.apply();
    }
    slow(cloud, 0.3);
    let runs = ["ada", "bob"].map(|who| {
        let seconds = *dice.pick(&["10s", "20s", "30s"]);
        copy.write(
            &STACK
                .replace("NAME", copy.stack().name.as_str())
                .replace("package: presign", "package: tiny")
                .replace("10s", seconds),
        );
        let command = *dice.pick(&["apply", "apply", "apply", "destroy"]);
        let run = Run::start(&copy, who, command);
        // The file is read before the next one is written.
        sleep(Duration::from_millis(200 + 100 * dice.below(15) as u64));
        let long = LAPSE.mul_f64(0.1 * dice.below(20) as f64);
        (run, Duration::from_millis(100 * dice.below(30) as u64), long)
    });
    let ended = runs.map(|(run, after, long)| {
        std::thread::spawn(move || {
            sleep(after);
            run.signal("STOP");
            sleep(long);
            run.signal("CONT");
            run.end()
        })
    });
    for run in ended {
        let said = run.join().unwrap();
        assert!([0, 1].contains(&said.code), "{said:?}");
        assert!(said.code == 0 || said.stderr.contains("lost the lock"), "{said:?}");
    }
    // Each run stands still once, at any moment.
    assert_writers(cloud, &copy, 2);
    cloud.faults(json!([]));
    copy.apply();
    ends(cloud, &copy);
}

/// A run of a person; its requests can be distinguished from others'.
struct Run(Child);

impl Run {
    fn start(copy: &WorkingCopy, who: &str, command: &str) -> Run {
        let mut run = copy.command(&[command, "--yes"]);
        run.env("USER", who).env("AWS_SDK_UA_APP_ID", app(copy, who));
        run.env("STACKCTL_TEST_LOCK_TIMES_AS_FAST", TIMES_AS_FAST.to_string());
        Run(run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        // It may have ended since.
        let _ = Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status();
    }

    fn end(self) -> Said {
        said(self.0.wait_with_output().unwrap())
    }
}

fn app(copy: &WorkingCopy, who: &str) -> String {
    format!("stackctl-{who}-{}", copy.stack().name)
}

/// The requests that the runs of people sent for a stack.
fn people(requests: Vec<Request>, copy: &WorkingCopy) -> Vec<Request> {
    let apps = ["ada", "bob"].map(|who| Some(app(copy, who)));
    requests.into_iter().filter(|it| apps.contains(&it.app)).collect()
}

fn is_write(request: &Request) -> bool {
    request.write && !request.operation.starts_with("ssm:")
}

/// Fails when a run wrote that had not been the last one to write the lock.
fn one_writer(cloud: &Strict, copy: &WorkingCopy) {
    assert_writers(cloud, copy, 0);
}

/// The same, but for so many requests that a run checked its lock for just before it was stopped, and sends when it goes
/// on: AWS has no fence against them.
fn assert_writers(cloud: &Strict, copy: &WorkingCopy, in_flight: usize) {
    let mut late = 0;
    let mut holder: Option<&str> = None;
    let requests = people(cloud.requests(0), copy);
    for (number, request) in requests.iter().enumerate() {
        let app = request.app.as_deref();
        match request.operation.as_str() {
            "ssm:PutParameter" if request.status == 200 => holder = app,
            "ssm:DeleteParameter" if request.status == 200 => holder = None,
            _ if is_write(request) && app != holder => {
                late += 1;
                let so_far: Vec<_> = requests[..=number].iter().filter(|it| it.write).collect();
                assert!(late <= in_flight, "a write without the lock: {so_far:#?}");
            }
            _ => {}
        }
    }
}

fn lock_name(copy: &WorkingCopy) -> String {
    format!("/stackctl/{}/lock", copy.stack().name)
}

/// The first import of an API takes six seconds, which is less than a lock lasts, and each later one so many.
fn slow_first(cloud: &Strict, seconds: f64) {
    cloud.faults(json!([
        { "on": "apigateway:PutRestApi", "times": 1, "effect": { "delay": 6.0 } },
        { "on": "apigateway:PutRestApi", "times": null, "effect": { "delay": seconds } },
    ]));
}

/// Whether a first apply of a person has sent all that does not wait for the import. A run that is stopped then has no
/// request that its lock was checked for and that is not sent yet.
fn waits(cloud: &Strict, copy: &WorkingCopy, who: &str) -> bool {
    const LAST: [&str; 5] = [
        "cognito-idp:CreateUserPoolClient",
        "iam:PutRolePolicy",
        "lambda:AddPermission",
        "logs:PutRetentionPolicy",
        "s3:PutBucketCors",
    ];
    let app = Some(app(copy, who));
    let sent = people(cloud.requests(0), copy);
    let sent = |operation: &&str| sent.iter().any(|it| it.app == app && it.operation == *operation);
    cloud.hits() == [1, 0] && LAST.iter().all(sent)
}

/// Each import of an API takes so many seconds.
fn slow(cloud: &Strict, seconds: f64) {
    cloud.faults(json!([{ "on": "apigateway:PutRestApi", "times": null, "effect": { "delay": seconds } }]));
}

/// Everything is there, once; then it is taken away.
fn ends(cloud: &Strict, copy: &WorkingCopy) {
    cloud.faults(json!([]));
    copy.assert_settled();
    nothing_twice(copy, &cloud.url);
    copy.succeed(&["destroy", "--yes"]);
    cloud.assert_nothing_left(copy);
}
