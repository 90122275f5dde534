//! Executes a plan: the resources run concurrently, each action as soon as the outputs it needs are known.

use std::{collections::BTreeSet, error::Error, fmt, time::Instant};

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    address::Address,
    event::{Event, Events, Reporter, Stop},
    fault::Fault,
    graph::{AnyAction, AnyLive, Graph, Node},
    known::Known,
    look::Look,
    resource::Cloud,
    run::{Outcome, Run, delete_orphans, failed, release_orphans},
};

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

/// Executes the plan of a look whose aim is [`Aim::Apply`](crate::Aim::Apply): brings every resource to its desired
/// state, then deletes the orphans, or releases them.
///
/// A failed action skips only the steps that need its resource; all others go on.
pub async fn apply<C: Cloud>(graph: &Graph<C>, look: Look, cloud: &C, events: &Events, stop: &Stop) -> Run {
    let goes = look.orphans_that_go();
    let Look { aim, mut live, mut orphans, not_ours, known, holds, releases, .. } = look;
    for of_kind in &mut orphans {
        of_kind.retain(|(address, _)| goes.contains(address));
    }
    let mut run = Run::default();
    for address in not_ours.keys() {
        run.add(Outcome::skipped(address.clone(), None, events));
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
        run.add(outcome);
    }
    run.known = progress.borrow().known.clone();

    // An orphan may still be used by a resource that failed to change.
    let orphans = if run.is_complete() && releases {
        release_orphans(graph, orphans, cloud, events, stop).await
    } else if run.is_complete() {
        delete_orphans(graph, orphans, aim, cloud, events, stop).await
    } else {
        let skipped = orphans.into_iter().flatten();
        skipped.map(|(address, _)| Outcome::skipped(address, None, events)).collect()
    };
    for outcome in orphans {
        run.add(outcome);
    }
    run
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
        let actions = node.resource.diff(live.as_ref(), &known);
        let Some(action) = actions.into_iter().next() else { return outcome };
        let skip = |outcome: &mut Outcome, because: Option<Address>| {
            events.send(Event::Skipped { address: address.clone(), because });
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
        let step = action.step.verb.label();
        if outcome.done == MOST_ACTIONS {
            outcome.failure = Some(failed(address, step, Box::new(NotConverging), events));
            return outcome;
        }
        events.send(Event::Began { address: address.clone(), step });
        let began = Instant::now();
        let reporter = Reporter { seen, ..Reporter::new(address.clone(), events.clone(), stop.clone()) };
        match node.resource.perform(&action, live.take(), &known, cloud, &reporter).await {
            Ok(now) => {
                outcome.done += 1;
                events.send(Event::Done { address: address.clone(), step, took: began.elapsed() });
                let outputs = node.resource.outputs(&now);
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

/// Waits until the outputs of all resources that the action needs are known, and returns whether it had to wait.
///
/// # Errors
/// The address of a resource that will not exist.
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
