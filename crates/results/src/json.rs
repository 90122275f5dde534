//! The report as JSON lines.

mod constructors;
pub mod line;
pub mod objects;
#[cfg(test)]
mod reference;
mod text;
