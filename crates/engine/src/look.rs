//! The look: all resources are observed concurrently. Every command begins with it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::{
    address::Address,
    failure::Failure,
    graph::{AnyLive, Graph, Node},
    known::{AnyOutputs, Known, Observed},
    listing::Listings,
    plan::{Entry, Exposure, Plan, Step, Verb},
    resource::{Aim, Cloud, Removal},
};

/// The state of a stack in the cloud, and the plan that follows from it.
pub struct Look {
    pub(crate) aim: Aim,
    /// The desired resources that exist.
    pub(crate) live: BTreeMap<Address, AnyLive>,
    /// The orphans of each kind, the kind that is deleted first at the beginning.
    pub(crate) orphans: Vec<Vec<(Address, AnyLive)>>,
    /// The desired resources whose names are taken by resources that are not the stack's, and their errors.
    pub(crate) not_ours: BTreeMap<Address, Failure>,
    /// The desired resources that others made.
    existing: BTreeSet<Address>,
    /// Whether the look was made under the lock, so that no other run can have changed the stack since.
    pub(crate) holds: bool,
    /// The removals: the orphans first, then the desired resources from the last to the first.
    removals: Vec<Entry>,
    /// The exposures of the desired resources.
    exposures: Vec<(Address, Exposure)>,
    /// The outputs of the resources that exist.
    pub known: Known,
}

/// A desired resource that exists, and its removal if the aim is to destroy it.
type Finding = Result<Option<(Address, AnyLive, Option<Entry>)>, Failure>;

