//! `stackctl user`.

mod add;
mod change;
mod list;
mod remove;
mod show;

use clap::{Args, Subcommand};

use self::{add::Add, change::OfUser, list::List, remove::Remove, show::Show};
use stackctl_cognito::people::changes::Change;

use crate::{error::Error, options::Global, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl user add ada                  show a temporary password, once
  stackctl user add ada --reset          give ada a new temporary password
  pass show ada | stackctl user add ada --password-stdin
  stackctl user add ada --group admins
  stackctl user list
  stackctl user remove ada";

/// Manage the users who may sign in
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
    Show(Show),
    /// Send a user a code that sets another password
    ResetPassword(OfUser),
    /// Remove a user's authenticator app, when the device is lost
    ResetMfa(OfUser),
    /// Let a disabled user sign in again
    Enable(OfUser),
    /// End a user's sessions, and refuse new ones
    Disable(OfUser),
    /// End a user's sessions on all devices
    SignOut(OfUser),
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
            Command::Show(it) => it.run(global, report).await,
            Command::ResetPassword(it) => it.run(Change::ResetPassword, global, report).await,
            Command::ResetMfa(it) => it.run(Change::ResetMfa, global, report).await,
            Command::Enable(it) => it.run(Change::Enable, global, report).await,
            Command::Disable(it) => it.run(Change::Disable, global, report).await,
            Command::SignOut(it) => it.run(Change::SignOut, global, report).await,
            Command::Remove(it) => it.run(global, report).await,
        }
    }
}
