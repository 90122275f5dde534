//! Why a stack was not exported.

use thiserror::Error;

use crate::folder::NotWritten;

/// The parts of a stack that a CloudFormation template can't have, or that this version of stackctl does not export.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the stack can't be exported: {}", .0.join("; "))]
pub struct Unsupported(pub Vec<String>);

/// Why a stack was not exported. No file was changed.
#[derive(Debug, Error)]
pub enum NoExport {
    /// The template can't have all of the stack.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The files could not be written.
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
}

impl NoExport {
    /// The advice to the user.
    pub fn hint(&self) -> Option<String> {
        match self {
            NoExport::Unsupported(_) => Some(
                "take it out of a copy of the file and export that; what is left out stays as it is"
                    .to_owned(),
            ),
            NoExport::NotWritten(NotWritten::InTheWay(_)) => Some(
                "stackctl did not write it, or it was edited since: move it, or name another folder"
                    .to_owned(),
            ),
            NoExport::NotWritten(NotWritten::Io { .. }) => None,
        }
    }
}
