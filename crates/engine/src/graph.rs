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
    event::Tell,
    fault::Fault,
    known::{AnyOutputs, Known, Seen},
    plan::{Exposure, Step},
    refs::{Edges, Handle},
    resource::{Cloud, Needs, Occasion, Removal, Resource},
};

/// The desired resources, each after those it refers to.
pub struct Graph<C: Cloud> {
    pub(crate) kinds: Kinds<C>,
    pub(crate) nodes: Vec<Node<C>>,
}

pub(crate) struct Node<C: Cloud> {
    pub address: Address,
    /// The resources whose outputs its actions may need.
    pub needs: BTreeSet<Address>,
    /// The resources that are deleted after it.
    pub outlived_by: BTreeSet<Address>,
    /// The parent that it is deleted with.
    pub part_of: Option<Address>,
    pub thing: Arc<dyn Thing<C>>,
}

/// The kinds of things that a stack can have.
pub struct Kinds<C: Cloud>(pub(crate) Vec<(&'static str, Arc<dyn Kind<C>>)>);

impl<C: Cloud> Default for Kinds<C> {
    fn default() -> Self {
        Kinds(Vec::new())
    }
}

impl<C: Cloud> Kinds<C> {
    /// Adds a kind, so that its orphans are found. The kind that is deleted last comes first.
    pub fn with<R: Resource<Cloud = C>>(mut self) -> Self {
        self.0.push((R::KIND, Arc::new(KindOf::<R>(PhantomData))));
        self
    }
}

impl<C: Cloud> Graph<C> {
    /// An empty graph of things of these kinds.
    pub fn new(kinds: Kinds<C>) -> Self {
        Graph { kinds, nodes: Vec::new() }
    }

    /// Adds a thing; its kind was made known before.
    pub fn add<R: Resource<Cloud = C>>(
        &mut self,
        name: impl Into<String>,
        make: impl FnOnce(&mut Edges) -> R,
    ) -> Handle<R> {
        let address = Address { kind: R::KIND, name: name.into() };
        let mut edges = Edges::default();
        let thing: Arc<dyn Thing<C>> = Arc::new(make(&mut edges));
        let Edges { needs, outlived_by, part_of } = edges;
        self.nodes.push(Node { address: address.clone(), needs, outlived_by, part_of, thing });
        Handle { address, kind: PhantomData }
    }

    /// The wanted things' addresses.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.nodes.iter().map(|node| &node.address)
    }

    pub(crate) fn kind_of(&self, address: &Address) -> &Arc<dyn Kind<C>> {
        let found = self.kinds.0.iter().find(|(name, _)| *name == address.kind);
        &found.expect("wiring makes each kind known before it adds one").1
    }
}

pub(crate) type AnyLive = Box<dyn Any + Send + Sync>;
pub(crate) type AnyFault = Box<dyn Fault>;
pub(crate) type AnyCensus = Arc<dyn Any + Send + Sync>;

/// An action whose type is hidden.
pub(crate) struct AnyAction {
    action: Box<dyn Any + Send + Sync>,
    pub step: Step,
    pub needs: Needs,
}

impl AnyAction {
    /// What must exist before the action of this thing is done.
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
    fn census_type(&self) -> TypeId;
    fn census<'a>(&'a self, clients: &'a C::Clients) -> BoxFuture<'a, Result<AnyCensus, AnyFault>>;
    fn strays<'a>(
        &'a self,
        wanted: &'a [Arc<dyn Thing<C>>],
        census: &'a AnyCensus,
        seen: &'a Seen,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<Vec<(String, AnyLive)>, AnyFault>>;
    fn live_name(&self, live: &AnyLive) -> String;
    fn is_of_stack(&self, live: &AnyLive) -> bool;
    fn removal<'a>(
        &'a self,
        live: &'a AnyLive,
        occasion: Occasion,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<Removal, AnyFault>>;
    fn delete<'a>(
        &'a self,
        live: AnyLive,
        occasion: Occasion,
        cloud: &'a C,
        tell: &'a Tell,
    ) -> BoxFuture<'a, Result<(), AnyFault>>;
}

/// A resource with its types erased.
pub(crate) trait Thing<C: Cloud>: Any + Send + Sync {
    fn type_id_of_kind(&self) -> TypeId;
    fn as_any(&self) -> &(dyn Any + Send + Sync);
    fn name(&self) -> String;
    fn observe<'a>(
        &'a self,
        census: &'a AnyCensus,
        seen: &'a Seen,
        cloud: &'a C,
    ) -> BoxFuture<'a, Result<Option<AnyLive>, AnyFault>>;
    fn locate<'a>(
        &'a self,
        census: &'a AnyCensus,
        seen: &'a Seen,
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
        tell: &'a Tell,
    ) -> BoxFuture<'a, Result<AnyLive, AnyFault>>;
    fn outputs(&self, live: &AnyLive) -> AnyOutputs;
}

