//! The trait that each kind of resource implements.

use std::{any::TypeId, collections::BTreeMap, fmt, future::Future, marker::PhantomData, sync::Arc};

use crate::{
    address::Address,
    event::Reporter,
    fault::Fault,
    known::{Known, Observed, read},
    plan::{Exposure, Step, Verb},
    refs::{Handle, Ref},
};

/// The outputs that an action waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// The outputs of all resources that the resource refers to.
    Everything,
    /// The outputs of the resources at these addresses.
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

/// The decision about the removal of a resource.
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
    /// The clients with which kinds are listed while the account is still unknown.
    type Clients: Send + Sync + 'static;
}

/// One desired resource of a kind.
///
/// `diff` is pure and makes all decisions; `perform` does one action and decides nothing. The change of an action must
/// show in the `Live` that `perform` returns, and in the one that `observe` reads.
pub trait Resource: Send + Sync + 'static {
    /// The kind in addresses, such as `store`.
    const KIND: &'static str;
    /// The cloud.
    type Cloud: Cloud;
    /// One listing of all resources of this kind that may belong to the stack. Kinds with the same type share one.
    type Listing: Send + Sync + 'static;
    /// Its current state in the cloud.
    type Live: Clone + Send + Sync + 'static;
    /// The values that other resources may refer to once it exists.
    type Outputs: Clone + Send + Sync + 'static;
    /// One step from live to desired, about one call.
    type Action: fmt::Debug + Send + Sync + 'static;
    /// The error of a call.
    type Error: Fault;

    /// Lists the resources of this kind; called once in a look.
    fn list(
        clients: &<Self::Cloud as Cloud>::Clients,
    ) -> impl Future<Output = Result<Self::Listing, Self::Error>> + Send;

    /// Reads this resource. `None` means that it does not exist; every other reason not to read it is an error.
    fn observe(
        &self,
        listing: &Self::Listing,
        observed: &Observed,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Option<Self::Live>, Self::Error>> + Send;

    /// Reads only the owner of this resource, its outputs and what its deletion needs; all other fields of the result have
    /// no meaning. `None` means that it does not exist.
    fn locate(
        &self,
        listing: &Self::Listing,
        observed: &Observed,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Option<Self::Live>, Self::Error>> + Send {
        self.observe(listing, observed, cloud)
    }

    /// The resources of this kind that belong to the stack and are not `desired`, with their logical names. They are
    /// read as `locate` reads.
    fn orphans(
        desired: &[&Self],
        listing: &Self::Listing,
        observed: &Observed,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Vec<(String, Self::Live)>, Self::Error>> + Send;

    /// Whether others made it: the stack uses it, and creates, changes and deletes nothing of it. The actions of its `diff`
    /// then only refuse or read, it proves nothing about the stack, and a destroy does not delete it.
    fn is_existing(&self) -> bool {
        false
    }

    /// The step of a plan for a resource that others made and of which nothing is missing: `Verb::Use`, with a note about
    /// what could not be checked.
    fn used(&self, _live: Option<&Self::Live>) -> Step {
        Step::new(Verb::Use)
    }

    /// The name of the desired resource in the cloud.
    fn name(&self) -> String;

    /// The name of a live resource in the cloud.
    fn live_name(live: &Self::Live) -> String;

    /// The id by which the cloud, and the file as `existing`, know a live resource, where that is not its name.
    fn live_id(live: &Self::Live) -> String {
        Self::live_name(live)
    }

    /// The actions from live to desired, in order. A reference whose outputs are not known yet counts as a value that will
    /// differ.
    fn diff(&self, live: Option<&Self::Live>, known: &Known) -> Vec<Self::Action>;

    /// An action as a step of the plan.
    fn describe(&self, action: &Self::Action) -> Step;

    /// The exposures of an observed resource: settings that others made and for which `diff` has no action.
    fn exposures(&self, _live: &Self::Live, _cloud: &Self::Cloud) -> Vec<Exposure> {
        Vec::new()
    }

    /// The outputs that the action waits for.
    fn needs(&self, _action: &Self::Action) -> Needs {
        Needs::Everything
    }

    /// Does one action and returns the live resource after it.
    fn perform(
        &self,
        action: &Self::Action,
        live: Option<Self::Live>,
        known: &Known,
        cloud: &Self::Cloud,
        reporter: &Reporter,
    ) -> impl Future<Output = Result<Self::Live, Self::Error>> + Send;

    /// Whether the stack created it; such a resource proves that the stack exists.
    fn is_of_stack(_live: &Self::Live) -> bool {
        true
    }

    /// Whether the stack adopted it: others made it, and no run deletes it.
    fn is_adopted(_live: &Self::Live) -> bool {
        false
    }

    /// Whether it has marks of the stack that [`Resource::release`] removes.
    fn has_marks(_live: &Self::Live) -> bool {
        true
    }

    /// When the cloud says that it last changed, as in `2026-11-30T14:30:00Z`; none: the cloud does not say.
    fn changed(_live: &Self::Live) -> Option<String> {
        None
    }

    /// Its outputs.
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
        reporter: &Reporter,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Removes the marks by which it is the stack's, and changes nothing else; a resource that does not exist any more is
    /// success.
    fn release(
        live: Self::Live,
        cloud: &Self::Cloud,
        reporter: &Reporter,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

impl<R: Resource> Handle<R> {
    /// The same resource as one of another type with the same outputs: others refer to it alike.
    pub fn as_one_of<S: Resource<Outputs = R::Outputs>>(self) -> Handle<S> {
        Handle { address: self.address, kind: PhantomData }
    }
}

impl Known {
    /// The outputs of the referenced resource; `None` while it does not exist.
    pub fn get<R: Resource>(&self, to: &Ref<R>) -> Option<&R::Outputs> {
        self.at(to.address())
    }

    /// Adds the outputs of the referenced resource.
    pub fn with<R: Resource>(mut self, to: &Ref<R>, outputs: R::Outputs) -> Known {
        self.0.insert(to.address().clone(), Arc::new(outputs));
        self
    }

    /// The outputs of all resources of kind `R`, by logical name.
    pub fn all<R: Resource>(&self) -> BTreeMap<&str, &R::Outputs> {
        let of_kind = self.0.iter().filter(|(address, _)| address.kind == R::KIND);
        of_kind.filter_map(|(address, it)| Some((address.name.as_str(), it.downcast_ref()?))).collect()
    }
}

impl Observed {
    /// The outputs of the referenced resource; `None` if it does not exist.
    pub async fn get<R: Resource>(&self, to: &Ref<R>) -> Option<R::Outputs> {
        let (_, slot) = self.slots.get(to.address())?;
        read::<R::Outputs>(slot.clone()).await
    }

    /// The outputs of all desired resources of kind `R` that exist.
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
