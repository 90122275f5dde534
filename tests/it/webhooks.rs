//! Webhooks of buckets: the receivers of docs/webhooks.md get what is uploaded, signed.

mod bad_days;
mod failures;
mod life;
mod parameter;
mod receiver;
mod stack;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [bad_days::trials(), life::trials(cloud), failures::trials(cloud), parameter::trials(cloud)]
        .into_iter()
        .flatten()
        .collect()
}
