//! The users of a user pool: added, listed and removed by an administrator.

pub mod operations;
pub mod password;
pub mod people;
