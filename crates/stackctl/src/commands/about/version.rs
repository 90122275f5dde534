//! `stackctl version`.

use std::{
    env::consts::{ARCH, OS},
    fmt::Write,
};

use clap::Args;
use stackctl_builtin::{BuiltinFunction, FUNCTIONS};

use crate::{error::Error, exit, options::Global, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl version
  stackctl version -v                    the functions inside, and the licences of what is compiled in
  stackctl version --json";

/// Made from Cargo.lock by `make licences`; `make audit` compares it.
const LICENCES: &str = include_str!("../../../licences.txt");

/// Show the version; -v: the functions inside and the licences
#[derive(Debug, Args)]
#[command(name = "version", after_help = EXAMPLES)]
pub struct ShowVersion {}

impl ShowVersion {
    /// Shows the version.
    ///
    /// # Errors
    /// None.
    pub fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        report.version(&text(global.verbose, FUNCTIONS));
        Ok(exit::DONE)
    }
}

fn text(verbose: bool, functions: &[BuiltinFunction]) -> String {
    let mut text = format!("stackctl {} ({ARCH}-{OS})\n", env!("CARGO_PKG_VERSION"));
    if verbose {
        text += "\nFunctions inside, with the size and the CodeSha256 of their zips:\n";
        for BuiltinFunction { builtin, architecture, zip, sha256 } in functions {
            let _ = writeln!(text, "  {builtin} {architecture}: {} bytes, {sha256}", zip.len());
        }
        if functions.is_empty() {
            text += "  none\n";
        }
        text += "\nLicences of what is compiled in:\n\n";
        text += LICENCES;
    }
    text
}

#[cfg(test)]
mod tests {
    use stackctl_stackfile::function::{Architecture, Builtin};

    use super::*;

    #[test]
    fn short_and_long() {
        let function = BuiltinFunction {
            builtin: Builtin::Presign,
            architecture: Architecture::X86_64,
            zip: b"zip",
            sha256: "b64=",
        };
        let short = text(false, &[]);
        assert_eq!(short, format!("stackctl {} ({ARCH}-{OS})\n", env!("CARGO_PKG_VERSION")));
        let long = text(true, &[function]);
        assert!(long.starts_with(&short));
        assert!(long.contains("\n  presign x86_64: 3 bytes, b64=\n"), "{long}");
        assert!(text(true, &[]).contains("\n  none\n"));
    }

    #[test]
    fn licences_of_the_program_and_of_the_function() {
        let (program, function) = LICENCES.split_once("In the function presign:").unwrap();
        assert!(program.contains("In the program:") && program.contains(" clap "));
        assert!(function.contains(" lambda_runtime ") && !function.contains(" clap "));
    }
}
