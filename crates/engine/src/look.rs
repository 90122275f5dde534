//! The look: everything is observed at once; every command begins with it.

use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    address::Address,
    failure::Failure,
    graph::{AnyCensus, AnyFault, AnyLive, Graph, Kind, Kinds, Node},
    known::{AnyOutputs, Known, Seen},
    plan::{Entry, Exposure, Plan, Step, Verb},
    resource::{Cloud, Occasion, Removal},
};

/// Why a look is made: what would become of what goes away is found out with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// To bring everything to what is wanted.
    Apply,
    /// To delete everything.
    Destroy {
        /// The person also agreed to lose the objects in buckets.
        empty_buckets: bool,
    },
}

impl Aim {
    /// Why what is not wanted goes.
    pub(crate) fn occasion(self) -> Occasion {
        match self {
            Aim::Apply => Occasion::RemovedFromFile,
            Aim::Destroy { empty_buckets } => Occasion::Destroy { empty_buckets },
        }
    }
}

/// The state of a stack in AWS, and the plan that follows from it.
pub struct Look {
    pub(crate) aim: Aim,
    /// What exists of the wanted things.
    pub(crate) live: BTreeMap<Address, AnyLive>,
    /// What belongs to the stack and is not wanted any more, the last kind first.
    pub(crate) strays: Vec<(Address, AnyLive)>,
    /// Desired resources whose names are taken by something that is not the stack's, and the error that says so.
    pub(crate) not_ours: BTreeMap<Address, Failure>,
    /// Whether no other run can have changed the stack since.
    pub(crate) holds: bool,
    /// The removals: the orphans first, then the desired resources from the last to the first.
    farewells: Vec<Entry>,
    /// What is open at the wanted things that is not wanted.
    exposures: Vec<(Address, Exposure)>,
    /// The outputs of what exists.
    pub known: Known,
}

/// A thing that exists, and what becomes of it if it goes.
type Observed = Result<Option<(Address, AnyLive, Option<Entry>)>, Failure>;

