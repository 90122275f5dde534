//! A stack that was exported.

/// The files of an export, and the commands that use them.
#[derive(Debug)]
pub struct Exported {
    /// The folder.
    pub folder: String,
    /// The files in it.
    pub files: Vec<String>,
    /// The commands, to be run in the folder.
    pub commands: Vec<String>,
}
