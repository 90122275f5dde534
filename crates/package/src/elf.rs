//! Reads an executable's header, because Lambda would only say at the first request that it can't run it.

use object::{
    LittleEndian,
    elf::{EM_AARCH64, EM_X86_64, FileHeader64},
    read::elf::{FileHeader, SectionHeader},
};
use stackctl_stackfile::function::Architecture;
use thiserror::Error;

/// The C library of Amazon Linux 2023.
const NEWEST_GLIBC: (u32, u32) = (2, 34);

/// Why an executable would not run on Lambda.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Unfit {
    /// It is no 64-bit Linux executable.
    #[error("it is not a 64-bit Linux executable")]
    NotElf,
    /// It is for another processor (LAM-42).
    #[error("it is built for {found}, and stack.yaml says {wanted}")]
    Architecture {
        /// The architecture of the executable.
        found: String,
        /// The architecture of the function.
        wanted: &'static str,
    },
    /// It needs a newer C library.
    #[error("it needs GLIBC {}.{}; Amazon Linux 2023 has {}.{}", found.0, found.1, NEWEST_GLIBC.0, NEWEST_GLIBC.1)]
    Glibc {
        /// The newest version that it needs.
        found: (u32, u32),
    },
}

impl Unfit {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Unfit::NotElf | Unfit::Architecture { .. } => {
                "install cargo-lambda, which builds for Lambda on any machine: https://www.cargo-lambda.info; \
                 or set `architecture:` to this machine's own"
            }
            Unfit::Glibc { .. } => {
                "install cargo-lambda, which links against the right version: https://www.cargo-lambda.info"
            }
        }
    }
}

/// Checks an executable against what Lambda runs.
///
/// # Errors
/// Why it would not run.
pub fn check(bytes: &[u8], architecture: Architecture) -> Result<(), Unfit> {
    let header = FileHeader64::<LittleEndian>::parse(bytes).map_err(|_| Unfit::NotElf)?;
    let endian = header.endian().map_err(|_| Unfit::NotElf)?;
    let (machine, wanted) = match architecture {
        Architecture::X86_64 => (EM_X86_64, "x86_64"),
        Architecture::Arm64 => (EM_AARCH64, "arm64"),
    };
    let found = header.e_machine.get(endian);
    if found != machine {
        let found = match found {
            EM_X86_64 => "x86_64".to_owned(),
            EM_AARCH64 => "arm64".to_owned(),
            other => format!("another processor ({other:?})"),
        };
        return Err(Unfit::Architecture { found, wanted });
    }
    match newest_glibc(header, endian, bytes).ok_or(Unfit::NotElf)? {
        Some(found) if found > NEWEST_GLIBC => Err(Unfit::Glibc { found }),
        Some(_) | None => Ok(()),
    }
}

/// The newest GLIBC version that symbols ask for; the inner `None` is "none": linked statically. The outer one is
/// "the tables are broken".
fn newest_glibc(
    header: &FileHeader64<LittleEndian>,
    endian: LittleEndian,
    bytes: &[u8],
) -> Option<Option<(u32, u32)>> {
    let sections = header.sections(endian, bytes).ok()?;
    let mut newest = None;
    for section in sections.iter() {
        let Some((mut needs, link)) = section.gnu_verneed(endian, bytes).ok()? else { continue };
        let strings = sections.strings(endian, bytes, link).ok()?;
        while let Some((_, mut versions)) = needs.next().ok()? {
            while let Some(version) = versions.next().ok()? {
                let name = version.name(endian, strings).ok()?;
                newest = newest.max(glibc_version(name));
            }
        }
    }
    Some(newest)
}

/// `GLIBC_2.17` as numbers.
fn glibc_version(name: &[u8]) -> Option<(u32, u32)> {
    let version = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?;
    let mut parts = version.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_test_runs_on_its_own_machine() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let (own_architecture, other) = match std::env::consts::ARCH {
            "x86_64" => (Architecture::X86_64, Architecture::Arm64),
            _ => (Architecture::Arm64, Architecture::X86_64),
        };
        let header = FileHeader64::<LittleEndian>::parse(own.as_slice()).unwrap();
        let newest = newest_glibc(header, LittleEndian, &own).unwrap();
        assert!(newest.is_some(), "test executables use the C library");
        match check(&own, own_architecture) {
            Ok(()) => assert!(newest <= Some(NEWEST_GLIBC)),
            Err(error) => assert_eq!(error, Unfit::Glibc { found: newest.unwrap() }),
        }
        assert!(matches!(check(&own, other), Err(Unfit::Architecture { .. })));
    }

    #[test]
    fn versions() {
        assert_eq!(glibc_version(b"GLIBC_2.34"), Some((2, 34)));
        assert_eq!(glibc_version(b"GLIBC_2.3.4"), Some((2, 3)));
        assert_eq!(glibc_version(b"GLIBC_PRIVATE"), None);
        assert_eq!(glibc_version(b"GCC_3.0"), None);
    }

    #[test]
    fn broken_files_are_told() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        for length in (0..4096).step_by(7) {
            let _ = check(&own[..length.min(own.len())], Architecture::X86_64);
        }
        assert_eq!(check(b"#!/bin/sh", Architecture::X86_64), Err(Unfit::NotElf));
        assert_eq!(check(b"", Architecture::Arm64), Err(Unfit::NotElf));
    }
}
