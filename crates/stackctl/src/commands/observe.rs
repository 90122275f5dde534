//! Commands that observe a stack and change nothing.

pub mod doctor;
pub mod graph;
pub mod logs;
pub mod status;
