//! `stackctl logs`: a busy function is followed, and every line is shown once.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_sdk_lambda::primitives::Blob;
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{
    cloud::{Cloud, console, eventually, wait_for},
    program::WorkingCopy,
    trial::trial,
};

const STACK: &str = "
stack: NAME
region: eu-west-1
functions:
  chatty: { package: tiny }
  quiet: { package: tiny }
";

/// A function in std alone: the event is a list of lines, which it logs.
const CHATTY: &str = include_str!("logs/chatty.rs");

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("logs::a_busy_function_is_followed", move || a_busy_function_is_followed(cloud)),
        trial("logs::bursts_and_late_events_are_shown_once", move || bursts_are_shown_once(cloud)),
        trial("logs::what_a_person_sees", move || what_a_person_sees(cloud)),
    ]
}

fn stack(cloud: &'static Cloud, of: &str) -> WorkingCopy {
    cloud.working_copy(of, STACK).with_tiny_function(CHATTY)
}

/// `stackctl logs --follow`, whose lines are collected.
struct Following {
    child: Child,
    lines: Arc<Mutex<Vec<Value>>>,
}

impl Following {
    fn begin(copy: &WorkingCopy, arguments: &[&str]) -> Following {
        let mut command = copy.command(&["logs", "--follow", "--json"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (out, into) = (BufReader::new(child.stdout.take().unwrap()), Arc::clone(&lines));
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                into.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        let following = Following { child, lines };
        eventually("it follows", || !following.lines.lock().unwrap().is_empty());
        following
    }

    /// The messages that begin with `line `, and how often each was shown.
    fn messages(&self) -> BTreeMap<String, usize> {
        let mut all = BTreeMap::new();
        for line in self.lines.lock().unwrap().iter().filter(|line| line["event"] == "log") {
            let message = line["message"].as_str().unwrap();
            if message.starts_with("line ") {
                *all.entry(message.to_owned()).or_default() += 1;
            }
        }
        all
    }

    /// Fails unless each of so many numbered lines is shown once, within a minute.
    fn sees_each_once(&self, count: usize) {
        let began = Instant::now();
        while self.messages().len() < count && began.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(100));
        }
        let messages = self.messages();
        let lost: Vec<usize> =
            (0..count).filter(|it| !messages.contains_key(&format!("line {it}"))).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        let twice: Vec<_> = messages.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "shown twice: {twice:?}");
    }

    /// Ctrl-C ends it at once, and successfully.
    fn end(mut self) {
        let began = Instant::now();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        assert!(began.elapsed() < Duration::from_secs(2), "it took {:?}", began.elapsed());
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn a_busy_function_is_followed(cloud: &'static Cloud) {
    const ROUNDS: usize = 12;
    const LINES: usize = 40;
    let copy = stack(cloud, "busy");
    copy.apply();
    let following = Following::begin(&copy, &["chatty"]);
    let aws = console(&copy, &cloud.url);
    let function = format!("{}-chatty", aws.stack);
    wait_for(async {
        for round in 0..ROUNDS {
            let lines: Vec<String> =
                (0..LINES).map(|line| format!("line {}", round * LINES + line)).collect();
            let payload = Blob::new(serde_json::to_vec(&lines).unwrap());
            let called = aws.lambda.invoke().function_name(&function).payload(payload).send().await.unwrap();
            assert_eq!(called.function_error(), None);
            if round % 4 == 3 {
                tokio::time::sleep(Duration::from_millis(700)).await;
            }
        }
    });
    following.sees_each_once(ROUNDS * LINES);
    let reports = following.lines.lock().unwrap().iter().filter(|it| it["milliseconds"].is_number()).count();
    assert_eq!(reports, ROUNDS);
    following.end();
    copy.succeed(&["destroy", "--yes"]);
}

/// More events than a page has, of the same millisecond, late ones, and others while earlier pages are read.
fn bursts_are_shown_once(cloud: &'static Cloud) {
    const BURST: usize = 6_000;
    const BURSTS: usize = 4;
    let copy = stack(cloud, "bursts");
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let group = format!("/aws/lambda/{}-chatty", aws.stack);
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    let put = async |stream: &str, range: std::ops::Range<usize>, time: i64| {
        for chunk in range.collect::<Vec<_>>().chunks(2_000) {
            let events = chunk.iter().map(|number| {
                // Ten events share a millisecond.
                let event = InputLogEvent::builder().timestamp(time + *number as i64 % 200);
                event.message(format!("line {number}")).build().unwrap()
            });
            let put = aws.logs.put_log_events().log_group_name(&group).log_stream_name(stream);
            put.set_log_events(Some(events.collect())).send().await.unwrap();
        }
    };
    wait_for(async {
        for stream in ["one", "two"] {
            let made = aws.logs.create_log_stream().log_group_name(&group).log_stream_name(stream);
            made.send().await.unwrap();
        }
        put("one", 0..BURST, now()).await;
        put("two", BURST..2 * BURST, now() - 3_000).await;
    });
    let following = Following::begin(&copy, &[]);
    wait_for(async {
        put("one", 2 * BURST..3 * BURST, now()).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        put("two", 3 * BURST..BURSTS * BURST, now() - 6_000).await;
    });
    following.sees_each_once(BURSTS * BURST);
    following.end();
    let all = copy.succeed(&["logs", "chatty", "--raw"]);
    assert_eq!(all.stdout.lines().count(), BURSTS * BURST);
    let others = copy.succeed(&["logs", "quiet"]);
    assert_eq!(others.stdout, "");
    copy.succeed(&["destroy", "--yes"]);
}

fn what_a_person_sees(cloud: &'static Cloud) {
    let copy = stack(cloud, "seen");
    let before = copy.succeed(&["logs"]);
    assert!(before.stderr.contains("chatty: nothing so far; the log group"), "{before:?}");
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let call = |function: &str, line: &str| {
        let payload = Blob::new(serde_json::to_vec(&[line]).unwrap());
        let name = format!("{}-{function}", aws.stack);
        wait_for(aws.lambda.invoke().function_name(name).payload(payload).send()).unwrap();
    };
    call("chatty", r#"{"level":"info","message":"hello","n":1}"#);
    call("quiet", r#"{"level":"error","message":"it \u001b[31mfailed"}"#);
    let all = copy.succeed(&["logs"]).stdout;
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines.len(), 4, "{all}");
    assert!(lines[0].ends_with(" chatty INFO hello n=1"), "{all}");
    assert!(lines[1].contains(" chatty ") && lines[1].contains(" ms, "), "{all}");
    assert!(lines[2].ends_with(" quiet ERROR it failed"), "{all}");
    let errors = copy.succeed(&["logs", "--errors"]).stdout;
    assert_eq!(errors.lines().collect::<Vec<_>>(), [lines[2]]);
    let raw = copy.succeed(&["logs", "chatty", "--raw"]).stdout;
    assert!(raw.starts_with("START RequestId: "), "{raw}");
    assert!(raw.contains("\n{\"level\":\"info\",\"message\":\"hello\",\"n\":1}\n"), "{raw}");
    let id = raw.split_whitespace().nth(2).unwrap();
    let of_request = copy.succeed(&["logs", "--raw", "--request", &id[..8]]).stdout;
    assert_eq!(of_request, raw);
    let unknown = copy.run(&["logs", "chaty"]);
    assert_eq!(unknown.code, 64);
    assert!(unknown.stderr.contains("its functions: chatty, quiet"), "{unknown:?}");
    assert_eq!(copy.run(&["logs", "--since", "soon"]).code, 64);
    copy.succeed(&["destroy", "--yes"]);
}
