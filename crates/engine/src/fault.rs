//! The properties of a cloud's errors besides their text.

use std::error::Error;

/// An error of a cloud, with a hint where there is one.
pub trait Fault: Error + Send + Sync + 'static {
    /// The way to resolve the error, if there is one. Lines after the first are commands.
    fn hint(&self) -> Option<String>;

    /// Whether the error may mean that the resource, or one that it needs, does not exist.
    fn may_be_gone(&self) -> bool {
        false
    }

    /// Whether every other request fails for the same reason, as without credentials.
    fn meets_every_request(&self) -> bool {
        false
    }

    /// Whether the error says that a resource that is not the stack's has the desired name.
    fn is_not_ours(&self) -> bool {
        false
    }
}
