//! The look: all resources are observed concurrently. Every command begins with it.

mod located;
mod observation;

pub use self::located::{Located, identify, locate};

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use self::observation::{Depth, Observation};
use crate::{
    address::Address,
    failure::Failure,
    graph::{AnyLive, Graph, Node},
    known::Known,
    listing::Listings,
    plan::{Entry, Exposure, Label, Plan, Step, Verb},
    resource::{Aim, Cloud, Removal},
};

/// The note of an orphan that is released.
const RELEASED: &str = "only the tags that make it the stack's are removed";
/// The reason of an orphan that is kept in a run that releases.
const WITHOUT_MARKS: &str = "stays in this run; it has no tags, so the next apply without --keep deletes it";

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
    /// The desired resources that exist and that the stack adopted.
    adopted: BTreeSet<Address>,
    /// Whether the orphans are released and not deleted.
    pub(crate) releases: bool,
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

    let (mut look, mut unseen) = (Look::of(graph, aim), Vec::new());
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
                if !node.resource.is_existing() && graph.kind_of(&address).is_adopted(&live) {
                    look.adopted.insert(address);
                }
                look.saw(node, live);
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

/// Observes one desired resource, those that it needs and those that are part of it, and returns what the plan of an
/// apply has for it and its parts.
///
/// # Errors
/// Every failure to observe.
pub async fn foresee<C: Cloud>(
    graph: &Graph<C>,
    listings: Listings,
    cloud: &C,
    address: &Address,
) -> Result<Plan, Vec<Failure>> {
    let is_meant = |node: &Node<C>| node.address == *address || node.part_of.as_ref() == Some(address);
    let mut observed: BTreeSet<&Address> = BTreeSet::new();
    // A resource comes after those that it refers to.
    for node in graph.nodes.iter().rev() {
        if is_meant(node) || observed.contains(&node.address) {
            observed.insert(&node.address);
            observed.extend(&node.needs);
        }
    }
    let observation = Observation::of(graph, &listings, cloud);
    let observed = graph.nodes.iter().filter(|node| observed.contains(&node.address));
    let observed = join_all(observed.map(async |node| (node, observation.observe(node, Depth::Whole).await)));
    let (mut look, mut unseen) = (Look::of(graph, Aim::Apply), Vec::new());
    for (node, live) in observed.await {
        match live {
            Ok(Some(live)) => look.saw(node, live),
            Ok(None) => {}
            Err(failure) if failure.source.is_not_ours() && !is_meant(node) => {
                look.not_ours.insert(failure.address.clone(), failure);
            }
            Err(failure) => unseen.push(failure),
        }
    }
    if !unseen.is_empty() {
        return Err(unseen);
    }
    let mut plan = look.plan(graph);
    for node in graph.nodes.iter().filter(|node| node.address == *address) {
        let open = look.live.get(address).map(|live| node.resource.exposures(live, cloud));
        plan.exposures.extend(open.into_iter().flatten().map(|it| (address.clone(), it)));
    }
    let meant: BTreeSet<&Address> =
        graph.nodes.iter().filter(|node| is_meant(node)).map(|node| &node.address).collect();
    plan.entries.retain(|entry| meant.contains(&entry.address));
    Ok(plan)
}

impl Look {
    /// The look of an empty cloud.
    fn of<C: Cloud>(graph: &Graph<C>, aim: Aim) -> Look {
        Look {
            aim,
            live: BTreeMap::new(),
            orphans: Vec::new(),
            not_ours: BTreeMap::new(),
            existing: graph.existing().cloned().collect(),
            adopted: BTreeSet::new(),
            releases: false,
            holds: false,
            removals: Vec::new(),
            exposures: Vec::new(),
            known: Known::default(),
        }
    }

    /// Adds a desired resource that exists.
    fn saw<C: Cloud>(&mut self, node: &Node<C>, live: AnyLive) {
        self.known.0.insert(node.address.clone(), node.resource.outputs(&live));
        self.live.insert(node.address.clone(), live);
    }

