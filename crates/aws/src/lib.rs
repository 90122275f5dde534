//! AWS: one file per kind of thing, and what they share.

pub mod account;
pub mod bucket;
mod bucket_contents;
pub mod clients;
pub mod error;
pub mod lock;
pub mod outputs;
pub mod package;
mod policy;
mod read_only;
pub mod rest_api;
pub mod retry;
pub mod session;
mod tags;
pub mod user_pool;
pub mod user_pool_client;
mod wait;
pub mod wiring;
