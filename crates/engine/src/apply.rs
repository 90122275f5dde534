//! Executes a plan: the resources run concurrently, each action as soon as the outputs it needs are known.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt,
    sync::Arc,
    time::Instant,
};

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    address::Address,
    event::{Event, Events, Stop, Tell},
    failure::Failure,
    fault::Fault,
    graph::{AnyAction, AnyLive, Graph, Node},
    known::Known,
    look::Look,
    resource::{Cloud, Occasion},
};

/// The outcome of a run.
#[derive(Default)]
pub struct Run {
    /// How many actions were done.
    pub done: usize,
    /// The failures.
    pub failures: Vec<Failure>,
    /// The resources whose steps were not begun.
    pub skipped: Vec<Address>,
    /// The outputs of what exists now.
    pub known: Known,
}

impl Run {
    /// Whether a step may have failed because a resource that the look saw is gone.
    pub fn met_what_is_gone(&self) -> bool {
        self.failures.iter().any(|failure| failure.source.may_be_gone())
    }

    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.skipped.is_empty()
    }
}

/// An error: a resource still differs from the desired one after all its actions.
#[derive(Debug)]
struct NotConverging;

impl fmt::Display for NotConverging {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the cloud accepted every change and still reports a difference")
    }
}

impl Error for NotConverging {}

impl Fault for NotConverging {
    fn hint(&self) -> Option<String> {
        Some("another program may be changing it at the same time; run the command again".to_owned())
    }
}

/// The most actions of one resource in a run.
const MOST_ACTIONS: usize = 40;

/// The state that the resources of a run share.
#[derive(Clone, Default)]
struct Progress {
    known: Known,
    /// Resources that will not exist after this run.
    lost: BTreeSet<Address>,
}

/// Brings every resource to its desired state, then deletes the orphans.
///
/// A failed action skips only the steps that need its resource; all others go on.
pub async fn apply<C: Cloud>(graph: &Graph<C>, look: Look, cloud: &C, events: &Events, stop: &Stop) -> Run {
    let Look { mut live, strays, not_ours, known, holds, .. } = look;
    let mut run = Run::default();
    for address in not_ours.keys() {
        run.skip(address.clone(), None, events);
    }
    let lost = not_ours.keys().cloned().collect();
    let (progress, _) = watch::channel(Progress { known, lost });
    let ours = graph.nodes.iter().filter(|node| !not_ours.contains_key(&node.address));
    let runs = join_all(ours.map(|node| {
        let live = live.remove(&node.address);
        let seen = live.is_some() && !holds;
        reconcile(node, live, seen, cloud, &progress, events, stop)
    }))
    .await;
    for outcome in runs {
        run.take(outcome);
    }
    run.known = progress.borrow().known.clone();

    // An orphan may still be used by a resource that failed to change.
    if run.is_complete() {
        let mut by_kind: BTreeMap<usize, Vec<(Address, AnyLive)>> = BTreeMap::new();
        for (address, live) in strays {
            let rank = graph.kinds.0.iter().position(|(kind, _)| *kind == address.kind).unwrap_or_default();
            by_kind.entry(rank).or_default().push((address, live));
        }
        // Orphans have no edges: one of a later kind may be needed by one that could not be deleted, or be what it is
        // found by.
        let mut failed: Option<Address> = None;
        for (_, group) in by_kind.into_iter().rev() {
            if failed.is_some() {
                for (address, _) in group {
                    run.skip(address, failed.clone(), events);
                }
                continue;
            }
            let gone = join_all(group.into_iter().map(|(address, live)| {
                remove(graph, address, live, Occasion::RemovedFromFile, cloud, events, stop)
            }));
            for outcome in gone.await {
                failed = failed.or_else(|| outcome.failure.as_ref().map(|it| it.address.clone()));
                run.take(outcome);
            }
        }
    } else {
        for (address, _) in strays {
            run.skip(address, None, events);
        }
    }
    run
}

/// The outcome of one resource.
#[derive(Default)]
pub(crate) struct Outcome {
    pub done: usize,
    pub failure: Option<Failure>,
    pub skipped: Option<Address>,
}

impl Run {
    pub(crate) fn take(&mut self, outcome: Outcome) {
        self.done += outcome.done;
        self.failures.extend(outcome.failure);
        self.skipped.extend(outcome.skipped);
    }

    /// Leaves a resource as it is, as the plan says or because of another one.
    pub(crate) fn skip(&mut self, address: Address, because: Option<Address>, events: &Events) {
        events.tell(Event::Skipped { address: address.clone(), because });
        self.skipped.push(address);
    }
}

