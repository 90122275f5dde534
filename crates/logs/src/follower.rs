//! Follows several log groups at once, and returns their events in the order of time.

use std::collections::VecDeque;

use crate::{
    event::{LogEvent, Page, PageRequest},
    tail::Tail,
};

/// The answer to a request for a page.
#[derive(Debug)]
pub enum Answer {
    /// A page of events.
    Page(Page),
    /// The log group does not exist: there are no events so far.
    NoGroup,
    /// The token is not valid any more.
    TokenExpired,
}

/// Several followed log groups.
#[derive(Debug)]
pub struct Follower {
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    tail: Tail,
    /// Events that older ones of another group may come before.
    waiting: VecDeque<LogEvent>,
    exists: bool,
}

impl Follower {
    /// Follows so many log groups from a time in milliseconds since 1970.
    pub fn new(groups: usize, since: i64) -> Follower {
        let group = || Group { tail: Tail::since(since), waiting: VecDeque::new(), exists: true };
        Follower { groups: (0..groups).map(|_| group()).collect() }
    }

    /// The numbers of the log groups that did not exist in the latest poll.
    pub fn missing(&self) -> impl Iterator<Item = usize> {
        self.groups.iter().enumerate().filter(|(_, group)| !group.exists).map(|(at, _)| at)
    }

    /// Polls each log group once: asks for its pages, one after the other, and shows all events that are new, the oldest
    /// first. `ask` gets the number of a log group. After an error the next poll continues where this one ended.
    ///
    /// # Errors
    /// Those of `ask`.
    pub async fn poll<E>(
        &mut self,
        ask: impl AsyncFn(usize, PageRequest) -> Result<Answer, E>,
        mut show: impl FnMut(usize, LogEvent),
    ) -> Result<(), E> {
        for group in &mut self.groups {
            group.tail.begin();
        }
        while let Some((at, request)) = self.next() {
            let answer = ask(at, request).await?;
            let Some(group) = self.groups.get_mut(at) else { break };
            group.exists = !matches!(answer, Answer::NoGroup);
            match answer {
                Answer::Page(page) => group.waiting.extend(group.tail.take(page)),
                Answer::NoGroup => group.tail.end_poll(),
                Answer::TokenExpired => {
                    group.tail.end_poll();
                    group.tail.begin();
                }
            }
            while let Some((at, event)) = self.oldest() {
                show(at, event);
            }
        }
        Ok(())
    }

    /// The group that is furthest behind, and its next request: the other groups' events wait for it.
    fn next(&self) -> Option<(usize, PageRequest)> {
        let under_way = self.groups.iter().enumerate();
        let under_way = under_way.filter_map(|(at, group)| Some((group.tail.reached()?, at, group)));
        let (_, at, group) = under_way.min_by_key(|(reached, at, _)| (*reached, *at))?;
        Some((at, group.tail.request()?))
    }

    /// Takes the oldest event that no other event can come before.
    fn oldest(&mut self) -> Option<(usize, LogEvent)> {
        let reached = self.groups.iter().filter_map(|group| group.tail.reached()).min();
        let first = self.groups.iter().enumerate().filter_map(|(at, group)| {
            let time = group.waiting.front()?.time;
            reached.is_none_or(|reached| time <= reached).then_some((time, at))
        });
        let (_, at) = first.min()?;
        Some((at, self.groups.get_mut(at)?.waiting.pop_front()?))
    }
}

#[cfg(test)]
mod tests;
