//! `stackctl export cloudformation`: the templates are right, and CloudFormation makes of them what `apply` makes.

mod deploy;
mod events;
mod gaps;
mod import;
mod lint;
mod printed;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [lint::trials(), deploy::trials(cloud), events::trials(cloud), import::trials(cloud)]
        .into_iter()
        .flatten()
        .collect()
}
