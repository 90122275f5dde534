//! Cognito: the kinds `user_pool`, `user_pool_client` and `user_pool_group`, and the users of a pool.

pub mod existing;
pub mod password;
pub mod people;
pub mod user_pool;
pub mod user_pool_client;
pub mod user_pool_group;
