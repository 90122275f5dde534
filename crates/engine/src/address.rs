//! The name of a resource in its stack, such as `store.uploads`.

use std::fmt;

/// A kind and a logical name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The kind, such as `store`.
    pub kind: &'static str,
    /// The logical name; a part of another resource has that one's name before it, as in `users/web`.
    pub name: String,
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.kind, self.name)
    }
}
