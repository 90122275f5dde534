//! A function's code: built from a package of the cargo workspace, checked, zipped.

use std::path::PathBuf;

use stackctl_engine::Fault;
use stackctl_spec::stack::Stack;

/// The code of a stack's functions; each package is built once, when it is first asked for.
#[derive(Debug)]
pub struct Packages {}

impl Packages {
    /// The packages of a stack, in the cargo workspace at or above `folder` (where stack.yaml is).
    pub fn new(_stack: &Stack, _folder: PathBuf) -> Packages {
        todo!()
    }
}

/// Why there is no code.
#[derive(Debug)] pub struct PackageError;
impl std::fmt::Display for PackageError { fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } }
impl std::error::Error for PackageError {}
impl Fault for PackageError { fn hint(&self) -> Option<String> { None } }
