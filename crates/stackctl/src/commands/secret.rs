//! `stackctl secret`.

mod rotate;
mod session;
mod show;

use clap::{Args, Subcommand};

use self::{rotate::Rotate, show::Show};
use crate::{error::Error, options::Global, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl secret show uploads                 print the secret of the webhook of the bucket `uploads`
  stackctl secret rotate uploads               make a new one; the previous one signs too
  stackctl secret rotate uploads --finish      remove the previous one";

/// Show and rotate the secrets of webhooks
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, alias = "secrets")]
pub struct Secret {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Show),
    Rotate(Rotate),
}

impl Secret {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// A webhook that is not applied, and the refusals of Systems Manager.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        match self.command {
            Command::Show(it) => it.run(global, report).await,
            Command::Rotate(it) => it.run(global, report).await,
        }
    }
}
