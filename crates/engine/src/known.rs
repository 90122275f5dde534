//! The outputs of what exists so far.

use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
    sync::Arc,
};

use tokio::sync::watch;

use crate::{Address, Ref, Resource};

pub(crate) type AnyOutputs = Arc<dyn Any + Send + Sync>;

/// The outputs of what exists so far.
#[derive(Clone, Default)]
pub struct Known(pub(crate) BTreeMap<Address, AnyOutputs>);

impl Known {
    /// The outputs of the thing referred to; `None` while it does not exist.
    pub fn get<R: Resource>(&self, to: &Ref<R>) -> Option<&R::Outputs> {
        self.at(to.address())
    }

    /// The outputs of the thing of kind `R` at an address.
    pub fn at<R: Outputs>(&self, address: &Address) -> Option<&R> {
        self.0.get(address)?.downcast_ref()
    }

    /// The outputs of everything of kind `R`, by logical name.
    pub fn all<R: Resource>(&self) -> BTreeMap<&str, &R::Outputs> {
        let of_kind = self.0.iter().filter(|(address, _)| address.kind == R::KIND);
        of_kind.filter_map(|(address, it)| Some((address.name.as_str(), it.downcast_ref()?))).collect()
    }
}

/// What can be the outputs of a resource.
pub trait Outputs: Any + Send + Sync {}
impl<T: Any + Send + Sync> Outputs for T {}

/// Where one thing's observation arrives: not yet, or what it puts out if it exists.
type Slot = watch::Receiver<Option<Option<AnyOutputs>>>;

/// What a look has seen so far; asking for something that is not seen yet waits for it.
pub struct Seen {
    pub(crate) slots: BTreeMap<Address, (TypeId, Slot)>,
}

impl Seen {
    /// The outputs of the thing referred to; `None` if it does not exist.
    pub async fn get<R: Resource>(&self, to: &Ref<R>) -> Option<R::Outputs> {
        let (_, slot) = self.slots.get(to.address())?;
        read::<R>(slot.clone()).await
    }

    /// The outputs of all wanted things of kind `R` that exist.
    pub async fn all<R: Resource>(&self) -> Vec<(Address, R::Outputs)> {
        let mut all = Vec::new();
        for (address, (of, slot)) in &self.slots {
            if *of == TypeId::of::<R>()
                && let Some(outputs) = read::<R>(slot.clone()).await
            {
                all.push((address.clone(), outputs));
            }
        }
        all
    }
}

async fn read<R: Resource>(mut slot: Slot) -> Option<R::Outputs> {
    let seen = slot.wait_for(Option::is_some).await.ok()?;
    seen.as_ref()?.as_ref()?.downcast_ref::<R::Outputs>().cloned()
}
