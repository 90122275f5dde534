//! A run as text, on a terminal or in a log.

pub mod checks;
pub mod errors;
pub mod lines;
pub mod live;
pub mod plan;
pub mod problem;
pub mod style;
pub mod users;