async fn reconcile<C: Cloud>(
    node: &Node<C>,
    mut live: Option<AnyLive>,
    seen: bool,
    cloud: &C,
    progress: &watch::Sender<Progress>,
    events: &Events,
    stop: &Stop,
) -> Outcome {
    let address = &node.address;
    let mut outcome = Outcome::default();
    loop {
        let known = progress.borrow().known.clone();
        let actions = node.thing.diff(live.as_ref(), &known);
        let Some(action) = actions.into_iter().next() else { return outcome };
        let skip = |outcome: &mut Outcome, because: Option<Address>| {
            events.tell(Event::Skipped { address: address.clone(), because });
            outcome.skipped = Some(address.clone());
            if live.is_none() {
                progress.send_modify(|it| {
                    it.lost.insert(address.clone());
                });
            }
        };
        match needed(node, &action, progress).await {
            // The outputs that this step waited for may change the diff.
            Ok(true) => continue,
            Ok(false) => {}
            Err(lost) => {
                skip(&mut outcome, Some(lost));
                return outcome;
            }
        }
        if stop.is_asked() {
            skip(&mut outcome, None);
            return outcome;
        }
        let step = action.step.what.clone();
        if outcome.done == MOST_ACTIONS {
            outcome.failure = Some(failed(address, step, Box::new(NotConverging), events));
            return outcome;
        }
        events.tell(Event::Began { address: address.clone(), step: step.clone() });
        let began = Instant::now();
        let tell = Tell { seen, ..Tell::new(address.clone(), events.clone(), stop.clone()) };
        match node.thing.perform(&action, live.take(), &known, cloud, &tell).await {
            Ok(now) => {
                outcome.done += 1;
                events.tell(Event::Done { address: address.clone(), step, took: began.elapsed() });
                let outputs = node.thing.outputs(&now);
                progress.send_modify(|it| drop(it.known.0.insert(address.clone(), outputs)));
                live = Some(now);
            }
            Err(source) => {
                outcome.failure = Some(failed(address, step, source, events));
                if !known.0.contains_key(address) {
                    progress.send_modify(|it| {
                        it.lost.insert(address.clone());
                    });
                }
                return outcome;
            }
        }
    }
}

/// Waits until everything that the action needs is known, and says whether it had to wait.
///
/// # Errors
/// The address of something that will not exist.
async fn needed<C: Cloud>(
    node: &Node<C>,
    action: &AnyAction,
    progress: &watch::Sender<Progress>,
) -> Result<bool, Address> {
    let needs: BTreeSet<&Address> = action.needed_by(node).collect();
    let missing = |it: &Progress| needs.iter().any(|need| !it.known.0.contains_key(*need));
    let lost = |it: &Progress| needs.iter().find(|need| it.lost.contains(**need)).map(|it| (*it).clone());
    if !missing(&progress.borrow()) {
        return Ok(false);
    }
    let mut receiver = progress.subscribe();
    let settled = receiver.wait_for(|it| !missing(it) || lost(it).is_some()).await;
    match settled.ok().and_then(|it| lost(&it)) {
        Some(address) => Err(address),
        None => Ok(true),
    }
}

pub(crate) fn failed(address: &Address, step: String, source: Box<dyn Fault>, events: &Events) -> Failure {
    let failure = Failure { address: address.clone(), step, source: Arc::from(source) };
    events.tell(Event::Failed(failure.clone()));
    failure
}

/// Deletes one resource.
pub(crate) async fn remove<C: Cloud>(
    graph: &Graph<C>,
    address: Address,
    live: AnyLive,
    occasion: Occasion,
    cloud: &C,
    events: &Events,
    stop: &Stop,
) -> Outcome {
    let mut outcome = Outcome::default();
    if stop.is_asked() {
        events.tell(Event::Skipped { address: address.clone(), because: None });
        outcome.skipped = Some(address);
        return outcome;
    }
    let kind = graph.kind_of(&address);
    let step = "delete".to_owned();
    events.tell(Event::Began { address: address.clone(), step: step.clone() });
    let began = Instant::now();
    let tell = Tell::new(address.clone(), events.clone(), stop.clone());
    match kind.delete(live, occasion, cloud, &tell).await {
        Ok(()) => {
            outcome.done = 1;
            events.tell(Event::Done { address, step, took: began.elapsed() });
        }
        Err(source) => outcome.failure = Some(failed(&address, step, source, events)),
    }
    outcome
}
