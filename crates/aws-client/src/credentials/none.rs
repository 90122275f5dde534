//! The error of a run without credentials.

use std::fmt;

/// Why there are no credentials. Nothing was sent to the stack's services.
#[derive(Debug, Clone)]
pub struct NoCredentials {
    /// The missing or wrong part.
    pub why: String,
    /// What to do about it.
    pub cure: String,
    /// Whether `--profile` names a profile that does not exist.
    pub wrong_argument: bool,
}

impl fmt::Display for NoCredentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.why)
    }
}

impl std::error::Error for NoCredentials {}

impl NoCredentials {
    pub(super) fn new(why: impl Into<String>, cure: impl Into<String>) -> NoCredentials {
        NoCredentials { why: why.into(), cure: cure.into(), wrong_argument: false }
    }
}
