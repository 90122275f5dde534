//! What the sections of a stack mean in AWS's terms, as values without the SDK.

pub mod bucket;
pub mod events;
pub mod existing;
pub mod existing_function;
pub mod existing_role;
pub mod failures;
pub mod function;
pub mod invocation;
pub mod rest_api;
pub mod role;
pub mod samples;
pub mod user_pool;
