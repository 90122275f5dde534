//! The result of a run, and the deletions that apply and destroy have in common.

use std::{sync::Arc, time::Instant};

use futures_util::future::join_all;

use crate::{
    address::Address,
    event::{Event, Events, Reporter, Stop},
    failure::Failure,
    fault::Fault,
    graph::{AnyLive, Graph},
    known::Known,
    plan::Label,
    resource::{Aim, Cloud},
};

/// The result of a run.
#[derive(Default)]
pub struct Run {
    /// The number of actions that were done.
    pub done: usize,
    /// The failures.
    pub failures: Vec<Failure>,
    /// The resources whose steps were not begun.
    pub skipped: Vec<Address>,
    /// The outputs of the resources that exist now.
    pub known: Known,
}

impl Run {
    /// Whether a step may have failed because a resource that existed during the look was deleted since.
    pub fn met_what_is_gone(&self) -> bool {
        self.failures.iter().any(|failure| failure.source.may_be_gone())
    }

    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.skipped.is_empty()
    }

    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.done += outcome.done;
        self.failures.extend(outcome.failure);
        self.skipped.extend(outcome.skipped);
    }
}

/// The result of a run for one resource.
#[derive(Default)]
pub(crate) struct Outcome {
    pub done: usize,
    pub failure: Option<Failure>,
    pub skipped: Option<Address>,
}

impl Outcome {
    /// Reports a resource that is left unchanged; `because` is as in [`Event::Skipped`].
    pub(crate) fn skipped(address: Address, because: Option<Address>, events: &Events) -> Outcome {
        events.send(Event::Skipped { address: address.clone(), because });
        Outcome { skipped: Some(address), ..Outcome::default() }
    }
}

/// Reports a failed step.
pub(crate) fn failed(address: &Address, step: Label, source: Box<dyn Fault>, events: &Events) -> Failure {
    let failure = Failure { address: address.clone(), step, source: Arc::from(source) };
    events.send(Event::Failed(failure.clone()));
    failure
}

/// Releases one orphan.
async fn release<C: Cloud>(
    graph: &Graph<C>,
    address: Address,
    live: AnyLive,
    cloud: &C,
    events: &Events,
    stop: &Stop,
) -> Outcome {
    if stop.is_asked() {
        return Outcome::skipped(address, None, events);
    }
    let step = Label::RELEASE;
    events.send(Event::Began { address: address.clone(), step });
    let began = Instant::now();
    let reporter = Reporter::new(address.clone(), events.clone(), stop.clone());
    let failure = match graph.kind_of(&address).release(live, cloud, &reporter).await {
        Ok(()) => {
            events.send(Event::Done { address, step, took: began.elapsed() });
            None
        }
        Err(source) => Some(failed(&address, step, source, events)),
    };
    Outcome { done: usize::from(failure.is_none()), failure, skipped: None }
}

/// Releases orphans, all at once: none of them goes away.
pub(crate) async fn release_orphans<C: Cloud>(
    graph: &Graph<C>,
    orphans: Vec<Vec<(Address, AnyLive)>>,
    cloud: &C,
    events: &Events,
    stop: &Stop,
) -> Vec<Outcome> {
    let all = orphans.into_iter().flatten();
    join_all(all.map(|(address, live)| release(graph, address, live, cloud, events, stop))).await
}

/// Deletes one resource.
pub(crate) async fn delete<C: Cloud>(
    graph: &Graph<C>,
    address: Address,
    live: AnyLive,
    aim: Aim,
    cloud: &C,
    events: &Events,
    stop: &Stop,
) -> Outcome {
    if stop.is_asked() {
        return Outcome::skipped(address, None, events);
    }
    let mut outcome = Outcome::default();
    let (kind, step) = (graph.kind_of(&address), Label::DELETE);
    events.send(Event::Began { address: address.clone(), step });
    let began = Instant::now();
    let reporter = Reporter::new(address.clone(), events.clone(), stop.clone());
    match kind.delete(live, graph.desired(&address), aim, cloud, &reporter).await {
        Ok(()) => {
            outcome.done = 1;
            events.send(Event::Done { address, step, took: began.elapsed() });
        }
        Err(source) => outcome.failure = Some(failed(&address, step, source, events)),
    }
    outcome
}

/// Deletes orphans, one kind after the other, and skips the rest once one could not be deleted: orphans have no edges, so
/// one of a later kind may be needed by it, or be the resource by which it is found.
pub(crate) async fn delete_orphans<C: Cloud>(
    graph: &Graph<C>,
    orphans: Vec<Vec<(Address, AnyLive)>>,
    aim: Aim,
    cloud: &C,
    events: &Events,
    stop: &Stop,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for of_kind in orphans {
        let failed = outcomes.iter().find_map(|it| it.failure.as_ref()).map(|it| it.address.clone());
        if failed.is_some() {
            let rest = of_kind.into_iter();
            outcomes.extend(rest.map(|(address, _)| Outcome::skipped(address, failed.clone(), events)));
        } else {
            let deletions = of_kind
                .into_iter()
                .map(|(address, live)| delete(graph, address, live, aim, cloud, events, stop));
            outcomes.extend(join_all(deletions).await);
        }
    }
    outcomes
}