struct KindOf<R>(PhantomData<fn() -> R>);

fn live_of<R: Resource>(live: &AnyLive) -> &R::Live {
    live.downcast_ref().expect("a live thing comes from its own kind")
}

fn own_live<R: Resource>(live: AnyLive) -> R::Live {
    *live.downcast().expect("a live thing comes from its own kind")
}

fn census_of<R: Resource>(census: &AnyCensus) -> &R::Census {
    census.downcast_ref().expect("a census comes from its own kind")
}

fn hide<R: Resource>(live: R::Live) -> AnyLive {
    Box::new(live)
}

fn fault<E: Fault>(error: E) -> AnyFault {
    Box::new(error)
}

impl<R: Resource> Kind<R::Cloud> for KindOf<R> {
    fn census_type(&self) -> TypeId {
        TypeId::of::<R::Census>()
    }

    fn census<'a>(
        &'a self,
        clients: &'a <R::Cloud as Cloud>::Clients,
    ) -> BoxFuture<'a, Result<AnyCensus, AnyFault>> {
        async move { R::census(clients).await.map(|it| Arc::new(it) as AnyCensus).map_err(fault) }.boxed()
    }

    fn strays<'a>(
        &'a self,
        wanted: &'a [Arc<dyn Thing<R::Cloud>>],
        census: &'a AnyCensus,
        seen: &'a Seen,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Vec<(String, AnyLive)>, AnyFault>> {
        async move {
            let wanted: Vec<&R> = wanted.iter().filter_map(|it| it.as_any().downcast_ref()).collect();
            let strays = R::strays(&wanted, census_of::<R>(census), seen, cloud).await.map_err(fault)?;
            Ok(strays.into_iter().map(|(name, live)| (name, hide::<R>(live))).collect())
        }
        .boxed()
    }

    fn live_name(&self, live: &AnyLive) -> String {
        R::live_name(live_of::<R>(live))
    }

    fn is_of_stack(&self, live: &AnyLive) -> bool {
        R::is_of_stack(live_of::<R>(live))
    }

    fn removal<'a>(
        &'a self,
        live: &'a AnyLive,
        occasion: Occasion,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Removal, AnyFault>> {
        async move { R::removal(live_of::<R>(live), occasion, cloud).await.map_err(fault) }.boxed()
    }

    fn delete<'a>(
        &'a self,
        live: AnyLive,
        occasion: Occasion,
        cloud: &'a R::Cloud,
        tell: &'a Tell,
    ) -> BoxFuture<'a, Result<(), AnyFault>> {
        async move { R::delete(own_live::<R>(live), occasion, cloud, tell).await.map_err(fault) }.boxed()
    }
}

impl<R: Resource> Thing<R::Cloud> for R {
    fn type_id_of_kind(&self) -> TypeId {
        TypeId::of::<R>()
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }

    fn name(&self) -> String {
        Resource::name(self)
    }

    fn observe<'a>(
        &'a self,
        census: &'a AnyCensus,
        seen: &'a Seen,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Option<AnyLive>, AnyFault>> {
        async move {
            let live = Resource::observe(self, census_of::<R>(census), seen, cloud).await.map_err(fault)?;
            Ok(live.map(hide::<R>))
        }
        .boxed()
    }

    fn locate<'a>(
        &'a self,
        census: &'a AnyCensus,
        seen: &'a Seen,
        cloud: &'a R::Cloud,
    ) -> BoxFuture<'a, Result<Option<AnyLive>, AnyFault>> {
        async move {
            let live = Resource::locate(self, census_of::<R>(census), seen, cloud).await.map_err(fault)?;
            Ok(live.map(hide::<R>))
        }
        .boxed()
    }

    fn diff(&self, live: Option<&AnyLive>, known: &Known) -> Vec<AnyAction> {
        let actions = Resource::diff(self, live.map(live_of::<R>), known);
        let hide = |action: R::Action| AnyAction {
            step: self.describe(&action),
            needs: self.needs(&action),
            action: Box::new(action),
        };
        actions.into_iter().map(hide).collect()
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
        tell: &'a Tell,
    ) -> BoxFuture<'a, Result<AnyLive, AnyFault>> {
        async move {
            let action = action.action.downcast_ref().expect("an action comes from its own kind");
            let live = live.map(own_live::<R>);
            Resource::perform(self, action, live, known, cloud, tell).await.map(hide::<R>).map_err(fault)
        }
        .boxed()
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
