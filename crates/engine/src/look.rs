//! The look: everything is observed at once; every command begins with it.

use std::{any::TypeId, collections::BTreeMap, sync::Arc};

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    Address, Cloud, Failure, Graph, Kinds, Known, Occasion, Plan, Removal, Seen, Step, Verb,
    graph::{AnyCensus, AnyFault, AnyLive, Kind},
    known::AnyOutputs,
    plan::Entry,
};

/// What there is of a stack.
pub struct Look {
    /// What exists of the wanted things.
    pub(crate) live: BTreeMap<Address, AnyLive>,
    /// What belongs to the stack and is not wanted any more, the last kind first.
    pub(crate) strays: Vec<(Address, AnyLive)>,
    /// The outputs of what exists.
    pub known: Known,
}

/// One listing of each kind; kinds whose census has the same type share one.
pub struct Census(BTreeMap<TypeId, (&'static str, Result<AnyCensus, AnyFault>)>);

/// Lists every kind at once. What fails is told by the [`look`].
pub async fn census<C: Cloud>(kinds: &Kinds<C>, clients: &C::Clients) -> Census {
    let mut listings = BTreeMap::new();
    for (name, kind) in &kinds.0 {
        listings.entry(kind.census_type()).or_insert((*name, kind));
    }
    let all = join_all(
        listings.into_iter().map(async |(of, (name, kind))| (of, (name, kind.census(clients).await))),
    );
    Census(all.await.into_iter().collect())
}

impl Census {
    fn of<C: Cloud>(&self, kind: &dyn Kind<C>) -> Option<&AnyCensus> {
        self.0.get(&kind.census_type())?.1.as_ref().ok()
    }
}

/// Observes everything, each thing as soon as what it needs is seen.
///
/// # Errors
/// Everything that could not be looked at.
pub async fn look<C: Cloud>(graph: &Graph<C>, census: Census, cloud: &C) -> Result<Look, Vec<Failure>> {
    let mut senders = BTreeMap::new();
    let mut slots = BTreeMap::new();
    for node in &graph.nodes {
        let (sender, receiver) = watch::channel(None::<Option<AnyOutputs>>);
        senders.insert(node.address.clone(), sender);
        slots.insert(node.address.clone(), (node.thing.type_id_of_kind(), receiver));
    }
    let seen = Seen { slots };
    let observations = join_all(graph.nodes.iter().map(async |node| {
        let sender = &senders[&node.address];
        let live = match census.of(&**graph.kind_of(&node.address)) {
            Some(census) => node.thing.observe(census, &seen, cloud).await,
            // Told once, for the whole kind, below.
            None => Ok(None),
        };
        let outputs = match &live {
            Ok(Some(live)) => Some(node.thing.outputs(live)),
            Ok(None) | Err(_) => None,
        };
        sender.send_replace(Some(outputs));
        (node.address.clone(), live)
    }));
    let strays = join_all(graph.kinds.0.iter().map(async |(kind, of)| {
        let strays = match census.of(&**of) {
            Some(census) => {
                let wanted: Vec<_> = graph
                    .nodes
                    .iter()
                    .filter(|node| node.address.kind == *kind)
                    .map(|node| Arc::clone(&node.thing))
                    .collect();
                of.strays(&wanted, census, &seen, cloud).await.map_err(Some)
            }
            None => Err(None),
        };
        (*kind, strays)
    }));
    let (observations, found) = tokio::join!(observations, strays);

    let mut unseen = Vec::new();
    let mut live = BTreeMap::new();
    let mut strays = Vec::new();
    for (address, seen) in observations {
        match seen {
            Ok(Some(it)) => drop(live.insert(address, it)),
            Ok(None) => {}
            Err(source) => unseen.push(Failure::looking(address, source)),
        }
    }
    for (kind, result) in found.into_iter().rev() {
        match result {
            Ok(all) => strays.extend(all.into_iter().map(|(name, live)| (Address { kind, name }, live))),
            Err(Some(source)) => unseen.push(unseen_kind(kind, source)),
            Err(None) => {}
        }
    }
    for (kind, listed) in census.0.into_values() {
        if let Err(source) = listed {
            unseen.push(unseen_kind(kind, source));
        }
    }
    if !unseen.is_empty() {
        return Err(unseen);
    }
    let mut known = Known::default();
    for node in &graph.nodes {
        if let Some(it) = live.get(&node.address) {
            known.0.insert(node.address.clone(), node.thing.outputs(it));
        }
    }
    Ok(Look { live, strays, known })
}

impl Look {
    /// What an apply would do.
    ///
    /// # Errors
    /// Things that are to go and could not be looked at.
    pub async fn plan<C: Cloud>(&self, graph: &Graph<C>, cloud: &C) -> Result<Plan, Vec<Failure>> {
        let mut entries = Vec::new();
        for node in &graph.nodes {
            let actions = node.thing.diff(self.live.get(&node.address), &self.known);
            if !actions.is_empty() {
                entries.push(Entry {
                    address: node.address.clone(),
                    name: node.thing.name(),
                    steps: actions.into_iter().map(|action| action.step).collect(),
                });
            }
        }
        let going = self.strays.iter().map(|(address, live)| (address, live));
        entries.extend(farewells(graph, cloud, going, Occasion::RemovedFromFile).await?);
        Ok(Plan { entries })
    }

    /// What a destroy would do.
    ///
    /// # Errors
    /// Things that could not be looked at.
    pub async fn plan_destroy<C: Cloud>(
        &self,
        graph: &Graph<C>,
        cloud: &C,
        empty_buckets: bool,
    ) -> Result<Plan, Vec<Failure>> {
        let nodes = graph.nodes.iter().rev();
        let wanted = nodes.filter_map(|node| Some((&node.address, self.live.get(&node.address)?)));
        let going = self.strays.iter().map(|(address, live)| (address, live)).chain(wanted);
        let entries = farewells(graph, cloud, going, Occasion::Destroy { empty_buckets }).await?;
        Ok(Plan { entries })
    }
}

async fn farewells<'a, C: Cloud>(
    graph: &Graph<C>,
    cloud: &C,
    going: impl Iterator<Item = (&'a Address, &'a AnyLive)>,
    occasion: Occasion,
) -> Result<Vec<Entry>, Vec<Failure>> {
    let all = join_all(going.map(async |(address, live)| {
        let kind = graph.kind_of(address);
        let removal = kind.removal(live, occasion, cloud).await;
        let entry = |step| Entry { address: address.clone(), name: kind.live_name(live), steps: vec![step] };
        match removal {
            Ok(Removal::Delete { note }) => Ok(entry(Step { note, ..Step::new(Verb::Delete, "delete") })),
            Ok(Removal::Keep { why }) => Ok(entry(Step::new(Verb::Keep, why))),
            Ok(Removal::Refuse { why, hint }) => Ok(entry(Step::new(Verb::Refuse, why).note(hint))),
            Err(source) => Err(Failure::looking(address.clone(), source)),
        }
    }))
    .await;
    let (mut entries, mut unseen) = (Vec::new(), Vec::new());
    for result in all {
        match result {
            Ok(entry) => entries.push(entry),
            Err(error) => unseen.push(error),
        }
    }
    if unseen.is_empty() { Ok(entries) } else { Err(unseen) }
}

fn unseen_kind(kind: &'static str, source: AnyFault) -> Failure {
    Failure::looking(Address { kind, name: "*".to_owned() }, source)
}
