//! The commands that write into a project.

pub mod export;
pub mod init;
pub mod schema;
