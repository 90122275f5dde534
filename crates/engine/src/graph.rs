//! The desired resources, their edges, and the traits that erase their types.

use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
    sync::Arc,
};

use futures_util::future::{BoxFuture, FutureExt};

use crate::{
    address::Address,
    event::Reporter,
    fault::Fault,
    known::{AnyOutputs, Known, Observed},
    plan::{Exposure, Step},
    refs::{Edges, Handle},
    resource::{Aim, Cloud, Needs, Removal, Resource},
};

/// The desired resources, each after those it refers to.
pub struct Graph<C: Cloud> {
    pub(crate) kinds: Kinds<C>,
    pub(crate) nodes: Vec<Node<C>>,
}

/// The kind of an edge of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// To the parent that the resource is deleted with.
    PartOf,
    /// To a resource that is deleted later.
    Uses,
    /// To a resource whose outputs are needed, and which may be deleted before.
    Reads,
}

pub(crate) struct Node<C: Cloud> {
    pub address: Address,
    /// The resources whose outputs its actions may need.
    pub needs: BTreeSet<Address>,
    /// The resources that are deleted after it.
    pub outlived_by: BTreeSet<Address>,
    /// The parent that it is deleted with.
    pub part_of: Option<Address>,
    /// The resources without which it stops working.
    pub runs_on: BTreeSet<Address>,
    pub resource: Arc<dyn AnyResource<C>>,
}

/// The kinds of resources that a stack can have.
pub struct Kinds<C: Cloud>(pub(crate) Vec<(&'static str, Arc<dyn Kind<C>>)>);

impl<C: Cloud> Default for Kinds<C> {
    fn default() -> Self {
        Kinds(Vec::new())
    }
}

impl<C: Cloud> Kinds<C> {
    /// Adds a kind, so that its orphans are found. The kind whose orphans are deleted last comes first.
    pub fn with<R: Resource<Cloud = C>>(mut self) -> Self {
        self.0.push((R::KIND, Arc::new(KindOf::<R>(PhantomData))));
        self
    }
}

impl<C: Cloud> Graph<C> {
    /// An empty graph for resources of these kinds.
    pub fn new(kinds: Kinds<C>) -> Self {
        Graph { kinds, nodes: Vec::new() }
    }

    /// Adds a resource. Its kind must be one of the graph's kinds.
    pub fn add<R: Resource<Cloud = C>>(
        &mut self,
        name: impl Into<String>,
        make: impl FnOnce(&mut Edges) -> R,
    ) -> Handle<R> {
        let address = Address { kind: R::KIND, name: name.into() };
        let mut edges = Edges::default();
        let resource: Arc<dyn AnyResource<C>> = Arc::new(make(&mut edges));
        let Edges { needs, outlived_by, part_of, runs_on } = edges;
        self.nodes.push(Node { address: address.clone(), needs, outlived_by, part_of, runs_on, resource });
        Handle { address, kind: PhantomData }
    }

    /// The addresses of the desired resources.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.nodes.iter().map(|node| &node.address)
    }

    /// The name in the cloud of the desired resource at an address.
    pub fn name_at(&self, address: &Address) -> Option<String> {
        self.desired(address).map(AnyResource::name)
    }

    /// The edges: each from a resource to one that it refers to.
    pub fn edges(&self) -> impl Iterator<Item = (&Address, &Address, EdgeKind)> {
        self.nodes.iter().flat_map(|node| {
            node.needs.iter().map(|to| {
                let kind = match &node.part_of {
                    Some(parent) if parent == to => EdgeKind::PartOf,
                    Some(_) | None if node.outlived_by.contains(to) => EdgeKind::Uses,
                    Some(_) | None => EdgeKind::Reads,
                };
                (&node.address, to, kind)
            })
        })
    }

    /// Whether the resource at an address is one that others made and that the stack only uses.
    pub fn uses(&self, address: &Address) -> bool {
        self.desired(address).is_some_and(AnyResource::is_existing)
    }

    /// The addresses of the resources that others made.
    pub(crate) fn existing(&self) -> impl Iterator<Item = &Address> {
        self.nodes.iter().filter(|node| node.resource.is_existing()).map(|node| &node.address)
    }

    /// The desired resource at an address; `None` for an orphan's.
    pub(crate) fn desired(&self, address: &Address) -> Option<&dyn AnyResource<C>> {
        self.nodes.iter().find(|node| node.address == *address).map(|node| &*node.resource)
    }

    pub(crate) fn kind_of(&self, address: &Address) -> &Arc<dyn Kind<C>> {
        let found = self.kinds.0.iter().find(|(name, _)| *name == address.kind);
        &found.expect("a graph has the kinds of its resources").1
    }
}

pub(crate) type AnyLive = Box<dyn Any + Send + Sync>;
pub(crate) type AnyFault = Box<dyn Fault>;
pub(crate) type AnyListing = Arc<dyn Any + Send + Sync>;

/// An action with its type erased.
pub(crate) struct AnyAction {
    action: Box<dyn Any + Send + Sync>,
    pub step: Step,
    pub needs: Needs,
}

impl AnyAction {
    /// The resources that must exist before the action is done.
    pub fn needed_by<'a, C: Cloud>(
        &'a self,
        node: &'a Node<C>,
    ) -> Box<dyn Iterator<Item = &'a Address> + 'a> {
        match &self.needs {
            Needs::Everything => Box::new(node.needs.iter()),
            Needs::Only(these) => Box::new(these.iter()),
        }
    }
}

