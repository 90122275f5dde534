//! Resources whose names and ids are read, and nothing else.

use futures_util::future::join_all;

use super::observation::{Depth, Observation};
use crate::{
    address::Address,
    failure::Failure,
    graph::{AnyLive, Graph},
    known::Known,
    listing::Listings,
    resource::Cloud,
};

/// A resource of the stack that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Its address.
    pub address: Address,
    /// Its name in the cloud.
    pub name: String,
    /// The id by which the cloud knows it.
    pub id: String,
    /// Whether the file contains it.
    pub is_desired: bool,
    /// Whether it has marks of the stack.
    pub has_marks: bool,
}

/// Locates the desired resources that are the stack's, and its orphans.
///
/// # Errors
/// Every other failure to observe.
pub async fn locate<C: Cloud>(
    graph: &Graph<C>,
    listings: Listings,
    cloud: &C,
) -> Result<Vec<Located>, Vec<Failure>> {
    let observation = Observation::of(graph, &listings, cloud);
    let desired =
        join_all(graph.nodes.iter().map(async |node| -> Result<Vec<(Address, AnyLive)>, Failure> {
            let live = observation.observe(node, Depth::Location).await?;
            // What the stack only uses is no resource of the stack.
            let own = live.filter(|_| !node.resource.is_existing());
            Ok(own.map(|live| (node.address.clone(), live)).into_iter().collect())
        }));
    let orphans = join_all(graph.kinds.0.iter().map(async |(kind, of)| -> Result<_, Failure> {
        let Some(listing) = listings.of(&**of) else { return Ok(Vec::new()) };
        let desired = graph.nodes.iter().filter(|node| node.address.kind == *kind);
        let desired: Vec<_> = desired.map(|node| &*node.resource).collect();
        let found = of.orphans(&desired, listing, &observation.observed, cloud).await;
        let found = found.map_err(|source| Failure::listing(kind, source))?;
        Ok(found.into_iter().map(|(name, live)| (Address { kind, name }, live)).collect())
    }));
    let (desired, orphans) = tokio::join!(desired, orphans);
    let (mut located, mut unseen) = (Vec::new(), Vec::new());
    let all = desired.into_iter().map(|it| (it, true)).chain(orphans.into_iter().map(|it| (it, false)));
    for (found, is_desired) in all {
        match found {
            Ok(found) => located.extend(found.into_iter().map(|(address, live)| {
                let kind = graph.kind_of(&address);
                let (name, id) = (kind.live_name(&live), kind.live_id(&live));
                Located { address, name, id, is_desired, has_marks: kind.has_marks(&live) }
            })),
            Err(failure) if failure.source.is_not_ours() => {}
            Err(failure) => unseen.push(failure),
        }
    }
    unseen.extend(listings.failures());
    if unseen.is_empty() { Ok(located) } else { Err(unseen) }
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
