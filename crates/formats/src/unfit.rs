//! Outputs that a format can't express.

/// Why a format can't express the outputs of a stack.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Unfit {
    /// The problem.
    pub what: String,
    /// The advice.
    pub hint: String,
}
