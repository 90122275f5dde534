//! The local cloud: MiniStack, installed and watched, with the gateway in front. From outside it is a URL.
//!
//! `up` runs the caller's own program in the background, which calls `serve`; `serve` starts the emulator, starts it
//! again when it ends by itself, and has it write its state soon after each change. The two live and die together: the
//! emulator ends when the pipe from the gateway closes.

mod daemon;
mod emulator;
mod error;
mod health;
mod install;
mod instance;
mod messages;
mod private;
mod progress;
mod root_key;
mod serve;

pub use daemon::{Cloud, Status, down, status, up};
pub use error::Error;
pub use install::{MINISTACK, python, python_version};
pub use instance::Instance;
pub use messages::{Message, Messages};
pub use progress::{Progress, Reporter};
pub use serve::{DEFAULT_PORT, Options, serve, serve_imports};
pub use stackctl_gateway::RootKey;
