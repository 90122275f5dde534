#![doc = include_str!("../README.md")]

pub mod api;
pub mod bucket;
pub mod bucket_variables;
mod environment;
pub mod function;
pub mod grants;
mod overlay;
mod parse;
pub mod resource_names;
mod routes;
mod schema;
pub mod stack;
mod tags;
pub mod user_pool;

/// What only the whole stack tells.
mod checks {
    pub(crate) mod access;
    pub(crate) mod computed_names;
    pub(crate) mod event_loops;
    pub(crate) mod existing_functions;
    pub(crate) mod timeouts;
    pub(crate) mod webhooks;
}
/// How a section of the file is declared, read and described.
mod read {
    pub(crate) mod choice;
    pub(crate) mod definitions;
    pub(crate) mod existing;
    pub(crate) mod kind;
    pub(crate) mod reader;
    pub(crate) mod record;
    pub(crate) mod reference;
    pub mod scalar;
}
/// Types of single values.
mod values {
    pub mod limits;
    pub mod names;
    pub mod origin;
    pub(crate) mod range;
    pub(crate) mod region;
    pub mod route;
    pub mod units;
}

pub use parse::{is_for_development, parse, problem_at};
pub use read::scalar;
pub use schema::schema;
pub use stackctl_yaml::{
    problem::{self, Problem},
    suggestion::did_you_mean,
    tree::MOST_BYTES,
};
pub use values::{limits, names, origin, units};
