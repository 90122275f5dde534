//! `stackctl local`.

use clap::{Args, Subcommand};

use crate::{arguments::Global, error::Error, exit, report::Report};

/// The local cloud: start it, stop it, see what it does
#[derive(Debug, Args)]
pub struct Local {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start it, unless it runs
    Up,
}

impl Local {
    /// Does it.
    ///
    /// # Errors
    /// The local cloud's.
    pub async fn run(self, _global: &Global, _report: &mut Report) -> Result<u8, Error> {
        match self.command {
            Command::Up => Ok(exit::DONE),
        }
    }
}
