//! Web origins, as browsers send them.

use std::{collections::BTreeSet, fmt};

/// An origin: scheme, host, and port when it is not the scheme's own. Lower case, no path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(pub(crate) String);

impl Origin {
    /// The origin as a browser sends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Which origins are let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// `"*"`: any page.
    Any,
    /// These and no others; at least one.
    These(BTreeSet<Origin>),
}
