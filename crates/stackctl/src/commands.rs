//! One file per command.

pub mod apply;
pub mod destroy;
pub mod local;
pub mod outputs;
pub mod plan;
pub mod policy;
pub mod user;
pub mod validate;
pub mod verify;
