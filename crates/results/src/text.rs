//! The text for people.

pub mod checks;
pub mod exported;
pub mod findings;
pub mod initialized;
pub mod logs;
pub mod marking;
pub mod messages;
pub mod secret;
pub mod status;
pub mod users;
pub mod written;
