//! A thing's name in its stack, such as `bucket.uploads`.

use std::fmt;

/// A kind and a logical name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The kind, such as `bucket`.
    pub kind: &'static str,
    /// The logical name; things inside things have `/` in it, such as `users/web`.
    pub name: String,
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.kind, self.name)
    }
}
