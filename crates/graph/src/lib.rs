//! Draws the graph of a stack's resources as Mermaid, DOT or SVG. The output depends on the resources alone, and not on
//! the account.

pub mod dot;
pub mod mermaid;
mod picture;
pub mod svg;

pub use picture::{Arrow, Line, Picture};

#[cfg(test)]
mod samples;
