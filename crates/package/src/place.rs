//! Where code comes from.

use std::path::PathBuf;

use stackctl_stackfile::function::{Architecture, Builtin};

/// Where code comes from.
#[derive(Debug, Clone)]
pub struct CodePlace {
    /// The folder of stack.yaml, which is that of the cargo workspace or below it, and above all other code.
    pub folder: PathBuf,
    /// Where it is remembered what was built.
    pub cache: PathBuf,
    /// The zips of the functions inside the program.
    pub builtins: Builtins,
    /// Whether the code is for the local cloud, which runs it with the programs of this machine.
    pub local: bool,
}

/// Returns the zip of a function inside the program, if the program has it for this architecture.
pub type Builtins = fn(Builtin, Architecture) -> Option<&'static [u8]>;
