//! Why there is no code.

use std::path::PathBuf;

use stackctl_engine::Fault;
use stackctl_reproducible::MOST_BYTES;
use stackctl_stackfile::{
    function::{Architecture, Builtin, CodePath},
    names::PackageName,
};
use thiserror::Error;

use crate::{bundle::error::BundleError, elf};

/// Why there is no code.
#[derive(Debug, Error)]
pub enum PackageError {
    /// Cargo could not be started.
    #[error("could not run {program}")]
    NoCargo {
        /// The program.
        program: &'static str,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// Cargo did not understand the workspace.
    #[error("cargo found no workspace in {}:\n{said}", folder.display())]
    NoWorkspace {
        /// Where it looked.
        folder: PathBuf,
        /// Its own words.
        said: String,
    },
    /// The workspace has no such package.
    #[error("the cargo workspace has no package {package} with a binary; it has {}", others.join(", "))]
    NoPackage {
        /// The package of stack.yaml.
        package: PackageName,
        /// The packages with a binary.
        others: Vec<String>,
    },
    /// It is not clear which binary is the function.
    #[error("the package {package} needs one binary, or one of its own name; it has {count}")]
    NoBinary {
        /// The package.
        package: PackageName,
        /// How many binaries it has.
        count: usize,
    },
    /// The machine can't build for this processor.
    #[error("cargo alone can't build {wanted} on {}-{}", std::env::consts::ARCH, std::env::consts::OS)]
    OtherMachine {
        /// The architecture of stack.yaml.
        wanted: &'static str,
    },
    /// The build failed.
    #[error("building the package {package} failed:\n{said}")]
    Failed {
        /// The package.
        package: PackageName,
        /// The end of what cargo said.
        said: String,
    },
    /// The binary could not be read, or not zipped.
    #[error("could not read {}", path.display())]
    Unreadable {
        /// The binary.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// The binary would not run on Lambda.
    #[error("{} would not run on Lambda", path.display())]
    Unfit {
        /// The binary.
        path: PathBuf,
        /// Why.
        #[source]
        source: elf::Unfit,
    },
    /// The zip is too large.
    #[error("the zip of {package} has {bytes} bytes; Lambda takes {MOST_BYTES}")]
    TooBig {
        /// The package.
        package: PackageName,
        /// Its size.
        bytes: usize,
    },
    /// A folder or a zip file can't be a function's code.
    #[error("the code {path} can't be sent to Lambda")]
    Bundle {
        /// Its path in stack.yaml.
        path: CodePath,
        /// Why.
        #[source]
        source: BundleError,
    },
    /// This program was built without the function.
    #[error("this stackctl was built without the function {builtin} for {architecture}")]
    NoBuiltin {
        /// The function.
        builtin: Builtin,
        /// The architecture of stack.yaml.
        architecture: Architecture,
    },
    /// The command said that it needs no code and then asked for it.
    #[error("this command builds no code")]
    NotNeeded,
}

impl Fault for PackageError {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            PackageError::NoCargo { .. } => "install Rust: https://rustup.rs",
            PackageError::NoWorkspace { .. } => {
                "stack.yaml stands in the folder of the workspace's Cargo.toml, or below it"
            }
            PackageError::NoPackage { .. } => "`package:` names a package of the workspace",
            PackageError::NoBinary { .. } => "give the package a src/main.rs",
            PackageError::OtherMachine { .. } => {
                "install cargo-lambda, which builds for Lambda on any machine: https://www.cargo-lambda.info"
            }
            PackageError::Unfit { source, .. } => source.hint(),
            PackageError::Bundle { source, .. } => return source.hint(),
            PackageError::TooBig { .. } => {
                "build it smaller: strip, opt-level = \"z\", lto = \"fat\" in its profile"
            }
            PackageError::NoBuiltin { .. } => {
                "every released stackctl has its functions for x86_64; `stackctl version -v` lists those of this one"
            }
            // What cargo-lambda says without a terminal to ask in.
            PackageError::Failed { said, .. } if said.contains("Install Zig") => {
                "cargo-lambda links with Zig: `cargo lambda system --setup` installs it. On Linux, cargo alone builds for \
                 this machine's processor once cargo-lambda is uninstalled"
            }
            PackageError::Failed { .. } | PackageError::Unreadable { .. } | PackageError::NotNeeded => {
                return None;
            }
        };
        Some(hint.to_owned())
    }
}
