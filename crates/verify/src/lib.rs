//! The checks of a deployed stack from outside: what pages and strangers would send, and the sign-in of a user.

mod http;
pub mod operations;
pub mod sign_in;
pub mod verification;