/// One listing of each kind; kinds whose census has the same type share one.
pub struct Census(BTreeMap<TypeId, (&'static str, Result<AnyCensus, AnyFault>)>);

/// Lists every kind concurrently. The [`look`] returns the failures.
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

    /// The kinds that could not be listed.
    fn unlisted(self) -> impl Iterator<Item = Failure> {
        self.0.into_values().filter_map(|(kind, listed)| Some(unseen_kind(kind, listed.err()?)))
    }
}

/// Observes all resources, each as soon as the resources it needs are observed. A destroy only locates them.
///
/// # Errors
/// Everything that could not be looked at. Resources that are not the stack's are errors too while nothing of the stack
/// exists: its names were taken first.
pub async fn look<C: Cloud>(
    graph: &Graph<C>,
    census: Census,
    cloud: &C,
    aim: Aim,
) -> Result<Look, Vec<Failure>> {
    let (senders, seen) = slots(graph);
    let observations = join_all(graph.nodes.iter().map(async |node: &Node<C>| -> Observed {
        let (address, sender) = (&node.address, &senders[&node.address]);
        let live = match census.of(&**graph.kind_of(address)) {
            Some(census) => match aim {
                Aim::Apply => node.thing.observe(census, &seen, cloud).await,
                Aim::Destroy { .. } => node.thing.locate(census, &seen, cloud).await,
            },
            // Told once, for the whole kind, below.
            None => Ok(None),
        };
        let live = live.map_err(|source| Failure::looking(address.clone(), source));
        let outputs = live.as_ref().ok().and_then(Option::as_ref).map(|live| node.thing.outputs(live));
        sender.send_replace(Some(outputs));
        let Some(live) = live? else { return Ok(None) };
        let farewell = match aim {
            Aim::Apply => None,
            Aim::Destroy { .. } => Some(farewell(graph, address, &live, aim, cloud).await?),
        };
        Ok(Some((address.clone(), live, farewell)))
    }));
    let strays = join_all(graph.kinds.0.iter().map(async |(kind, of)| {
        let Some(census) = census.of(&**of) else { return Vec::new() };
        let wanted = graph.nodes.iter().filter(|node| node.address.kind == *kind);
        let wanted: Vec<_> = wanted.map(|node| Arc::clone(&node.thing)).collect();
        let strays = match of.strays(&wanted, census, &seen, cloud).await {
            Ok(strays) => strays,
            Err(source) => return vec![Err(unseen_kind(kind, source))],
        };
        join_all(strays.into_iter().map(async |(name, live)| {
            let address = Address { kind, name };
            let farewell = farewell(graph, &address, &live, aim, cloud).await?;
            Ok((address, live, farewell))
        }))
        .await
    }));
    let (observations, found) = tokio::join!(observations, strays);

    let mut unseen = Vec::new();
    let mut look = Look {
        aim,
        live: BTreeMap::new(),
        strays: Vec::new(),
        not_ours: BTreeMap::new(),
        holds: false,
        farewells: Vec::new(),
        exposures: Vec::new(),
        known: Known::default(),
    };
    for stray in found.into_iter().rev().flatten() {
        match stray {
            Ok((address, live, farewell)) => {
                look.strays.push((address, live));
                look.farewells.push(farewell);
            }
            Err(failure) => unseen.push(failure),
        }
    }
    for (node, seen) in graph.nodes.iter().zip(observations).rev() {
        match seen {
            Ok(Some((address, live, farewell))) => {
                look.farewells.extend(farewell);
                look.known.0.insert(address.clone(), node.thing.outputs(&live));
                look.live.insert(address, live);
            }
            Ok(None) => {}
            Err(failure) if failure.source.is_not_ours() => {
                look.not_ours.insert(failure.address.clone(), failure);
            }
            Err(failure) => unseen.push(failure),
        }
    }
    if aim == Aim::Apply {
        for Node { address, thing, .. } in &graph.nodes {
            let Some(live) = look.live.get(address) else { continue };
            let open = thing.exposures(live, cloud).into_iter();
            look.exposures.extend(open.map(|it| (address.clone(), it)));
        }
    }
    unseen.extend(census.unlisted());
    if !unseen.is_empty() || !look.proves_the_stack(graph) {
        unseen.extend(std::mem::take(&mut look.not_ours).into_values());
    }
    if unseen.is_empty() { Ok(look) } else { Err(unseen) }
}

/// Reads what others may refer to, and nothing else; and what of it is not the stack's.
///
/// # Errors
/// Everything that could not be looked at.
pub async fn identify<C: Cloud>(
    graph: &Graph<C>,
    census: Census,
    cloud: &C,
) -> Result<(Known, Vec<Failure>), Vec<Failure>> {
    let (senders, seen) = slots(graph);
    let outputs = join_all(graph.nodes.iter().map(async |node| {
        let outputs = match census.of(&**graph.kind_of(&node.address)) {
            Some(census) => node.thing.locate(census, &seen, cloud).await,
            None => Ok(None),
        };
        let outputs = outputs.map(|live| live.map(|live| node.thing.outputs(&live)));
        senders[&node.address].send_replace(Some(outputs.as_ref().ok().cloned().flatten()));
        (node.address.clone(), outputs)
    }))
    .await;
    let mut unseen: Vec<Failure> = census.unlisted().collect();
    let (mut known, mut not_ours) = (Known::default(), Vec::new());
    for (address, outputs) in outputs {
        match outputs {
            Ok(Some(outputs)) => drop(known.0.insert(address, outputs)),
            Ok(None) => {}
            Err(source) if source.is_not_ours() => not_ours.push(Failure::looking(address, source)),
            Err(source) => unseen.push(Failure::looking(address, source)),
        }
    }
    if unseen.is_empty() { Ok((known, not_ours)) } else { Err(unseen) }
}

type Senders = BTreeMap<Address, watch::Sender<Option<Option<AnyOutputs>>>>;

/// The sending ends for each resource's outputs, and the one receiving end of all.
fn slots<C: Cloud>(graph: &Graph<C>) -> (Senders, Seen) {
    let (mut senders, mut slots) = (BTreeMap::new(), BTreeMap::new());
    for node in &graph.nodes {
        let (sender, receiver) = watch::channel(None);
        senders.insert(node.address.clone(), sender);
        slots.insert(node.address.clone(), (node.thing.type_id_of_kind(), receiver));
    }
    (senders, Seen { slots })
}

impl Look {
    /// The same look, made under the lock: a resource that it saw and that is not found now is too new to be visible
    /// everywhere.
    pub fn that_holds(self) -> Look {
        Look { holds: true, ..self }
    }

    /// Whether every wanted thing exists.
    pub fn saw_all<C: Cloud>(&self, graph: &Graph<C>) -> bool {
        self.live.len() == graph.nodes.len()
    }

    /// Whether no wanted thing exists, and nothing that is not wanted any more.
    pub fn saw_nothing(&self) -> bool {
        self.live.is_empty() && self.strays.is_empty()
    }

    /// Desired resources whose names are taken by something that is not the stack's, and the error that says so.
    pub fn not_ours(&self) -> impl Iterator<Item = &Failure> {
        self.not_ours.values()
    }

    /// Whether any resource exists that the stack made.
    fn proves_the_stack<C: Cloud>(&self, graph: &Graph<C>) -> bool {
        let mut all = self.live.iter().chain(self.strays.iter().map(|(address, live)| (address, live)));
        all.any(|(address, live)| graph.kind_of(address).is_of_stack(live))
    }

    /// What would be done.
    pub fn plan<C: Cloud>(&self, graph: &Graph<C>) -> Plan {
        match self.aim {
            Aim::Apply => self.plan_of_apply(graph),
            Aim::Destroy { .. } => self.plan_of_destroy(graph),
        }
    }

    fn plan_of_apply<C: Cloud>(&self, graph: &Graph<C>) -> Plan {
        let mut entries = Vec::new();
        // Resources that will not exist in this run.
        let mut lost: BTreeSet<&Address> = self.not_ours.keys().collect();
        for node in &graph.nodes {
            let mut steps = Vec::new();
            if let Some(failure) = self.not_ours.get(&node.address) {
                steps.push(in_the_way(failure));
            } else {
                let live = self.live.get(&node.address);
                for action in node.thing.diff(live, &self.known) {
                    if let Some(need) = action.needed_by(node).find(|need| lost.contains(need)) {
                        if live.is_none() && steps.is_empty() {
                            lost.insert(&node.address);
                        }
                        steps.push(Step::new(Verb::Skip, format!("needs {need}, which is left as it is")));
                        break;
                    }
                    steps.push(action.step);
                }
            }
            if !steps.is_empty() {
                entries.push(Entry { address: node.address.clone(), name: node.thing.name(), steps });
            }
        }
        let all_is_done = entries.iter().all(|entry| entry.steps.iter().all(|step| step.verb != Verb::Skip));
        let why = "is deleted once nothing is left out, since what is left out may use it";
        entries.extend(
            self.farewells.iter().cloned().map(|entry| if all_is_done { entry } else { stays(entry, why) }),
        );
        Plan { entries, exposures: self.exposures.clone() }
    }

    fn plan_of_destroy<C: Cloud>(&self, graph: &Graph<C>) -> Plan {
        let not_ours = graph.nodes.iter().filter_map(|node| {
            let steps = vec![in_the_way(self.not_ours.get(&node.address)?)];
            Some(Entry { address: node.address.clone(), name: node.thing.name(), steps })
        });
        let mut entries: Vec<Entry> = not_ours.collect();
        // Resources that must outlive one that stays, and that one. A resource comes after those that refer to it.
        let mut stay: BTreeMap<&Address, &Address> = BTreeMap::new();
        for node in graph.nodes.iter().rev() {
            if self.not_ours.contains_key(&node.address) || stay.contains_key(&node.address) {
                stay.extend(node.outlived_by.iter().map(|under| (under, &node.address)));
            }
        }
        entries.extend(self.farewells.iter().cloned().map(|entry| match stay.get(&entry.address) {
            Some(user) => stays(entry, &format!("is needed by {user}, which stays")),
            None => entry,
        }));
        Plan { entries, exposures: Vec::new() }
    }
}

/// The step of a resource that is not the stack's.
fn in_the_way(failure: &Failure) -> Step {
    let step = Step::new(Verb::Skip, failure.source.to_string());
    Step { note: failure.source.hint(), ..step }
}

/// The entry of a resource that stays though it would be deleted.
fn stays(mut entry: Entry, why: &str) -> Entry {
    for step in entry.steps.iter_mut().filter(|step| step.verb == Verb::Delete) {
        *step = Step::new(Verb::Skip, why);
    }
    entry
}

/// The removal of one resource.
async fn farewell<C: Cloud>(
    graph: &Graph<C>,
    address: &Address,
    live: &AnyLive,
    aim: Aim,
    cloud: &C,
) -> Result<Entry, Failure> {
    let kind = graph.kind_of(address);
    let step = match kind.removal(live, aim.occasion(), cloud).await {
        Ok(Removal::Delete { note }) => Step { note, ..Step::new(Verb::Delete, "delete") },
        Ok(Removal::Keep { why }) => Step::new(Verb::Keep, why),
        Ok(Removal::Refuse { why, hint }) => Step::new(Verb::Refuse, why).note(hint),
        Err(source) => return Err(Failure::looking(address.clone(), source)),
    };
    Ok(Entry { address: address.clone(), name: kind.live_name(live), steps: vec![step] })
}

fn unseen_kind(kind: &'static str, source: AnyFault) -> Failure {
    Failure::looking(Address { kind, name: "*".to_owned() }, source)
}