/// Observes all resources, each as soon as the resources it needs are observed. A destroy only locates them.
///
/// # Errors
/// Every failure to observe. Resources that are not the stack's are failures too while no resource of the stack exists:
/// its names were taken first.
pub async fn look<C: Cloud>(
    graph: &Graph<C>,
    listings: Listings,
    cloud: &C,
    aim: Aim,
) -> Result<Look, Vec<Failure>> {
    let observation = Observation::of(graph, &listings, cloud);
    let depth = match aim {
        Aim::Apply => Depth::Whole,
        Aim::Destroy { .. } => Depth::Location,
    };
    let observed = join_all(graph.nodes.iter().map(async |node| -> Finding {
        let Some(live) = observation.observe(node, depth).await? else { return Ok(None) };
        let removal = match aim {
            Aim::Apply => None,
            Aim::Destroy { .. } if node.resource.is_existing() => Some(stays_existing(node)),
            Aim::Destroy { .. } => Some(removal(graph, &node.address, &live, aim, cloud).await?),
        };
        Ok(Some((node.address.clone(), live, removal)))
    }));
    let orphans = join_all(graph.kinds.0.iter().map(async |(kind, of)| {
        let Some(listing) = listings.of(&**of) else { return Vec::new() };
        let desired = graph.nodes.iter().filter(|node| node.address.kind == *kind);
        let desired: Vec<_> = desired.map(|node| &*node.resource).collect();
        let mut orphans = match of.orphans(&desired, listing, &observation.observed, cloud).await {
            Ok(orphans) => orphans,
            Err(source) => return vec![Err(Failure::listing(kind, source))],
        };
        // A resource that the file uses as one of others is no orphan, also if the stack made it.
        let existing = graph.nodes.iter().filter(|it| it.address.kind == *kind && it.resource.is_existing());
        let existing: BTreeSet<String> = existing.map(|it| it.resource.name()).collect();
        orphans.retain(|(_, live)| !existing.contains(&of.live_id(live)));
        join_all(orphans.into_iter().map(async |(name, live)| {
            let address = Address { kind, name };
            let removal = removal(graph, &address, &live, aim, cloud).await?;
            Ok((address, live, removal))
        }))
        .await
    }));
    let (observed, orphans) = tokio::join!(observed, orphans);

    let mut unseen = Vec::new();
    let mut look = Look {
        aim,
        live: BTreeMap::new(),
        orphans: Vec::new(),
        not_ours: BTreeMap::new(),
        existing: graph.existing().cloned().collect(),
        holds: false,
        removals: Vec::new(),
        exposures: Vec::new(),
        known: Known::default(),
    };
    for of_kind in orphans.into_iter().rev() {
        let mut orphans = Vec::new();
        for orphan in of_kind {
            match orphan {
                Ok((address, live, removal)) => {
                    orphans.push((address, live));
                    look.removals.push(removal);
                }
                Err(failure) => unseen.push(failure),
            }
        }
        look.orphans.push(orphans);
    }
    for (node, observed) in graph.nodes.iter().zip(observed).rev() {
        match observed {
            Ok(Some((address, live, removal))) => {
                look.removals.extend(removal);
                look.known.0.insert(address.clone(), node.resource.outputs(&live));
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
        for Node { address, resource, .. } in &graph.nodes {
            let Some(live) = look.live.get(address) else { continue };
            let open = resource.exposures(live, cloud).into_iter();
            look.exposures.extend(open.map(|it| (address.clone(), it)));
        }
    }
    unseen.extend(listings.failures());
    if !unseen.is_empty() || !look.proves_the_stack(graph) {
        unseen.extend(std::mem::take(&mut look.not_ours).into_values());
    }
    if unseen.is_empty() { Ok(look) } else { Err(unseen) }
}

/// Locates the desired resources, and returns the outputs of those that exist and the failures of those whose names are
/// taken by resources that are not the stack's.
///
/// # Errors
/// Every other failure to observe.
pub async fn identify<C: Cloud>(
    graph: &Graph<C>,
    listings: Listings,
    cloud: &C,
) -> Result<(Known, Vec<Failure>), Vec<Failure>> {
    let observation = Observation::of(graph, &listings, cloud);
    let located = join_all(graph.nodes.iter().map(|node| observation.observe(node, Depth::Location))).await;
    let (mut known, mut not_ours, mut unseen) = (Known::default(), Vec::new(), Vec::new());
    for (node, located) in graph.nodes.iter().zip(located) {
        match located {
            Ok(Some(live)) => drop(known.0.insert(node.address.clone(), node.resource.outputs(&live))),
            Ok(None) => {}
            Err(failure) if failure.source.is_not_ours() => not_ours.push(failure),
            Err(failure) => unseen.push(failure),
        }
    }
    unseen.extend(listings.failures());
    if unseen.is_empty() { Ok((known, not_ours)) } else { Err(unseen) }
}

/// How much of a resource is read.
#[derive(Clone, Copy)]
enum Depth {
    /// Everything that a diff compares.
    Whole,
    /// Its owner, its outputs, and what its deletion needs.
    Location,
}

/// The observation of a graph's resources: the outputs of each are sent to the resources that refer to it.
struct Observation<'a, C: Cloud> {
    graph: &'a Graph<C>,
    listings: &'a Listings,
    cloud: &'a C,
    senders: BTreeMap<Address, watch::Sender<Option<Option<AnyOutputs>>>>,
    observed: Observed,
}

impl<'a, C: Cloud> Observation<'a, C> {
    fn of(graph: &'a Graph<C>, listings: &'a Listings, cloud: &'a C) -> Self {
        let (mut senders, mut slots) = (BTreeMap::new(), BTreeMap::new());
        for node in &graph.nodes {
            let (sender, receiver) = watch::channel(None);
            senders.insert(node.address.clone(), sender);
            slots.insert(node.address.clone(), (node.resource.type_id_of_kind(), receiver));
        }
        Observation { graph, listings, cloud, senders, observed: Observed { slots } }
    }

    /// Observes one resource and sends its outputs.
    async fn observe(&self, node: &Node<C>, depth: Depth) -> Result<Option<AnyLive>, Failure> {
        let Node { address, resource, .. } = node;
        let live = match (self.listings.of(&**self.graph.kind_of(address)), depth) {
            (Some(listing), Depth::Whole) => resource.observe(listing, &self.observed, self.cloud).await,
            (Some(listing), Depth::Location) => resource.locate(listing, &self.observed, self.cloud).await,
            // Reported once for the whole kind, as a failure of its listing.
            (None, _) => Ok(None),
        };
        let outputs = live.as_ref().ok().and_then(Option::as_ref).map(|live| resource.outputs(live));
        if let Some(sender) = self.senders.get(address) {
            sender.send_replace(Some(outputs));
        }
        live.map_err(|source| Failure::looking(address.clone(), source))
    }
}

impl Look {
    /// Marks the look as made under the lock: a resource that it saw and that a step does not find is then too new to be
    /// visible everywhere, and not deleted.
    pub fn that_holds(self) -> Look {
        Look { holds: true, ..self }
    }

    /// Whether every desired resource exists.
    pub fn saw_all<C: Cloud>(&self, graph: &Graph<C>) -> bool {
        self.live.len() == graph.nodes.len()
    }

    /// When each desired resource last changed, where the cloud says so.
    pub fn changed<C: Cloud>(&self, graph: &Graph<C>) -> BTreeMap<Address, String> {
        let changed = |node: &Node<C>| {
            let live = self.live.get(&node.address)?;
            Some((node.address.clone(), node.resource.changed(live)?))
        };
        graph.nodes.iter().filter_map(changed).collect()
    }

    /// Whether no desired resource exists but those that others made, and no orphan.
    pub fn saw_nothing(&self) -> bool {
        let own = self.live.keys().filter(|it| !self.existing.contains(*it)).count();
        own == 0 && self.orphans.iter().all(Vec::is_empty)
    }

    /// The failures of desired resources whose names are taken by resources that are not the stack's.
    pub fn not_ours(&self) -> impl Iterator<Item = &Failure> {
        self.not_ours.values()
    }

    /// Whether any resource exists that the stack made.
    fn proves_the_stack<C: Cloud>(&self, graph: &Graph<C>) -> bool {
        let own = self.live.iter().filter(|(address, _)| !self.existing.contains(*address));
        let mut all = own.chain(self.orphans.iter().flatten().map(|(address, live)| (address, live)));
        all.any(|(address, live)| graph.kind_of(address).is_of_stack(live))
    }

    /// The plan that reaches the look's aim.
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
                for action in node.resource.diff(live, &self.known) {
                    if let Some(need) = action.needed_by(node).find(|need| lost.contains(need)) {
                        if live.is_none() && steps.is_empty() {
                            lost.insert(&node.address);
                        }
                        let why = format!("needs {need}, which is left as it is");
                        steps.push(Step::new(Verb::Skip { why }));
                        break;
                    }
                    steps.push(action.step);
                }
                if node.resource.is_existing() && steps.is_empty() {
                    steps.push(node.resource.used(self.live.get(&node.address)));
                }
            }
            if !steps.is_empty() {
                entries.push(Entry { address: node.address.clone(), name: node.resource.name(), steps });
            }
        }
        let is_skipped = |step: &Step| matches!(step.verb, Verb::Skip { .. });
        let all_is_done = !entries.iter().any(|entry| entry.steps.iter().any(is_skipped));
        let why = "is deleted once nothing is left out, since what is left out may use it";
        entries.extend(
            self.removals.iter().cloned().map(|entry| if all_is_done { entry } else { stays(entry, why) }),
        );
        Plan { entries, exposures: self.exposures.clone() }
    }

    fn plan_of_destroy<C: Cloud>(&self, graph: &Graph<C>) -> Plan {
        let not_ours = graph.nodes.iter().filter_map(|node| {
            let steps = vec![in_the_way(self.not_ours.get(&node.address)?)];
            Some(Entry { address: node.address.clone(), name: node.resource.name(), steps })
        });
        let mut entries: Vec<Entry> = not_ours.collect();
        // Resources that must outlive one that stays, and that one. A resource comes after those that refer to it.
        let mut stay: BTreeMap<&Address, &Address> = BTreeMap::new();
        for node in graph.nodes.iter().rev() {
            if self.not_ours.contains_key(&node.address) || stay.contains_key(&node.address) {
                stay.extend(node.outlived_by.iter().map(|under| (under, &node.address)));
            }
        }
        entries.extend(self.removals.iter().cloned().map(|entry| match stay.get(&entry.address) {
            Some(user) => stays(entry, &format!("is needed by {user}, which stays")),
            None => entry,
        }));
        Plan { entries, exposures: Vec::new() }
    }
}

