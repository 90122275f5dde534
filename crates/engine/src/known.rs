//! The outputs of what exists so far.

use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
    sync::Arc,
};

use tokio::sync::watch;

use crate::address::Address;

pub(crate) type AnyOutputs = Arc<dyn Any + Send + Sync>;

/// The outputs of what exists so far.
#[derive(Clone, Default)]
pub struct Known(pub(crate) BTreeMap<Address, AnyOutputs>);

impl Known {
    /// The outputs of the thing of kind `R` at an address.
    pub fn at<R: Outputs>(&self, address: &Address) -> Option<&R> {
        self.0.get(address)?.downcast_ref()
    }
}

/// What can be the outputs of a resource.
pub trait Outputs: Any + Send + Sync {}
impl<T: Any + Send + Sync> Outputs for T {}

/// Where one thing's observation arrives: not yet, or what it puts out if it exists.
type Slot = watch::Receiver<Option<Option<AnyOutputs>>>;

/// The outputs that a look has found so far. Asking for a resource that is not observed yet waits for it.
pub struct Seen {
    pub(crate) slots: BTreeMap<Address, (TypeId, Slot)>,
}

/// Waits for what arrives in a slot.
pub(crate) async fn read<T: Outputs + Clone>(mut slot: Slot) -> Option<T> {
    let seen = slot.wait_for(Option::is_some).await.ok()?;
    seen.as_ref()?.as_ref()?.downcast_ref::<T>().cloned()
}
