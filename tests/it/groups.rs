//! Groups of a user pool, and what people may do as their members.

mod kind;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    kind::trials(cloud)
}
