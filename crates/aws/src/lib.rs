//! AWS: the kinds of resources, the requests to its services, and the clients that send them.

pub mod account;
pub mod cli;
#[cfg(test)]
mod fuzzing;
pub mod lock;
pub mod operations;
pub mod outputs;
pub mod password;
pub mod people;
pub mod permissions;
#[cfg(test)]
mod plan_text;
mod policy;
pub mod session;
pub mod sign_in;
mod srp;
mod tag_command;
mod tags;
pub mod verify;
pub mod wiring;

/// The clients: connections, credentials, and what is done to every request.
pub mod client {
    pub(crate) mod bucket_owner;
    pub mod clients;
    pub mod credentials;
    pub(crate) mod http;
    pub(crate) mod operations;
    pub(crate) mod read_only;
    pub mod recorder;
}
/// One module per kind of resource.
pub mod kinds {
    pub mod bucket;
    pub mod function;
    pub mod log_group;
    pub mod rest_api;
    pub mod role;
    pub mod user_pool;
    pub mod user_pool_client;
}
/// Sending a request: its retries, waits, rates and errors.
pub mod request {
    pub mod error;
    pub mod operation;
    pub mod patience;
    pub mod rates;
    pub mod retry;
    pub(crate) mod scout;
    pub mod wait;
}
