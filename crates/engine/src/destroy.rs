//! Deletes a whole stack, each resource after those that depend on it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    address::Address,
    apply::{Outcome, Run, remove},
    event::{Event, Events, Stop},
    graph::{AnyLive, Graph, dependents},
    look::Look,
    plan::{Plan, Verb},
    resource::Cloud,
};

/// Executes the plan of a look whose aim is [`Aim::Destroy`](crate::look::Aim::Destroy).
///
/// A resource is skipped when one that must be deleted before it could not be deleted.
pub async fn destroy<C: Cloud>(
    graph: &Graph<C>,
    look: Look,
    plan: &Plan,
    cloud: &C,
    events: &Events,
    stop: &Stop,
) -> Run {
    let deleted: BTreeSet<Address> = plan
        .entries
        .iter()
        .filter(|entry| entry.steps.iter().any(|step| step.verb == Verb::Delete))
        .map(|entry| entry.address.clone())
        .collect();
    let Look { aim, live, strays, .. } = look;
    let occasion = aim.occasion();
    let mut run = Run::default();
    for entry in plan.skipped() {
        run.skip(entry.address.clone(), None, events);
    }

    let (here, _) = watch::channel(Remaining {
        here: live.keys().filter(|it| deleted.contains(*it)).cloned().collect(),
        stuck: BTreeSet::new(),
    });
    let before = dependents(&graph.nodes);
    let whole_of: BTreeMap<&Address, &Address> =
        graph.nodes.iter().filter_map(|node| Some((&node.address, node.part_of.as_ref()?))).collect();
    let wanted = join_all(live.into_iter().filter(|(address, _)| deleted.contains(address)).map(
        async |(address, live): (Address, AnyLive)| {
            let whole = whole_of.get(&address).filter(|whole| deleted.contains(*whole));
            let waits_for: Vec<&Address> = match whole {
                Some(whole) => vec![whole],
                None => before.get(&address).into_iter().flatten().collect(),
            };
            let outcome = match turn(&waits_for, &here).await {
                Ok(()) if whole.is_some() => gone_with_it(address.clone(), events),
                Ok(()) => remove(graph, address.clone(), live, occasion, cloud, events, stop).await,
                Err(because) => {
                    events.tell(Event::Skipped { address: address.clone(), because: Some(because) });
                    Outcome { skipped: Some(address.clone()), ..Outcome::default() }
                }
            };
            let gone = outcome.failure.is_none() && outcome.skipped.is_none();
            here.send_modify(|it| {
                if gone {
                    it.here.remove(&address);
                } else {
                    it.stuck.insert(address.clone());
                }
            });
            outcome
        },
    ));
    // Orphans have no edges: they go kind by kind, in the order of the look, until one can't be deleted. Those after it
    // may be needed by it, or be what it is found by.
    let unwanted = async {
        let mut outcomes: Vec<Outcome> = Vec::new();
        for (address, live) in strays.into_iter().filter(|(address, _)| deleted.contains(address)) {
            let failed = outcomes.iter().find_map(|it| it.failure.as_ref()).map(|it| it.address.clone());
            if failed.is_some() {
                events.tell(Event::Skipped { address: address.clone(), because: failed });
                outcomes.push(Outcome { skipped: Some(address), ..Outcome::default() });
                continue;
            }
            outcomes.push(remove(graph, address, live, occasion, cloud, events, stop).await);
        }
        outcomes
    };
    let (wanted, unwanted) = tokio::join!(wanted, unwanted);
    for outcome in wanted.into_iter().chain(unwanted) {
        run.take(outcome);
    }
    run
}

/// Reports a resource that AWS deleted together with its parent.
fn gone_with_it(address: Address, events: &Events) -> Outcome {
    let step = "delete".to_owned();
    events.tell(Event::Began { address: address.clone(), step: step.clone() });
    events.tell(Event::Done { address, step, took: Duration::ZERO });
    Outcome { done: 1, ..Outcome::default() }
}

struct Remaining {
    here: BTreeSet<Address>,
    stuck: BTreeSet<Address>,
}

/// Waits until none of `waits_for` is there any more.
///
/// # Errors
/// The address of something that stays.
async fn turn(waits_for: &[&Address], remaining: &watch::Sender<Remaining>) -> Result<(), Address> {
    let stuck = |it: &Remaining| waits_for.iter().find(|one| it.stuck.contains(**one));
    let mut receiver = remaining.subscribe();
    let settled =
        receiver.wait_for(|it| stuck(it).is_some() || waits_for.iter().all(|one| !it.here.contains(*one)));
    match settled.await.ok().and_then(|it| stuck(&it)) {
        Some(address) => Err((*address).clone()),
        None => Ok(()),
    }
}
