//! References between things of a graph.

use std::{collections::BTreeSet, marker::PhantomData};

use crate::address::Address;

/// A thing that was added to a graph.
pub struct Handle<R> {
    pub(crate) address: Address,
    pub(crate) kind: PhantomData<fn() -> R>,
}

/// A reference from one thing to another that was added before it; only [`Edges`] makes them.
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
    /// The address of what is referred to.
    pub fn address(&self) -> &Address {
        &self.address
    }
}

/// Makes the references of one thing, and remembers them.
#[derive(Default)]
pub struct Edges {
    pub(crate) needs: BTreeSet<Address>,
    pub(crate) outlived_by: BTreeSet<Address>,
    pub(crate) part_of: Option<Address>,
}

impl Edges {
    /// A reference to something that must be there as long as the thing itself.
    pub fn to<R>(&mut self, handle: &Handle<R>) -> Ref<R> {
        self.outlived_by.insert(handle.address.clone());
        self.reads(handle)
    }

    /// A reference to something that the thing is a part of: it goes when that goes.
    pub fn part_of<R>(&mut self, handle: &Handle<R>) -> Ref<R> {
        self.part_of = Some(handle.address.clone());
        self.reads(handle)
    }

    /// A reference to something whose outputs are needed, and which may be deleted before the thing itself.
    pub fn reads<R>(&mut self, handle: &Handle<R>) -> Ref<R> {
        self.needs.insert(handle.address.clone());
        Ref { address: handle.address.clone(), kind: PhantomData }
    }
}
