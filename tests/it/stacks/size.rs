//! The built program has no part of the strict cloud.

use std::{fs, path::PathBuf};

use libtest_mimic::Trial;

use crate::harness::{
    program::{beside, program},
    trial::trial,
};

pub fn trials() -> Vec<Trial> {
    let strict = trial("size::stackctl_has_no_strict_code", || {
        let read = |program: PathBuf| String::from_utf8_lossy(&fs::read(program).unwrap()).into_owned();
        let (stackctl, strict) = (read(program()), read(beside("strict-cloud")));
        for text in ["/_stackctl/strict", "stackctl_strict", "iam_propagation", "kill_emulator"] {
            assert!(strict.contains(text), "the strict cloud has {text}");
            assert!(!stackctl.contains(text), "stackctl has {text}");
        }
    });
    vec![strict]
}
