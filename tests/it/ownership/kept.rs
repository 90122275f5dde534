//! Adopted resources, made as other tools and people make them: apply keeps what a stack.yaml can't express, and what it
//! changes stands in the plan before.

mod by_hand;
mod differences;
mod row;
mod rows;

use libtest_mimic::Trial;

use self::row::Row;
use crate::harness::{cloud::Cloud, trial::trial};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let of = |row: Row| trial(format!("kept::{}", row.made), move || row.run(cloud));
    let by_hand = trial("kept::a_stack_made_by_hand", by_hand::stays);
    rows::rows().into_iter().map(of).chain([by_hand]).collect()
}
