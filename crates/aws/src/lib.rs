//! The graph of a stack's resources in AWS, and its outputs.

pub mod log_groups;
pub mod outputs;
pub mod picture;
pub mod session;
pub mod wiring;

/// The kinds that need several services, a module each.
pub mod kinds {
    pub mod notification;
}
