//! The local cloud: MiniStack, installed and watched, with a gateway in front that closes the gaps between it and
//! AWS. From outside it is a URL.
//!
//! A request passes through `gateway`: it is recognised (`operation`), a rule may answer it or change it (`rules`, one
//! file for each matter), else it is forwarded to the emulator (`upstream`), a rule may change the answer, and a line
//! is written (`request_log`). What no rule knows is passed on as it is. A cloud started as `strict` behaves as AWS does on
//! its bad days, before all of that.
//!
//! `up` runs the caller's own program in the background, which calls `serve`; `serve` starts the emulator, starts it
//! again when it ends by itself, and has it write its state soon after each change. The two live and die together: the
//! emulator ends when the pipe from the gateway closes.

mod caller;
mod daemon;
mod emulator;
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gateway;
mod health;
mod import;
mod install;
mod instance;
mod openapi;
mod operation;
mod progress;
mod recording;
mod request_log;
mod rest_api;
mod root_key;
mod routes;
mod rules;
mod serve;
mod signature;
mod strict;
mod upstream;
mod vtl;

pub use daemon::{Cloud, Status, down, status, up};
pub use error::Error;
pub use install::{MINISTACK, python};
pub use instance::Instance;
pub use progress::{Progress, Tell};
pub use root_key::RootKey;
pub use serve::{DEFAULT_PORT, Options, serve, serve_imports};
