//! The trait that each kind of resource implements.

use std::{any::TypeId, collections::BTreeMap, fmt, future::Future};

use crate::{
    address::Address,
    event::Tell,
    fault::Fault,
    known::{Known, Seen, read},
    plan::{Exposure, Step},
    refs::Ref,
};

/// The outputs that an action waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// Everything that the resource refers to.
    Everything,
    /// These alone.
    Only(Vec<Address>),
}

/// The aim of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// Every desired resource is in its desired state, and there are no orphans. A plan shows the steps to it.
    Apply,
    /// No resource of the stack is left.
    Destroy {
        /// Whether the user agreed to lose what resources contain, such as the objects of a store.
        delete_contents: bool,
    },
}

/// The decision about a resource that is to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// It is deleted.
    Delete {
        /// A warning to read before agreeing, such as data that is lost.
        note: Option<String>,
    },
    /// It stays, as desired.
    Keep {
        /// Why.
        why: String,
    },
    /// It can't be deleted; then no step of the plan is done.
    Refuse {
        /// Why.
        why: String,
        /// The way to resolve it.
        hint: String,
    },
}

/// The clients of a cloud and the account that a stack is in.
pub trait Cloud: Send + Sync + 'static {
    /// The clients that listing needs, before the account is known.
    type Clients: Send + Sync + 'static;
}

/// One wanted thing of a kind.
///
/// `diff` is pure and decides everything; `perform` does one action without deciding anything. What an action
/// changed must show in the `Live` that comes back, and in what `observe` reads.
pub trait Resource: Send + Sync + 'static {
    /// The kind, as it stands in addresses.
    const KIND: &'static str;
    /// The clients.
    type Cloud: Cloud;
    /// What one listing tells of everything of this kind that may belong to the stack; kinds with the same type share
    /// the listing.
    type Census: Send + Sync + 'static;
    /// Its current state in the cloud.
    type Live: Clone + Send + Sync + 'static;
    /// The values that other resources may refer to once it exists.
    type Outputs: Clone + Send + Sync + 'static;
    /// One step from live to wanted, the size of one call.
    type Action: fmt::Debug + Send + Sync + 'static;
    /// What may go wrong.
    type Error: Fault;

    /// Lists what there is of this kind, once in a look.
    fn census(
        clients: &<Self::Cloud as Cloud>::Clients,
    ) -> impl Future<Output = Result<Self::Census, Self::Error>> + Send;

    /// Reads this thing; `None` means that it does not exist, and nothing else does.
    fn observe(
        &self,
        census: &Self::Census,
        seen: &Seen,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Option<Self::Live>, Self::Error>> + Send;

    /// Reads no more of this thing than whose it is, what others may refer to and what it takes to delete it; the rest
    /// of what comes back means nothing. `None` when it does not exist.
    fn locate(
        &self,
        census: &Self::Census,
        seen: &Seen,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Option<Self::Live>, Self::Error>> + Send {
        self.observe(census, seen, cloud)
    }

    /// Things of this kind that belong to the stack and are not `wanted`, with their logical names; read as far as
    /// `locate` reads.
    fn strays(
        wanted: &[&Self],
        census: &Self::Census,
        seen: &Seen,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Vec<(String, Self::Live)>, Self::Error>> + Send;

    /// Its name in the cloud.
    fn name(&self) -> String;

    /// The name in the cloud of a live one.
    fn live_name(live: &Self::Live) -> String;

    /// The actions from what there is to what is wanted, in order. References that are not known yet are read as
    /// "will be another value".
    fn diff(&self, live: Option<&Self::Live>, known: &Known) -> Vec<Self::Action>;

    /// An action as a person reads it.
    fn describe(&self, action: &Self::Action) -> Step;

    /// What is open at a thing that was observed, is not wanted, and that `diff` has no action for.
    fn exposures(&self, _live: &Self::Live, _cloud: &Self::Cloud) -> Vec<Exposure> {
        Vec::new()
    }

    /// What must exist before the action is done.
    fn needs(&self, _action: &Self::Action) -> Needs {
        Needs::Everything
    }

    /// Does one action and returns what there is then.
    fn perform(
        &self,
        action: &Self::Action,
        live: Option<Self::Live>,
        known: &Known,
        cloud: &Self::Cloud,
        tell: &Tell,
    ) -> impl Future<Output = Result<Self::Live, Self::Error>> + Send;

    /// Whether the stack made it: then it proves that the stack exists.
    fn is_of_stack(_live: &Self::Live) -> bool {
        true
    }

    /// The values that other resources may refer to.
    fn outputs(&self, live: &Self::Live) -> Self::Outputs;

    /// Decides whether it is deleted, kept or refused. `desired` is `None` for an orphan, and for a resource that exists
    /// only during one step.
    fn removal(
        live: &Self::Live,
        desired: Option<&Self>,
        aim: Aim,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Removal, Self::Error>> + Send;

    /// Deletes it; a resource that does not exist any more is success. `desired` is as in [`Resource::removal`].
    fn delete(
        live: Self::Live,
        desired: Option<&Self>,
        aim: Aim,
        cloud: &Self::Cloud,
        tell: &Tell,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

impl Known {
    /// The outputs of the thing referred to; `None` while it does not exist.
    pub fn get<R: Resource>(&self, to: &Ref<R>) -> Option<&R::Outputs> {
        self.at(to.address())
    }

    /// The outputs of everything of kind `R`, by logical name.
    pub fn all<R: Resource>(&self) -> BTreeMap<&str, &R::Outputs> {
        let of_kind = self.0.iter().filter(|(address, _)| address.kind == R::KIND);
        of_kind.filter_map(|(address, it)| Some((address.name.as_str(), it.downcast_ref()?))).collect()
    }
}

impl Seen {
    /// The outputs of the thing referred to; `None` if it does not exist.
    pub async fn get<R: Resource>(&self, to: &Ref<R>) -> Option<R::Outputs> {
        let (_, slot) = self.slots.get(to.address())?;
        read::<R::Outputs>(slot.clone()).await
    }

    /// The outputs of all wanted things of kind `R` that exist.
    pub async fn all<R: Resource>(&self) -> Vec<(Address, R::Outputs)> {
        let mut all = Vec::new();
        for (address, (of, slot)) in &self.slots {
            if *of == TypeId::of::<R>()
                && let Some(outputs) = read::<R::Outputs>(slot.clone()).await
            {
                all.push((address.clone(), outputs));
            }
        }
        all
    }
}
