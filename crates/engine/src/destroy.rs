//! Deletes a whole stack, each resource after those that depend on it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    address::Address,
    event::{Event, Events, Stop},
    graph::{AnyLive, Graph, dependents},
    look::Look,
    plan::{Label, Plan, Verb},
    resource::Cloud,
    run::{Outcome, Run, delete, delete_orphans},
};

/// Executes the plan of a look whose aim is [`Aim::Destroy`](crate::Aim::Destroy).
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
    let Look { aim, live, mut orphans, .. } = look;
    let mut run = Run::default();
    for entry in plan.skipped() {
        run.add(Outcome::skipped(entry.address.clone(), None, events));
    }

    let (remaining, _) = watch::channel(Remaining {
        existing: live.keys().filter(|it| deleted.contains(*it)).cloned().collect(),
        undeletable: BTreeSet::new(),
    });
    let dependents = dependents(&graph.nodes);
    let parents: BTreeMap<&Address, &Address> =
        graph.nodes.iter().filter_map(|node| Some((&node.address, node.part_of.as_ref()?))).collect();
    let desired = join_all(live.into_iter().filter(|(address, _)| deleted.contains(address)).map(
        async |(address, live): (Address, AnyLive)| {
            let parent = parents.get(&address).filter(|parent| deleted.contains(*parent));
            let waits_for: Vec<&Address> = match parent {
                Some(parent) => vec![parent],
                None => dependents.get(&address).into_iter().flatten().collect(),
            };
            let outcome = match until_deleted(&waits_for, &remaining).await {
                Ok(()) if parent.is_some() => deleted_with_parent(address.clone(), events),
                Ok(()) => delete(graph, address.clone(), live, aim, cloud, events, stop).await,
                Err(because) => Outcome::skipped(address.clone(), Some(because), events),
            };
            let is_deleted = outcome.failure.is_none() && outcome.skipped.is_none();
            remaining.send_modify(|it| {
                if is_deleted {
                    it.existing.remove(&address);
                } else {
                    it.undeletable.insert(address.clone());
                }
            });
            outcome
        },
    ));
    for of_kind in &mut orphans {
        of_kind.retain(|(address, _)| deleted.contains(address));
    }
    let orphans = delete_orphans(graph, orphans, aim, cloud, events, stop);
    let (desired, orphans) = tokio::join!(desired, orphans);
    for outcome in desired.into_iter().chain(orphans) {
        run.add(outcome);
    }
    run
}

/// Reports a resource that the cloud deleted together with its parent.
fn deleted_with_parent(address: Address, events: &Events) -> Outcome {
    let step = Label::DELETE;
    events.send(Event::Began { address: address.clone(), step });
    events.send(Event::Done { address, step, took: Duration::ZERO });
    Outcome { done: 1, ..Outcome::default() }
}

/// The resources of the plan that are not deleted yet.
struct Remaining {
    existing: BTreeSet<Address>,
    /// Those of them that this run does not delete any more.
    undeletable: BTreeSet<Address>,
}

/// Waits until none of these resources exists.
///
/// # Errors
/// The address of one that stays.
async fn until_deleted(waits_for: &[&Address], remaining: &watch::Sender<Remaining>) -> Result<(), Address> {
    let undeletable = |it: &Remaining| waits_for.iter().find(|one| it.undeletable.contains(**one));
    let mut receiver = remaining.subscribe();
    let settled = receiver
        .wait_for(|it| undeletable(it).is_some() || waits_for.iter().all(|one| !it.existing.contains(*one)));
    match settled.await.ok().and_then(|it| undeletable(&it)) {
        Some(address) => Err((*address).clone()),
        None => Ok(()),
    }
}
