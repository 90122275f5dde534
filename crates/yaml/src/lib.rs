//! YAML as a tree in which each value knows its place, and problems shown in the text.

pub mod problem;
pub mod source;
pub mod suggestion;
mod syntax_error;
pub mod tree;
