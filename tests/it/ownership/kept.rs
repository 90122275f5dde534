//! Adopted resources, made as other tools make them: apply keeps what a stack.yaml can't express, and what it changes
//! stands in the plan before.

mod differences;
mod row;
mod rows;

use libtest_mimic::Trial;

use crate::harness::{cloud::Cloud, trial::trial};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    rows::rows().into_iter().map(|row| trial(format!("kept::{}", row.made), move || row.run(cloud))).collect()
}
