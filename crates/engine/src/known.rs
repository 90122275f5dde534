//! The outputs of the resources that exist so far.

use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
    sync::Arc,
};

use tokio::sync::watch;

use crate::address::Address;

pub(crate) type AnyOutputs = Arc<dyn Any + Send + Sync>;

/// The outputs of the resources that exist so far.
#[derive(Clone, Default)]
pub struct Known(pub(crate) BTreeMap<Address, AnyOutputs>);

impl Known {
    /// The outputs of the resource at an address; `None` if it does not exist, or if its outputs are not an `R`.
    pub fn at<R: Outputs>(&self, address: &Address) -> Option<&R> {
        self.0.get(address)?.downcast_ref()
    }
}

/// A type that can be the outputs of a resource.
pub trait Outputs: Any + Send + Sync {}
impl<T: Any + Send + Sync> Outputs for T {}

/// Receives the outputs of one resource: `None` until it is observed, then `Some(None)` if it does not exist.
type Slot = watch::Receiver<Option<Option<AnyOutputs>>>;

/// The outputs of the resources that are observed so far. Reading those of a resource that is not observed yet waits
/// for it.
pub struct Observed {
    pub(crate) slots: BTreeMap<Address, (TypeId, Slot)>,
}

/// Waits until a resource is observed, and returns its outputs; `None` if it does not exist.
pub(crate) async fn read<T: Outputs + Clone>(mut slot: Slot) -> Option<T> {
    let observed = slot.wait_for(Option::is_some).await.ok()?;
    observed.as_ref()?.as_ref()?.downcast_ref::<T>().cloned()
}
