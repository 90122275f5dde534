//! Stacks from the first apply to destroy: each kind, each argument, each request.

mod builds;
mod builtin;
pub mod calls;
mod consent;
mod data;
mod designed;
mod examples;
pub mod lifecycle;
pub mod local;
mod logs;
pub mod moto;
mod observe;
mod regions;
mod size;
pub mod whole;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let all = [
        builds::trials(cloud),
        builtin::trials(cloud),
        calls::trials(),
        consent::trials(cloud),
        data::trials(cloud),
        designed::trials(cloud),
        examples::trials(cloud),
        lifecycle::trials(cloud),
        local::trials(cloud),
        logs::trials(cloud),
        moto::trials(),
        observe::trials(cloud),
        regions::trials(),
        size::trials(),
        whole::trials(cloud),
    ];
    all.into_iter().flatten().collect()
}
