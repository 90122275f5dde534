//! AWS's delays, limits and errors: each by itself, each at each request, and at random.

mod as_aws;
mod bad_days;
mod edits;
pub mod generator;
mod random;
pub mod requests;
mod sweep;

use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    let all = [as_aws::trials(), bad_days::trials(), random::trials(), sweep::trials()];
    all.into_iter().flatten().collect()
}