/// The step of a resource that is not the stack's.
fn in_the_way(failure: &Failure) -> Step {
    let step = Step::new(Verb::Skip { why: failure.source.to_string() });
    Step { note: failure.source.hint(), ..step }
}

/// The entry of a resource that stays though it would be deleted.
fn stays(mut entry: Entry, why: &str) -> Entry {
    for step in entry.steps.iter_mut().filter(|step| step.verb == Verb::Delete) {
        *step = Step::new(Verb::Skip { why: why.to_owned() });
    }
    entry
}

/// The entry of a resource that others made, in a destroy.
fn stays_existing<C: Cloud>(node: &Node<C>) -> Entry {
    let why = "stays: `existing` in the file says that others made it".to_owned();
    let steps = vec![Step::new(Verb::Keep { why })];
    Entry { address: node.address.clone(), name: node.resource.name(), steps }
}

/// The removal of one resource.
async fn removal<C: Cloud>(
    graph: &Graph<C>,
    address: &Address,
    live: &AnyLive,
    aim: Aim,
    cloud: &C,
) -> Result<Entry, Failure> {
    let kind = graph.kind_of(address);
    let step = match kind.removal(live, graph.desired(address), aim, cloud).await {
        Ok(Removal::Delete { note }) => Step { note, ..Step::new(Verb::Delete) },
        Ok(Removal::Keep { why }) => Step::new(Verb::Keep { why }),
        Ok(Removal::Refuse { why, hint }) => Step::refuse(why).note(hint),
        Err(source) => return Err(Failure::looking(address.clone(), source)),
    };
    Ok(Entry { address: address.clone(), name: kind.live_name(live), steps: vec![step] })
}
