//! Follows log groups without losing or repeating an event, and reads the lines of Lambda functions.
//!
//! [`follower::Follower`] asks for pages and returns events in the order of time; [`entry::Entry`] is what a line says.

pub mod ansi;
pub mod entry;
pub mod event;
pub mod follower;
mod json;
mod level;
pub mod line;
mod platform;
mod requests;
pub mod since;
mod tail;

pub use level::Level;
pub use platform::Report;
