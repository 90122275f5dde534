//! Events of buckets: functions that S3 calls.

mod delivery;
mod failures;
mod lifecycle;
mod stack;
mod thumbnails;
mod verified;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [
        delivery::trials(cloud),
        failures::trials(cloud),
        lifecycle::trials(cloud),
        thumbnails::trials(cloud),
        verified::trials(cloud),
    ]
    .into_iter()
    .flatten()
    .collect()
}
