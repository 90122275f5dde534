//! A file that outputs were written to, or compared with.

use stackctl_formats::env_file::Changes;

/// A file of outputs.
#[derive(Debug)]
pub struct OutputsFile<'a> {
    /// The path as the arguments name it.
    pub path: &'a str,
    /// What the command found or did.
    pub state: FileState,
    /// The variables of an env file.
    pub changes: Option<&'a Changes>,
}

/// Whether a file has the outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// The command wrote them.
    Written,
    /// It had them.
    UpToDate,
    /// It has others.
    OutOfDate,
}
