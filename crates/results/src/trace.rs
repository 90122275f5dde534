//! A run as a timeline in Chrome's trace format: steps by resource, requests by service.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::Instant,
};

use serde_json::{Value, json};
use stackctl_aws_client::recorder::Recorder;
use stackctl_engine::{Address, Event};

/// The timeline of this run.
#[derive(Debug)]
pub struct Trace {
    file: PathBuf,
    began: Instant,
    recorder: Recorder,
    spans: Vec<Span>,
    /// The step under way at each resource, and its wait.
    doing: BTreeMap<Address, Vec<(String, Instant)>>,
}

/// An interval of the timeline.
#[derive(Debug)]
struct Span {
    group: String,
    track: usize,
    name: String,
    began: Instant,
    ended: Instant,
    about: Value,
}

impl Trace {
    /// Begins a timeline that `write` writes to `file`.
    pub fn begin(file: &Path) -> Trace {
        Trace {
            file: file.to_owned(),
            began: Instant::now(),
            recorder: Recorder::default(),
            spans: Vec::new(),
            doing: BTreeMap::new(),
        }
    }

    /// The recorder of requests.
    pub fn recorder(&self) -> Recorder {
        self.recorder.clone()
    }

    /// Takes an event of the run.
    pub fn event(&mut self, event: &Event) {
        let now = Instant::now();
        match event {
            Event::Began { address, step } => self.begins(address, 0, step.to_string(), now),
            Event::Waiting { address, for_what } => {
                let depth = usize::from(self.doing.contains_key(address));
                let text = format!("wait for {for_what}");
                let same =
                    self.doing.get(address).and_then(|it| it.last()).is_some_and(|(it, _)| *it == text);
                if !same {
                    self.begins(address, depth, text, now);
                }
            }
            Event::Done { address, .. } => self.ends(address, 0, "done", now),
            Event::Failed(failure) => self.ends(&failure.address, 0, "failed", now),
            Event::Skipped { .. } => {}
        }
    }

    /// Adds a phase of the command, such as looking.
    pub fn phase(&mut self, name: &str, began: Instant) {
        let span = Span {
            group: "phases".to_owned(),
            track: 0,
            name: name.to_owned(),
            began,
            ended: Instant::now(),
            about: Value::Null,
        };
        self.spans.push(span);
    }

    fn begins(&mut self, address: &Address, depth: usize, name: String, now: Instant) {
        self.ends(address, depth, "done", now);
        self.doing.entry(address.clone()).or_default().push((name, now));
    }

    /// Ends the spans of a resource from `depth` on.
    fn ends(&mut self, address: &Address, depth: usize, result: &str, now: Instant) {
        let Some(doing) = self.doing.get_mut(address) else { return };
        for (name, began) in doing.drain(depth.min(doing.len())..) {
            let group = address.to_string();
            let about = json!({ "result": result });
            self.spans.push(Span { group, track: 0, name, began, ended: now, about });
        }
        if doing.is_empty() {
            self.doing.remove(address);
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// The file, and the system's error.
    pub fn write(mut self) -> Result<(), (PathBuf, io::Error)> {
        let now = Instant::now();
        for address in self.doing.keys().cloned().collect::<Vec<_>>() {
            self.ends(&address, 0, "left", now);
        }
        let text = self.text();
        fs::write(&self.file, text).map_err(|error| (self.file, error))
    }

    fn text(&self) -> String {
        let requests = requests(&self.recorder);
        let spans: Vec<&Span> = self.spans.iter().chain(&requests).collect();
        let mut groups: Vec<&str> = spans.iter().map(|it| it.group.as_str()).collect();
        groups.sort_by_key(|it| (it.starts_with("requests"), *it));
        groups.dedup();
        let number = |group: &str| groups.iter().position(|it| *it == group).unwrap_or_default() + 1;
        let microseconds = |at: Instant| at.saturating_duration_since(self.began).as_secs_f64() * 1e6;
        let names = groups.iter().map(|group| {
            json!({ "ph": "M", "name": "process_name", "pid": number(group), "args": { "name": group } })
        });
        let order = groups.iter().map(|group| {
            let place = number(group);
            json!({ "ph": "M", "name": "process_sort_index", "pid": place, "args": { "sort_index": place } })
        });
        let spans = spans.iter().map(|Span { group, track, name, began, ended, about }| {
            json!({
                "ph": "X", "name": name, "pid": number(group), "tid": track + 1, "args": about,
                "ts": microseconds(*began), "dur": microseconds(*ended) - microseconds(*began),
            })
        });
        let events: Vec<Value> = names.chain(order).chain(spans).collect();
        json!({ "displayTimeUnit": "ms", "traceEvents": events }).to_string()
    }
}

/// The requests of each service. Requests that overlap are on different tracks, since spans of one track must nest.
fn requests(recorder: &Recorder) -> Vec<Span> {
    let mut requests = recorder.requests();
    requests.sort_by_key(|it| it.began);
    let mut tracks: BTreeMap<String, Vec<Instant>> = BTreeMap::new();
    let spans = requests.into_iter().map(|it| {
        let free_from = tracks.entry(it.service.clone()).or_default();
        let track = free_from.iter().position(|from| *from <= it.began).unwrap_or(free_from.len());
        match free_from.get_mut(track) {
            Some(from) => *from = it.ended,
            None => free_from.push(it.ended),
        }
        let about = json!({ "status": it.status });
        let group = format!("requests to {}", it.service);
        Span { group, track, name: it.operation, began: it.began, ended: it.ended, about }
    });
    spans.collect()
}

#[cfg(test)]
mod tests {
    use stackctl_engine::Label;

    use super::*;

    /// Each span as `group/track: name`, from the text that viewers read.
    fn spans(trace: &Trace) -> Vec<String> {
        let read: Value = serde_json::from_str(&trace.text()).unwrap();
        let events = read["traceEvents"].as_array().unwrap();
        let name_of = |pid: &Value| {
            let named = events.iter().find(|it| it["name"] == "process_name" && it["pid"] == *pid);
            named.unwrap()["args"]["name"].as_str().unwrap().to_owned()
        };
        let spans = events.iter().filter(|it| it["ph"] == "X");
        spans
            .map(|it| {
                assert!(it["dur"].as_f64().unwrap() >= 0.0 && it["ts"].as_f64().unwrap() >= 0.0);
                format!("{}/{}: {}", name_of(&it["pid"]), it["tid"], it["name"].as_str().unwrap())
            })
            .collect()
    }

    #[test]
    fn steps_hold_their_waits() {
        let mut trace = Trace::begin(Path::new("unused"));
        let address = Address { kind: "function", name: "presign".to_owned() };
        let wait =
            |for_what: &str| Event::Waiting { address: address.clone(), for_what: for_what.to_owned() };
        trace.event(&Event::Began { address: address.clone(), step: Label::CREATE });
        trace.event(&wait("the role"));
        trace.event(&wait("the role"));
        trace.event(&wait("the code"));
        let took = std::time::Duration::ZERO;
        trace.event(&Event::Done { address: address.clone(), step: Label::CREATE, took });
        assert_eq!(
            spans(&trace),
            [
                "function.presign/1: wait for the role",
                "function.presign/1: create",
                "function.presign/1: wait for the code"
            ]
        );
        assert!(trace.doing.is_empty());
    }
}
