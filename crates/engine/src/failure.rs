//! A failed action or look.

use std::{error::Error, fmt, sync::Arc};

use crate::{address::Address, fault::Fault};

/// A step or a look that failed for one resource.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The thing; for the listing of a whole kind, its name is `*`.
    pub address: Address,
    /// The step that failed, as in `create`.
    pub step: String,
    /// Why it failed.
    pub source: Arc<dyn Fault>,
}

impl Failure {
    pub(crate) fn looking(address: Address, source: Box<dyn Fault>) -> Failure {
        Failure { address, step: "look at".to_owned(), source: Arc::from(source) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "could not {} {}", self.step, self.address)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
