//! The accounts of users: what an administrator and the users themselves do with them.

mod administration;
mod self_service;
mod settings;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [administration::trials(cloud), self_service::trials(cloud), settings::trials(cloud)]
        .into_iter()
        .flatten()
        .collect()
}
