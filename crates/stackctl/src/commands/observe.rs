//! Commands that observe a stack and change nothing.

pub mod graph;
pub mod logs;
