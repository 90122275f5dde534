//! Checks and users as text; plans, runs and errors are in `stackctl-views`.

pub mod checks;
pub mod findings;
pub mod initialized;
pub mod logs;
pub mod status;
pub mod users;
pub mod written;
