//! Follows one log group: decides what to ask for, and which events of a page are new.
//!
//! Events arrive late: Lambda sends them in batches, and each instance of a function has its own. So each poll begins
//! some seconds before the newest event, and events that were returned before are recognised by their ids. Only AWS's
//! own times count: a wrong clock of this machine loses no event.

use std::collections::BTreeSet;

use crate::event::{LogEvent, Page, PageRequest};

/// How far a poll looks back, in milliseconds.
const LOOK_BACK: i64 = 10_000;
/// How far every tenth poll looks back, for events that arrive very late.
const LOOK_FAR_BACK: i64 = 120_000;
const FAR_BACK_EVERY: u32 = 10;
/// The most events whose ids are remembered.
const MOST_REMEMBERED: usize = 100_000;

/// One followed log group.
#[derive(Debug)]
pub struct Tail {
    /// Older events are not asked for.
    floor: i64,
    /// The time of the newest event.
    newest: i64,
    /// The newest events that were returned, by time and id.
    remembered: BTreeSet<(i64, String)>,
    most_remembered: usize,
    polls: u32,
    poll: Option<Poll>,
}

/// A poll: its pages up to the one without a token.
#[derive(Debug)]
struct Poll {
    since: i64,
    token: Option<String>,
    /// The time up to which all events were returned.
    reached: i64,
}

impl Tail {
    /// A tail of the events since a time in milliseconds since 1970.
    pub fn since(since: i64) -> Tail {
        Tail {
            floor: since,
            newest: since,
            remembered: BTreeSet::new(),
            most_remembered: MOST_REMEMBERED,
            polls: 0,
            poll: None,
        }
    }

    /// Begins a poll, unless one is under way.
    pub fn begin(&mut self) {
        if self.poll.is_some() {
            return;
        }
        let back = if self.polls % FAR_BACK_EVERY == FAR_BACK_EVERY - 1 { LOOK_FAR_BACK } else { LOOK_BACK };
        let since = self.newest.saturating_sub(back).max(self.floor);
        self.poll = Some(Poll { since, token: None, reached: since });
    }

    /// The next request of the poll under way.
    pub fn request(&self) -> Option<PageRequest> {
        self.poll.as_ref().map(|poll| PageRequest { since: poll.since, token: poll.token.clone() })
    }

    /// The time up to which the poll under way has returned all events; none when no poll is under way.
    pub fn reached(&self) -> Option<i64> {
        self.poll.as_ref().map(|poll| poll.reached)
    }

    /// Takes the answer to the latest request, and returns its new events in the order of time.
    pub fn take(&mut self, page: Page) -> Vec<LogEvent> {
        let Page { mut events, next } = page;
        events.retain(|event| {
            event.time >= self.floor && self.remembered.insert((event.time, event.id.clone()))
        });
        // Of one stream, events of the same millisecond stay in their order.
        events.sort_by_key(|event| event.time);
        let last = events.last().map(|event| event.time);
        // A function can log with a time in the future; other events come before it.
        let newest = events.iter().map(|event| event.time.min(event.received)).max();
        self.newest = self.newest.max(newest.unwrap_or(self.newest));
        self.poll = match (self.poll.take(), next) {
            (Some(poll), Some(token)) => {
                let reached = poll.reached.max(last.unwrap_or(poll.reached));
                Some(Poll { token: Some(token), reached, ..poll })
            }
            (_, None) | (None, _) => {
                self.polls = self.polls.wrapping_add(1);
                None
            }
        };
        self.forget();
        events
    }

    /// Ends the poll under way: the log group does not exist, or the token is not valid any more. The next poll asks
    /// again for what was not returned.
    pub fn end_poll(&mut self) {
        self.poll = None;
    }

    /// Forgets events that no poll asks for again.
    fn forget(&mut self) {
        let oldest = self.newest.saturating_sub(LOOK_FAR_BACK).max(self.floor);
        self.remembered = self.remembered.split_off(&(oldest, String::new()));
        while self.remembered.len() > self.most_remembered
            && let Some((time, _)) = self.remembered.first()
        {
            // No later poll asks for an event that is not remembered.
            self.floor = time.saturating_add(1);
            self.remembered = self.remembered.split_off(&(self.floor, String::new()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(time: i64, id: &str) -> LogEvent {
        LogEvent { id: id.to_owned(), stream: "s".to_owned(), time, received: time, message: id.to_owned() }
    }

    fn page(events: &[(i64, &str)], next: Option<&str>) -> Page {
        Page {
            events: events.iter().map(|(time, id)| event(*time, id)).collect(),
            next: next.map(str::to_owned),
        }
    }

    fn ids(events: &[LogEvent]) -> Vec<&str> {
        events.iter().map(|it| it.id.as_str()).collect()
    }

    #[test]
    fn a_poll_goes_on_after_an_empty_page() {
        let mut tail = Tail::since(1_000);
        tail.begin();
        assert_eq!(tail.request(), Some(PageRequest { since: 1_000, token: None }));
        assert!(tail.take(page(&[], Some("a"))).is_empty());
        tail.begin();
        assert_eq!(tail.request(), Some(PageRequest { since: 1_000, token: Some("a".to_owned()) }));
        assert_eq!(ids(&tail.take(page(&[(1_500, "x")], None))), ["x"]);
        assert_eq!(tail.request(), None);
    }

    #[test]
    fn events_of_the_same_millisecond_and_late_ones_are_new_once() {
        let mut tail = Tail::since(0);
        tail.begin();
        assert_eq!(ids(&tail.take(page(&[(50_000, "a"), (50_000, "b")], None))), ["a", "b"]);
        tail.begin();
        assert_eq!(tail.request().unwrap().since, 40_000);
        let again = page(&[(41_000, "late"), (50_000, "a"), (50_000, "b"), (50_000, "c")], None);
        assert_eq!(ids(&tail.take(again)), ["late", "c"]);
    }

    #[test]
    fn every_tenth_poll_looks_far_back() {
        let mut tail = Tail::since(0);
        let mut since = Vec::new();
        for _ in 0..20 {
            tail.begin();
            since.push(tail.request().unwrap().since);
            tail.take(page(&[(500_000, "a")], None));
        }
        let far: Vec<usize> = (0..20).filter(|at| since[*at] == 380_000).collect();
        assert_eq!(far, [9, 19]);
        assert!(since[1..9].iter().all(|it| *it == 490_000), "{since:?}");
    }

    #[test]
    fn an_event_of_the_future_hides_no_other() {
        let mut tail = Tail::since(0);
        tail.begin();
        let future = LogEvent { received: 20_000, ..event(9_000_000, "future") };
        tail.take(Page { events: vec![event(20_000, "a"), future.clone()], next: None });
        tail.begin();
        assert_eq!(tail.request().unwrap().since, 10_000);
        assert_eq!(ids(&tail.take(Page { events: vec![event(21_000, "b"), future], next: None })), ["b"]);
    }

    #[test]
    fn memory_is_bounded_and_nothing_comes_twice() {
        let mut tail = Tail { most_remembered: 5, ..Tail::since(0) };
        let all: Vec<LogEvent> = (0..30).map(|at| event(100_000 + at / 3, &at.to_string())).collect();
        let mut seen = Vec::new();
        for end in 1..=30 {
            tail.begin();
            let since = tail.request().unwrap().since;
            let events = all[..end].iter().filter(|it| it.time >= since).cloned().collect();
            seen.extend(tail.take(Page { events, next: None }));
            assert!(tail.remembered.len() <= 5);
        }
        assert_eq!(seen, all);
    }
}