    /// Marks the look as made under the lock: a resource that it saw and that a step does not find is then too new to be
    /// visible everywhere, and not deleted.
    pub fn that_holds(self) -> Look {
        Look { holds: true, ..self }
    }

    /// The same look, for a run that releases the orphans instead of deleting them.
    pub fn that_releases<C: Cloud>(mut self, graph: &Graph<C>) -> Look {
        self.releases = true;
        let orphans: BTreeMap<&Address, &AnyLive> =
            self.orphans.iter().flatten().map(|(address, live)| (address, live)).collect();
        for Entry { address, name: _, steps } in &mut self.removals {
            let Some(live) = orphans.get(address) else { continue };
            let step = match graph.kind_of(address).has_marks(live) {
                true => Step::new(Verb::Update(Label::RELEASE)).note(RELEASED),
                false => Step::new(Verb::Keep { why: WITHOUT_MARKS.to_owned() }),
            };
            *steps = vec![step];
        }
        self
    }

    /// The orphans that are deleted or released.
    pub(crate) fn orphans_that_go(&self) -> BTreeSet<Address> {
        let goes = |step: &Step| matches!(step.verb, Verb::Delete | Verb::Update(Label::RELEASE));
        let entries = self.removals.iter().filter(|entry| entry.steps.iter().any(goes));
        entries.map(|entry| entry.address.clone()).collect()
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
                        let why = format!("needs {need}, which is not changed");
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
        let kept = self.kept_with_adopted(graph);
        entries.extend(self.removals.iter().cloned().map(|entry| {
            match (stay.get(&entry.address), kept.get(&entry.address)) {
                (Some(user), _) => stays(entry, &format!("is needed by {user}, which stays")),
                (None, Some(user)) => keeps(entry, &format!("stays with {user}, which the stack adopted")),
                (None, None) => entry,
            }
        }));
        Plan { entries, exposures: Vec::new() }
    }

    /// The resources without which adopted ones would stop working, and the parts of both, each with the adopted one.
    fn kept_with_adopted<'a, C: Cloud>(&'a self, graph: &'a Graph<C>) -> BTreeMap<&'a Address, &'a Address> {
        let mut kept: BTreeMap<&Address, &Address> = self.adopted.iter().map(|it| (it, it)).collect();
        // A resource comes after those that it refers to.
        for node in graph.nodes.iter().rev() {
            if let Some(adopted) = kept.get(&node.address).copied() {
                for needed in node.outlived_by.iter().chain(&node.runs_on) {
                    kept.entry(needed).or_insert(adopted);
                }
            }
        }
        for node in &graph.nodes {
            if let Some(adopted) = node.part_of.as_ref().and_then(|parent| kept.get(parent)).copied() {
                kept.entry(&node.address).or_insert(adopted);
            }
        }
        kept.retain(|address, _| !self.adopted.contains(*address));
        kept
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

/// The entry of a resource that is kept though it would be deleted.
fn keeps(entry: Entry, why: &str) -> Entry {
    Entry { steps: vec![Step::new(Verb::Keep { why: why.to_owned() })], ..entry }
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
    let name = kind.live_name(live);
    if kind.is_adopted(live) {
        let why = format!("stays, since the stack adopted it; `stackctl release {address}` ends that");
        return Ok(Entry { address: address.clone(), name, steps: vec![Step::new(Verb::Keep { why })] });
    }
    let step = match kind.removal(live, graph.desired(address), aim, cloud).await {
        Ok(Removal::Delete { note }) => Step { note, ..Step::new(Verb::Delete) },
        Ok(Removal::Keep { why }) => Step::new(Verb::Keep { why }),
        Ok(Removal::Refuse { why, hint }) => Step::refuse(why).note(hint),
        Err(source) => return Err(Failure::looking(address.clone(), source)),
    };
    Ok(Entry { address: address.clone(), name, steps: vec![step] })
}
