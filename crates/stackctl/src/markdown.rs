//! The report as Markdown, for comments on GitHub.

pub mod plan;
mod text;
