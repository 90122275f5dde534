//! Shared by the trials: clouds, the program, inventories, the validity of requests, times.

pub mod aws_cli;
pub mod cloud;
pub mod environment;
pub mod inventory;
pub mod oracle;
pub mod program;
pub mod soak;
pub mod srp;
pub mod strict;
pub mod terminal;
pub mod trial;
