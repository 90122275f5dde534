//! `stackctl group`.

mod add;
mod list;
mod remove;

use clap::{Args, Subcommand};

use self::{add::Add, list::List, remove::Remove};
use crate::{error::Error, options::Global, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl group add admins ada          ada is in the group from the next sign-in on
  stackctl group list
  stackctl group remove admins ada

stack.yaml has the groups themselves, under `groups:` of a user pool.";

/// Manage the people in groups: add, list and remove them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, alias = "groups")]
pub struct Group {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Remove(Remove),
}

impl Group {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// Cognito's refusals, and users and groups that do not exist.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        match self.command {
            Command::Add(it) => it.run(global, report).await,
            Command::List(it) => it.run(global, report).await,
            Command::Remove(it) => it.run(global, report).await,
        }
    }
}
