//! AWS: one file per kind of thing, and what they share.

pub mod account;
pub mod bucket;
mod bucket_contents;
mod bucket_owner;
pub mod cli;
pub mod clients;
pub mod credentials;
pub mod error;
pub mod function;
#[cfg(test)]
mod fuzzing;
mod http;
pub mod lock;
pub mod log_group;
pub mod outputs;
pub mod password;
mod patience;
pub mod people;
pub mod permissions;
#[cfg(test)]
mod plan_text;
mod policy;
mod rates;
mod read_only;
pub mod recorder;
pub mod rest_api;
pub mod retry;
pub mod role;
mod scout;
pub mod session;
pub mod sign_in;
mod srp;
mod tag_command;
mod tags;
pub mod user_pool;
pub mod user_pool_client;
pub mod verify;
pub mod wait;
pub mod wiring;
