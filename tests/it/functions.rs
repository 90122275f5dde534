//! Functions in other languages than Rust.

mod code;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    code::trials(cloud)
}
