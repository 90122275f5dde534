//! What an error of a cloud can tell besides its text.

use std::error::Error;

/// An error of a cloud, with a way out where there is one.
pub trait Fault: Error + Send + Sync + 'static {
    /// What the person can do about it.
    fn hint(&self) -> Option<String>;

    /// Whether it may say that the thing, or what it needs, is not there.
    fn may_be_gone(&self) -> bool {
        false
    }

    /// Whether every other request fails for the same reason, as without credentials.
    fn meets_every_request(&self) -> bool {
        false
    }
}
