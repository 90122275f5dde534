//! One program that is measured beside the others.

use super::life::{Calls, Life};

/// How often each program is started; the programs take turns, so that other load on the machine hits all of them.
pub const STARTS: usize = 20;
/// How many calls each start answers.
pub const CALLS: Calls = Calls { warm_up: 100, measured: 1000 };

/// The measurements of one program.
pub struct Variant {
    pub name: &'static str,
    /// The sizes of the deployed file in bytes: plain and zipped.
    pub sizes: (usize, usize),
    pub lives: Vec<Life>,
}
