//! Deletes everything of a stack, each thing after those that must not outlive it.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    Address, Cloud, Event, Events, Graph, Look, Occasion, Plan, Stop, Verb,
    apply::{Outcome, Run, remove},
    graph::{AnyLive, dependents},
};

/// Deletes what the plan of [`Look::plan_destroy`] says.
///
/// A thing is skipped when something that must go before it could not be deleted.
pub async fn destroy<C: Cloud>(
    graph: &Graph<C>,
    look: Look,
    plan: &Plan,
    empty_buckets: bool,
    cloud: &C,
    events: &Events,
    stop: &Stop,
) -> Run {
    let occasion = Occasion::Destroy { empty_buckets };
    let deleted: BTreeSet<Address> = plan
        .entries
        .iter()
        .filter(|entry| entry.steps.iter().any(|step| step.verb == Verb::Delete))
        .map(|entry| entry.address.clone())
        .collect();
    let Look { live, strays, known: _ } = look;
    let mut run = Run::default();

    let (here, _) = watch::channel(Remaining {
        here: live.keys().filter(|it| deleted.contains(*it)).cloned().collect(),
        stuck: BTreeSet::new(),
    });
    let before = dependents(&graph.nodes);
    let nothing = BTreeSet::new();
    let wanted = join_all(live.into_iter().filter(|(address, _)| deleted.contains(address)).map(
        async |(address, live): (Address, AnyLive)| {
            let waits_for = before.get(&address).unwrap_or(&nothing);
            let outcome = match turn(waits_for, &here).await {
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
    // Strays have no edges: kind after kind, as `look` put them.
    let unwanted = async {
        let mut outcomes = Vec::new();
        for (address, live) in strays.into_iter().filter(|(address, _)| deleted.contains(address)) {
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

struct Remaining {
    here: BTreeSet<Address>,
    stuck: BTreeSet<Address>,
}

/// Waits until none of `waits_for` is there any more.
///
/// # Errors
/// The address of something that stays.
async fn turn(waits_for: &BTreeSet<Address>, remaining: &watch::Sender<Remaining>) -> Result<(), Address> {
    let stuck = |it: &Remaining| waits_for.iter().find(|one| it.stuck.contains(*one)).cloned();
    let mut receiver = remaining.subscribe();
    let settled =
        receiver.wait_for(|it| stuck(it).is_some() || waits_for.iter().all(|one| !it.here.contains(one)));
    match settled.await.ok().and_then(|it| stuck(&it)) {
        Some(address) => Err(address),
        None => Ok(()),
    }
}
