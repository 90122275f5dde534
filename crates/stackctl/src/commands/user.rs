//! `stackctl user`.

mod add;
mod list;
mod remove;

use clap::{Args, Subcommand};

use self::{add::Add, list::List, remove::Remove};
use crate::{error::Error, options::Global, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl user add ada                  show a temporary password, once
  stackctl user add ada --reset          give ada a new temporary password
  pass show ada | stackctl user add ada --password-stdin
  stackctl user add ada --group admins
  stackctl user list
  stackctl user remove ada";

/// Manage the users who may sign in: add, list and remove them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, alias = "users")]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Remove(Remove),
}

impl User {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// Cognito's refusals, and users that exist or do not exist.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        match self.command {
            Command::Add(it) => it.run(global, report).await,
            Command::List(it) => it.run(global, report).await,
            Command::Remove(it) => it.run(global, report).await,
        }
    }
}
