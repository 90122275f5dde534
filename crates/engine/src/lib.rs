//! The reconciler: a graph of wanted things, a look at what there is, a plan, and its execution.
//!
//! Nothing here knows AWS, files or a terminal. A kind of thing is a [`Resource`]; things are added to a
//! [`Graph`]; [`census`](look::census) and [`look`](look::look) observe them all, [`Look::plan`] says what would be done, [`apply`](apply::apply)
//! and [`destroy`](destroy::destroy) do it and tell [`Event`]s.

pub mod address;
pub mod apply;
pub mod destroy;
pub mod event;
mod failure;
mod fault;
mod graph;
mod known;
pub mod look;
pub mod plan;
mod refs;
mod resource;

pub use address::Address;
pub use event::{Event, Events, Stop, Tell};
pub use failure::Failure;
pub use fault::Fault;
pub use graph::{Graph, Kinds};
pub use known::{Known, Seen};
pub use look::{Census, Look};
pub use plan::{Change, Exposure, Plan, Step, Verb};
pub use refs::{Edges, Handle, Ref};
pub use resource::{Cloud, Needs, Occasion, Removal, Resource};