/// A kind with its types erased.
pub(crate) trait Kind<C: Cloud>: Send + Sync {
    fn listing_type(&self) -> TypeId;
    fn list<'a>(&'a self, clients: &'a C::Clients) -> BoxFuture<'a, Result<AnyListing, AnyFault>>;
    fn orphans<'a>(
        &'a self,
        desired: &'a [&'a dyn AnyResource<C>],
        listing: &'a AnyListing,
        observed: &'a Observed,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<Vec<(String, AnyLive)>, AnyFault>>;
    fn live_name(&self, live: &AnyLive) -> String;
    fn live_id(&self, live: &AnyLive) -> String;
    fn is_of_stack(&self, live: &AnyLive) -> bool;
    fn is_adopted(&self, live: &AnyLive) -> bool;
    fn has_marks(&self, live: &AnyLive) -> bool;
    fn removal<'a>(
        &'a self,
        live: &'a AnyLive,
        desired: Option<&'a dyn AnyResource<C>>,
        aim: Aim,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<Removal, AnyFault>>;
    fn delete<'a>(
        &'a self,
        live: AnyLive,
        desired: Option<&'a dyn AnyResource<C>>,
        aim: Aim,
        cloud: &'a C,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<(), AnyFault>>;
    fn release<'a>(
        &'a self,
        live: AnyLive,
        cloud: &'a C,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<(), AnyFault>>;
}

/// A resource with its types erased.
pub(crate) trait AnyResource<C: Cloud>: Any + Send + Sync {
    fn type_id_of_kind(&self) -> TypeId;
    fn as_any(&self) -> &(dyn Any + Send + Sync);
    fn is_existing(&self) -> bool;
    fn used(&self, live: Option<&AnyLive>) -> Step;
    fn name(&self) -> String;
    fn observe<'a>(
        &'a self,
        listing: &'a AnyListing,
        observed: &'a Observed,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<Option<AnyLive>, AnyFault>>;
    fn locate<'a>(
        &'a self,
        listing: &'a AnyListing,
        observed: &'a Observed,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<Option<AnyLive>, AnyFault>>;
    fn diff(&self, live: Option<&AnyLive>, known: &Known) -> Vec<AnyAction>;
    fn exposures(&self, live: &AnyLive, cloud: &C) -> Vec<Exposure>;
    fn perform<'a>(
        &'a self,
        action: &'a AnyAction,
        live: Option<AnyLive>,
        known: &'a Known,
        cloud: &'a C,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<AnyLive, AnyFault>>;
    fn changed(&self, live: &AnyLive) -> Option<String>;
    fn outputs(&self, live: &AnyLive) -> AnyOutputs;
}

struct KindOf<R>(PhantomData<fn() -> R>);

fn live_of<R: Resource>(live: &AnyLive) -> &R::Live {
    live.downcast_ref().expect("a live resource comes from its own kind")
}

fn own_live<R: Resource>(live: AnyLive) -> R::Live {
    *live.downcast().expect("a live resource comes from its own kind")
}

fn desired_of<R: Resource>(desired: Option<&dyn AnyResource<R::Cloud>>) -> Option<&R> {
    desired.and_then(|it| it.as_any().downcast_ref())
}

fn listing_of<R: Resource>(listing: &AnyListing) -> &R::Listing {
    listing.downcast_ref().expect("a listing comes from its own kind")
}

fn erase<R: Resource>(live: R::Live) -> AnyLive {
    Box::new(live)
}

fn fault<E: Fault>(error: E) -> AnyFault {
    Box::new(error)
}

impl<R: Resource> Kind<R::Cloud> for KindOf<R> {
    fn listing_type(&self) -> TypeId {
        TypeId::of::<R::Listing>()
    }

