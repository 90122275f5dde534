//! The built binaries: the function stays small, for a fast start, and stackctl has no part of the strict cloud.

use std::{fs, path::PathBuf, process::Command};

use libtest_mimic::Trial;
use stackctl_package::Zip;

use crate::harness::{
    program::{beside, program, target},
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
    let function = trial("size::of_the_function", || {
        let built = Command::new("cargo")
            .args(["build", "--quiet", "--profile", "lambda", "--package", "presign", "--target-dir"])
            .arg(target())
            .status();
        assert!(built.unwrap().success());
        let binary = fs::read(target().join("lambda/presign")).unwrap();
        assert!(binary.len() < 1_000_000, "the binary has {} bytes", binary.len());
        let zip = Zip::of(&binary).unwrap().bytes.len();
        assert!(zip < 500_000, "the zip has {zip} bytes");
    });
    vec![strict, function]
}
