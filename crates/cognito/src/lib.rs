//! Cognito: the kinds `user_pool` and `user_pool_client`, and the users of a pool.

pub mod password;
pub mod people;
pub mod user_pool;
pub mod user_pool_client;
