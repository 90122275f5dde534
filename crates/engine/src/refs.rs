//! References between the resources of a graph.

use std::{collections::BTreeSet, marker::PhantomData};

use crate::address::Address;

/// A resource that was added to a graph.
pub struct Handle<R> {
    pub(crate) address: Address,
    pub(crate) kind: PhantomData<fn() -> R>,
}

/// A reference to a resource of kind `R` that was added to the graph before. Only [`Edges`] creates references.
#[derive(Debug)]
pub struct Ref<R> {
    address: Address,
    kind: PhantomData<fn() -> R>,
}

impl<R> Clone for Ref<R> {
    fn clone(&self) -> Self {
        Ref { address: self.address.clone(), kind: PhantomData }
    }
}

impl<R> Ref<R> {
    /// The address of the referenced resource.
    pub fn address(&self) -> &Address {
        &self.address
    }
}

/// Creates the references of one resource, and with them its edges in the graph.
#[derive(Default)]
pub struct Edges {
    pub(crate) needs: BTreeSet<Address>,
    pub(crate) outlived_by: BTreeSet<Address>,
    pub(crate) part_of: Option<Address>,
    pub(crate) runs_on: BTreeSet<Address>,
}

impl Edges {
    /// A reference to a resource that must exist as long as this one: it is deleted later.
    pub fn to<R>(&mut self, handle: &Handle<R>) -> Ref<R> {
        self.outlived_by.insert(handle.address.clone());
        self.reads(handle)
    }

    /// A reference to the parent of this resource: the cloud deletes this one together with its parent.
    pub fn part_of<R>(&mut self, handle: &Handle<R>) -> Ref<R> {
        self.part_of = Some(handle.address.clone());
        self.reads(handle)
    }

    /// A reference to a resource without which this one stops working. It may be deleted before this one, and stays where
    /// this one stays.
    pub fn runs_on<R>(&mut self, handle: &Handle<R>) -> Ref<R> {
        self.runs_on.insert(handle.address.clone());
        self.reads(handle)
    }

    /// A reference to a resource whose outputs are needed, and which may be deleted before this one.
    pub fn reads<R>(&mut self, handle: &Handle<R>) -> Ref<R> {
        self.needs.insert(handle.address.clone());
        Ref { address: handle.address.clone(), kind: PhantomData }
    }
}
