//! Resources of other owners, resources that lost their tags, and exposures that others opened.

mod adopt;
mod existing;
mod exposures;
mod foreign;
mod kept;
mod lost_tags;
mod release;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let all = [
        adopt::trials(),
        existing::trials(cloud),
        exposures::trials(cloud),
        foreign::trials(),
        kept::trials(cloud),
        lost_tags::trials(),
        release::trials(cloud),
    ];
    all.into_iter().flatten().collect()
}
