//! Groups of a user pool, and what people may do as their members.

mod access;
mod kind;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    kind::trials(cloud).into_iter().chain(access::trials(cloud)).collect()
}
