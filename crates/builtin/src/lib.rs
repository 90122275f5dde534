//! The functions inside stackctl: zips that were compiled with the program.

use stackctl_stackfile::function::{Architecture, Builtin};

/// A function inside the program, for one architecture.
#[derive(Debug)]
pub struct BuiltinFunction {
    /// The function.
    pub builtin: Builtin,
    /// The architecture.
    pub architecture: Architecture,
    /// The zip file that Lambda takes.
    pub zip: &'static [u8],
    /// Base64 of the zip's SHA-256, which is Lambda's `CodeSha256`.
    pub sha256: &'static str,
}

/// All functions inside the program, by function and architecture.
pub const FUNCTIONS: &[BuiltinFunction] = include!(concat!(env!("OUT_DIR"), "/functions.rs"));

/// The zip of a function, if the program has it for this architecture.
pub fn zip(builtin: Builtin, architecture: Architecture) -> Option<&'static [u8]> {
    FUNCTIONS.iter().find(|it| it.builtin == builtin && it.architecture == architecture).map(|it| it.zip)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use stackctl_package::{Zip, elf};

    use super::*;

    /// The executable of a zip.
    fn executable(bytes: &[u8]) -> Vec<u8> {
        let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut executable = Vec::new();
        archive.by_name("bootstrap").unwrap().read_to_end(&mut executable).unwrap();
        executable
    }

    #[test]
    fn each_function_runs_on_lambda() {
        for BuiltinFunction { builtin: _, architecture, zip, sha256 } in FUNCTIONS {
            let executable = executable(zip);
            elf::check(&executable, *architecture).unwrap();
            let zipped = Zip::of(&executable).unwrap();
            assert_eq!(zipped.sha256, *sha256);
            assert!(zipped.bytes == *zip);
        }
    }

    /// A small executable starts fast. A TLS client is about half of the webhook function.
    #[test]
    fn each_function_is_small() {
        for function in FUNCTIONS {
            let (zipped, executes) = match function.builtin {
                Builtin::Presign => (500_000, 1_000_000),
                Builtin::Webhook => (1_050_000, 2_050_000),
            };
            assert!(function.zip.len() < zipped, "the zip has {} bytes", function.zip.len());
            let bytes = executable(function.zip).len();
            assert!(bytes < executes, "the executable has {bytes} bytes");
        }
    }

    /// An executable that names folders of the machine it was built on differs on the next.
    #[test]
    fn no_function_names_a_folder_of_this_machine() {
        let folders = [env!("CARGO_MANIFEST_DIR"), env!("OUT_DIR")].map(str::to_owned);
        let home = std::env::home_dir().map(|it| it.join("").display().to_string());
        for function in FUNCTIONS {
            let text = String::from_utf8_lossy(&executable(function.zip)).into_owned();
            for folder in folders.iter().chain(&home) {
                assert!(!text.contains(folder), "{} names {folder}", function.builtin);
            }
        }
    }

    /// Linux on x86_64 builds it, and a release takes it from there.
    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn each_function_is_there_for_x86_64() {
        for builtin in [Builtin::Presign, Builtin::Webhook] {
            assert!(zip(builtin, Architecture::X86_64).is_some(), "{builtin}");
        }
    }
}
