//! The report as JSON lines.

mod constructors;
pub mod line;
#[cfg(test)]
mod reference;
