//! The local cloud: MiniStack, installed and watched, with a gateway in front that closes the gaps between it and
//! AWS. From outside it is a URL.

mod daemon;
mod emulator;
mod error;
mod gateway;
mod health;
mod import;
mod install;
mod instance;
mod openapi;
mod operation;
mod progress;
mod request_log;
mod rest_api;
mod routes;
mod rules;
mod serve;
mod upstream;
mod vtl;

pub use daemon::{Cloud, Status, down, status, up};
pub use error::Error;
pub use install::MINISTACK;
pub use instance::Instance;
pub use progress::{Progress, Tell};
pub use serve::{DEFAULT_PORT, Options, serve};