    fn list<'a>(
        &'a self,
        clients: &'a <R::Cloud as Cloud>::Clients,
    ) -> BoxFuture<'a, Result<AnyListing, AnyFault>> {
        async move { R::list(clients).await.map(|it| Arc::new(it) as AnyListing).map_err(fault) }.boxed()
    }

    fn orphans<'a>(
        &'a self,
        desired: &'a [&'a dyn AnyResource<R::Cloud>],
        listing: &'a AnyListing,
        observed: &'a Observed,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Vec<(String, AnyLive)>, AnyFault>> {
        async move {
            let desired: Vec<&R> = desired.iter().filter_map(|it| it.as_any().downcast_ref()).collect();
            let orphans =
                R::orphans(&desired, listing_of::<R>(listing), observed, cloud).await.map_err(fault)?;
            Ok(orphans.into_iter().map(|(name, live)| (name, erase::<R>(live))).collect())
        }
        .boxed()
    }

    fn live_name(&self, live: &AnyLive) -> String {
        R::live_name(live_of::<R>(live))
    }

    fn live_id(&self, live: &AnyLive) -> String {
        R::live_id(live_of::<R>(live))
    }

    fn is_of_stack(&self, live: &AnyLive) -> bool {
        R::is_of_stack(live_of::<R>(live))
    }

    fn is_adopted(&self, live: &AnyLive) -> bool {
        R::is_adopted(live_of::<R>(live))
    }

    fn has_marks(&self, live: &AnyLive) -> bool {
        R::has_marks(live_of::<R>(live))
    }

    fn removal<'a>(
        &'a self,
        live: &'a AnyLive,
        desired: Option<&'a dyn AnyResource<R::Cloud>>,
        aim: Aim,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Removal, AnyFault>> {
        async move { R::removal(live_of::<R>(live), desired_of(desired), aim, cloud).await.map_err(fault) }
            .boxed()
    }

    fn delete<'a>(
        &'a self,
        live: AnyLive,
        desired: Option<&'a dyn AnyResource<R::Cloud>>,
        aim: Aim,
        cloud: &'a R::Cloud,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<(), AnyFault>> {
        async move {
            R::delete(own_live::<R>(live), desired_of(desired), aim, cloud, reporter).await.map_err(fault)
        }
        .boxed()
    }

    fn release<'a>(
        &'a self,
        live: AnyLive,
        cloud: &'a R::Cloud,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<(), AnyFault>> {
        async move { R::release(own_live::<R>(live), cloud, reporter).await.map_err(fault) }.boxed()
    }
}

impl<R: Resource> AnyResource<R::Cloud> for R {
    fn type_id_of_kind(&self) -> TypeId {
        TypeId::of::<R>()
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }

    fn is_existing(&self) -> bool {
        Resource::is_existing(self)
    }

    fn used(&self, live: Option<&AnyLive>) -> Step {
        Resource::used(self, live.map(live_of::<R>))
    }

    fn name(&self) -> String {
        Resource::name(self)
    }

    fn observe<'a>(
        &'a self,
        listing: &'a AnyListing,
        observed: &'a Observed,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Option<AnyLive>, AnyFault>> {
        async move {
            let live =
                Resource::observe(self, listing_of::<R>(listing), observed, cloud).await.map_err(fault)?;
            Ok(live.map(erase::<R>))
        }
        .boxed()
    }

    fn locate<'a>(
        &'a self,
        listing: &'a AnyListing,
        observed: &'a Observed,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Option<AnyLive>, AnyFault>> {
        async move {
            let live =
                Resource::locate(self, listing_of::<R>(listing), observed, cloud).await.map_err(fault)?;
            Ok(live.map(erase::<R>))
        }
        .boxed()
    }

    fn diff(&self, live: Option<&AnyLive>, known: &Known) -> Vec<AnyAction> {
        let actions = Resource::diff(self, live.map(live_of::<R>), known);
        let erase = |action: R::Action| AnyAction {
            step: self.describe(&action),
            needs: self.needs(&action),
            action: Box::new(action),
        };
        actions.into_iter().map(erase).collect()
    }

    fn exposures(&self, live: &AnyLive, cloud: &R::Cloud) -> Vec<Exposure> {
        Resource::exposures(self, live_of::<R>(live), cloud)
    }

    fn perform<'a>(
        &'a self,
        action: &'a AnyAction,
        live: Option<AnyLive>,
        known: &'a Known,
        cloud: &'a R::Cloud,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<AnyLive, AnyFault>> {
        async move {
            let action = action.action.downcast_ref().expect("an action comes from its own kind");
            let live = live.map(own_live::<R>);
            Resource::perform(self, action, live, known, cloud, reporter).await.map(erase::<R>).map_err(fault)
        }
        .boxed()
    }

    fn changed(&self, live: &AnyLive) -> Option<String> {
        R::changed(live_of::<R>(live))
    }

    fn outputs(&self, live: &AnyLive) -> AnyOutputs {
        Arc::new(Resource::outputs(self, live_of::<R>(live)))
    }
}

/// The resources that must be deleted before each resource, by its address.
pub(crate) fn dependents<C: Cloud>(nodes: &[Node<C>]) -> BTreeMap<Address, BTreeSet<Address>> {
    let mut all: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
    for node in nodes {
        for address in &node.outlived_by {
            all.entry(address.clone()).or_default().insert(node.address.clone());
        }
    }
    all
}
