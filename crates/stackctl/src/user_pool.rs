//! The user pool that a command is about.

pub mod attributes;
