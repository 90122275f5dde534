//! A run as JSON lines.

pub mod line;
