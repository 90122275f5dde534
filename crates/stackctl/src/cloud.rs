//! Where a command's requests go: AWS, another address, or the local cloud.

pub mod local;
pub mod reach;
