//! The function with a real receiver and a real server for its secret, and its signatures against those of the scheme's
//! own library.

mod deliveries;
mod secrets;
mod server;
mod signatures;
