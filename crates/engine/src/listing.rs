//! The listings of all kinds, taken once at the beginning of a look.

use std::{any::TypeId, collections::BTreeMap};

use futures_util::future::join_all;

use crate::{
    failure::Failure,
    graph::{AnyFault, AnyListing, Kind, Kinds},
    resource::Cloud,
};

/// One listing of each kind; kinds whose listings have the same type share one.
pub struct Listings(BTreeMap<TypeId, (&'static str, Result<AnyListing, AnyFault>)>);

/// Lists every kind concurrently. Failures are returned by [`look`](crate::look::look) and
/// [`identify`](crate::look::identify).
pub async fn list<C: Cloud>(kinds: &Kinds<C>, clients: &C::Clients) -> Listings {
    let mut listings = BTreeMap::new();
    for (name, kind) in &kinds.0 {
        listings.entry(kind.listing_type()).or_insert((*name, kind));
    }
    let all = listings.into_iter().map(async |(of, (name, kind))| (of, (name, kind.list(clients).await)));
    Listings(join_all(all).await.into_iter().collect())
}

impl Listings {
    /// The listing of a kind; `None` if it failed.
    pub(crate) fn of<C: Cloud>(&self, kind: &dyn Kind<C>) -> Option<&AnyListing> {
        self.0.get(&kind.listing_type())?.1.as_ref().ok()
    }

    /// The failures.
    pub(crate) fn failures(self) -> impl Iterator<Item = Failure> {
        self.0.into_values().filter_map(|(kind, listed)| Some(Failure::listing(kind, listed.err()?)))
    }
}
