//! The commands that write into a project.

pub mod init;
pub mod schema;
