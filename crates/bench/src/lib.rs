//! The measurements of stackctl. This crate is not part of the product.
//!
//! A benchmark is a module with a `section` function, which measures and returns a [`section::Section`] of
//! `docs/benchmarks.md`, and a variant of `Benchmark` in `main.rs`.

pub mod calls;
pub mod chart;
pub mod child;
pub mod client;
pub mod cloud;
pub mod machine;
pub mod presign;
pub mod scale;
pub mod section;
pub mod spread;
pub mod stack;
pub mod table;
pub mod waves;
