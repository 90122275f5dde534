//! The observation of a graph's resources.

use std::collections::BTreeMap;

use tokio::sync::watch;

use crate::{
    address::Address,
    failure::Failure,
    graph::{AnyLive, Graph, Node},
    known::{AnyOutputs, Observed},
    listing::Listings,
    resource::Cloud,
};

/// How much of a resource is read.
#[derive(Clone, Copy)]
pub(super) enum Depth {
    /// Everything that a diff compares.
    Whole,
    /// Its owner, its outputs, and what its deletion needs.
    Location,
}

/// The observation of a graph's resources: the outputs of each are sent to the resources that refer to it.
pub(super) struct Observation<'a, C: Cloud> {
    graph: &'a Graph<C>,
    listings: &'a Listings,
    cloud: &'a C,
    senders: BTreeMap<Address, watch::Sender<Option<Option<AnyOutputs>>>>,
    pub(super) observed: Observed,
}

impl<'a, C: Cloud> Observation<'a, C> {
    pub(super) fn of(graph: &'a Graph<C>, listings: &'a Listings, cloud: &'a C) -> Self {
        let (mut senders, mut slots) = (BTreeMap::new(), BTreeMap::new());
        for node in &graph.nodes {
            let (sender, receiver) = watch::channel(None);
            senders.insert(node.address.clone(), sender);
            slots.insert(node.address.clone(), (node.resource.type_id_of_kind(), receiver));
        }
        Observation { graph, listings, cloud, senders, observed: Observed { slots } }
    }

    /// Observes one resource and sends its outputs.
    pub(super) async fn observe(&self, node: &Node<C>, depth: Depth) -> Result<Option<AnyLive>, Failure> {
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
