//! The follower against a simulated FilterLogEvents: late events, small and empty pages, events of the same
//! millisecond, throttling, tokens that expire.

use std::{cell::RefCell, collections::BTreeSet};

use super::*;

/// A random number generator that repeats itself for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// FilterLogEvents of several log groups: an event is visible from the time on at which it was received.
struct Logs {
    /// The events of each group.
    groups: Vec<Vec<LogEvent>>,
    clock: i64,
    random: Random,
    most_in_a_page: u64,
    /// Whether some requests are throttled, and some tokens expire.
    fails: bool,
}

#[derive(Debug, PartialEq)]
struct Throttled;

impl Logs {
    fn new(seed: u64, groups: usize) -> Logs {
        let groups = vec![Vec::new(); groups];
        Logs { groups, clock: 1_000_000, random: Random(seed), most_in_a_page: 7, fails: true }
    }

    /// Logs so many events in some milliseconds; some of them are received late.
    fn burst(&mut self, group: usize, count: u64, latest: u64) {
        for _ in 0..count {
            let number = self.groups[group].len();
            let time = self.clock - self.random.below(20) as i64;
            let late = if self.random.below(4) == 0 { self.random.below(latest.max(1)) as i64 } else { 0 };
            let event = LogEvent {
                id: format!("{group}-{number}"),
                stream: format!("s{}", self.random.below(3)),
                time,
                received: self.clock + late,
                message: number.to_string(),
            };
            self.groups[group].push(event);
        }
    }

    fn answer(&mut self, group: usize, request: PageRequest) -> Result<Answer, Throttled> {
        match self.random.below(20) {
            _ if !self.fails => {}
            0 => return Err(Throttled),
            1 if request.token.is_some() => return Ok(Answer::TokenExpired),
            _ => {}
        }
        let seen = |event: &&LogEvent| event.received <= self.clock && event.time >= request.since;
        let mut events: Vec<LogEvent> = self.groups[group].iter().filter(seen).cloned().collect();
        events.sort_by_key(|event| (event.time, event.received));
        let skip: usize = request.token.map_or(0, |it| it.parse().unwrap());
        // AWS returns an empty page with a token when it has searched for long.
        let size =
            if self.random.below(5) == 0 { 0 } else { 1 + self.random.below(self.most_in_a_page) as usize };
        let next = (skip + size < events.len()).then(|| (skip + size).to_string());
        let events = events.into_iter().skip(skip).take(size.max(usize::from(next.is_none()))).collect();
        Ok(Answer::Page(Page { events, next }))
    }
}

type Shown = Vec<(usize, LogEvent)>;

async fn poll(follower: &mut Follower, logs: &RefCell<Logs>, shown: &mut Shown) {
    loop {
        let ask = async |group, request| logs.borrow_mut().answer(group, request);
        if follower.poll(ask, |group, event| shown.push((group, event))).await.is_ok() {
            return;
        }
    }
}

/// Fails unless each event was shown once.
fn each_once(logs: &RefCell<Logs>, shown: &Shown, seed: u64) {
    let ids: BTreeSet<&str> = shown.iter().map(|(_, event)| event.id.as_str()).collect();
    assert_eq!(ids.len(), shown.len(), "seed {seed}: an event was shown twice");
    let all: usize = logs.borrow().groups.iter().map(Vec::len).sum();
    assert_eq!(shown.len(), all, "seed {seed}: an event was lost");
}

#[tokio::test]
async fn no_event_is_lost_or_shown_twice() {
    for seed in 0..40 {
        let logs = RefCell::new(Logs::new(seed, 3));
        let mut follower = Follower::new(3, 0);
        let mut shown = Shown::new();
        for _ in 0..30 {
            {
                let mut logs = logs.borrow_mut();
                logs.clock += 1_000;
                for group in 0..3 {
                    let count = logs.random.below(12);
                    logs.burst(group, count, 8_000);
                }
            }
            poll(&mut follower, &logs, &mut shown).await;
        }
        logs.borrow_mut().clock += 10_000;
        poll(&mut follower, &logs, &mut shown).await;
        each_once(&logs, &shown, seed);
    }
}

/// A poll in ten looks back two minutes.
#[tokio::test]
async fn events_that_arrive_very_late_are_shown() {
    for seed in 0..10 {
        let logs = RefCell::new(Logs::new(seed, 1));
        let mut follower = Follower::new(1, 0);
        let mut shown = Shown::new();
        for _ in 0..60 {
            {
                let mut logs = logs.borrow_mut();
                logs.clock += 2_000;
                logs.burst(0, 3, 80_000);
            }
            poll(&mut follower, &logs, &mut shown).await;
        }
        for _ in 0..50 {
            logs.borrow_mut().clock += 2_000;
            poll(&mut follower, &logs, &mut shown).await;
        }
        each_once(&logs, &shown, seed);
    }
}

/// The history of several groups is in the order of time, however the pages end.
#[tokio::test]
async fn groups_are_interleaved_by_time() {
    for seed in 0..20 {
        let logs = RefCell::new(Logs::new(seed, 4));
        for _ in 0..20 {
            let mut logs = logs.borrow_mut();
            logs.clock += 100;
            for group in 0..4 {
                let count = logs.random.below(10);
                logs.burst(group, count, 0);
            }
        }
        let mut follower = Follower::new(4, 0);
        let mut shown = Shown::new();
        poll(&mut follower, &logs, &mut shown).await;
        each_once(&logs, &shown, seed);
        // A token that expired begins the search again, ten seconds back; nothing is shown twice or out of order.
        assert!(shown.is_sorted_by_key(|(_, event)| event.time), "seed {seed}");
    }
}

/// The group that is furthest behind is asked first, so few events wait in memory.
#[tokio::test]
async fn what_is_shown_does_not_wait_for_the_last_page() {
    let mut all = Logs { fails: false, ..Logs::new(1, 2) };
    for _ in 0..50 {
        all.clock += 100;
        all.burst(0, 20, 0);
        all.burst(1, 20, 0);
    }
    let most = 4 * all.most_in_a_page as usize;
    let logs = RefCell::new(all);
    let (read, shown) = (RefCell::new(0), RefCell::new(0));
    let mut follower = Follower::new(2, 0);
    let ask = async |group, request| {
        let waiting = *read.borrow() - *shown.borrow();
        assert!(waiting <= most, "{waiting} events wait");
        let answer = logs.borrow_mut().answer(group, request)?;
        if let Answer::Page(page) = &answer {
            *read.borrow_mut() += page.events.len();
        }
        Ok::<Answer, Throttled>(answer)
    };
    follower.poll(ask, |_, _| *shown.borrow_mut() += 1).await.unwrap();
    assert_eq!(*shown.borrow(), 2_000);
}

#[tokio::test]
async fn a_group_that_is_not_there_yet_has_no_events() {
    let mut follower = Follower::new(2, 0);
    let ask = async |group, _| -> Result<Answer, Throttled> {
        let event = LogEvent {
            id: "a".to_owned(),
            stream: String::new(),
            time: 5,
            received: 5,
            message: String::new(),
        };
        Ok(if group == 0 { Answer::NoGroup } else { Answer::Page(Page { events: vec![event], next: None }) })
    };
    let mut shown = Shown::new();
    follower.poll(ask, |group, event| shown.push((group, event))).await.unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!(follower.missing().collect::<Vec<_>>(), [0]);
}
