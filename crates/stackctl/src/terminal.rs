//! Checks and users as text; plans, runs and errors are in `stackctl-views`.

pub mod checks;
pub mod logs;
pub mod users;
pub mod written;
