//! The properties that hold for every executable. The fuzz target `executable` checks them with generated input.

use stackctl_stackfile::function::Architecture;

use crate::elf;

/// An executable: it fits one architecture at most.
pub fn executable(bytes: &[u8]) {
    let fits = |architecture| elf::check(bytes, architecture).is_ok();
    assert!(!(fits(Architecture::X86_64) && fits(Architecture::Arm64)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executables() {
        executable(&std::fs::read(std::env::current_exe().unwrap()).unwrap());
        executable(b"#!/bin/sh");
    }
}
