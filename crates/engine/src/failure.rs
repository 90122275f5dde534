//! A failed step or observation.

use std::{error::Error, fmt, sync::Arc};

use crate::{address::Address, fault::Fault, plan::Label};

/// A step or an observation that failed for one resource.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The resource; for the listing of a whole kind, its name is `*`.
    pub address: Address,
    /// The step that failed.
    pub step: Label,
    /// Why it failed.
    pub source: Arc<dyn Fault>,
}

impl Failure {
    pub(crate) fn looking(address: Address, source: Box<dyn Fault>) -> Failure {
        Failure { address, step: Label::LOOK, source: Arc::from(source) }
    }

    /// The failure to list a kind.
    pub(crate) fn listing(kind: &'static str, source: Box<dyn Fault>) -> Failure {
        Failure::looking(Address { kind, name: "*".to_owned() }, source)
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
