//! Commands about the command line itself.

pub mod completions;
pub mod help;
pub mod man;
pub mod version;
