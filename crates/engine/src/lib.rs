#![doc = include_str!("../README.md")]

pub mod address;
pub mod apply;
pub mod destroy;
pub mod event;
mod failure;
mod fault;
mod graph;
mod known;
pub mod listing;
pub mod look;
pub mod plan;
mod refs;
mod resource;
mod run;

pub use address::Address;
pub use event::{Event, Events, Reporter, Stop};
pub use failure::Failure;
pub use fault::Fault;
pub use graph::{EdgeKind, Graph, Kinds};
pub use known::{Known, Observed};
pub use listing::Listings;
pub use look::Look;
pub use plan::{Exposure, FieldChange, Label, Plan, Step, Verb};
pub use refs::{Edges, Handle, Ref};
pub use resource::{Aim, Cloud, Needs, Removal, Resource};
pub use run::Run;
