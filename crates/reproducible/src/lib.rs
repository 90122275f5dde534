//! The same zip from the same source: how a function is compiled and zipped.

mod flags;
mod zip;

pub use self::{
    flags::{cargo_home, flags},
    zip::{Content, Entry, MOST_BYTES, Zip},
};
