//! One file per command.

pub mod apply;
mod change;
pub mod destroy;
pub mod local;
mod local_env;
mod logs;
pub mod outputs;
pub mod plan;
pub mod policy;
pub mod user;
pub mod validate;
pub mod verify;
