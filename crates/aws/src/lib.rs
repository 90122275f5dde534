//! AWS: the kinds of resources, the requests to its services, and the clients that send them.

pub mod operations;
pub mod outputs;
pub mod password;
pub mod people;
pub mod permissions;
#[cfg(test)]
mod plan_text;
pub mod session;
pub mod wiring;

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
