//! The function stays small, for a fast start.

use std::{fs, process::Command};

use libtest_mimic::Trial;
use stackctl_package::Zip;

use crate::harness::{program::target, trial::trial};

pub fn trials() -> Vec<Trial> {
    vec![trial("size::of_the_function", || {
        let built = Command::new("cargo")
            .args(["build", "--quiet", "--profile", "lambda", "--package", "presign", "--target-dir"])
            .arg(target())
            .status();
        assert!(built.unwrap().success());
        let binary = fs::read(target().join("lambda/presign")).unwrap();
        assert!(binary.len() < 1_000_000, "the binary has {} bytes", binary.len());
        let zip = Zip::of(&binary).unwrap().bytes.len();
        assert!(zip < 500_000, "the zip has {zip} bytes");
    })]
}
