//! The commands, one file each.

mod apply;
mod destroy;
mod local;
mod observe;
mod outputs;
mod plan;
mod policy;
mod user;
mod validate;
mod verify;

use clap::Subcommand;

use self::{
    apply::Apply,
    destroy::Destroy,
    local::Local,
    observe::{graph::ShowGraph, logs::ShowLogs},
    outputs::ShowOutputs,
    plan::ShowPlan,
    policy::ShowPolicy,
    user::User,
    validate::Validate,
    verify::Verify,
};
use crate::{error::Error, options::Global, report::Report};

/// A command and its own options.
#[derive(Debug, Subcommand)]
pub enum Command {
    Apply(Apply),
    Plan(ShowPlan),
    Destroy(Destroy),
    Outputs(ShowOutputs),
    Logs(ShowLogs),
    Graph(ShowGraph),
    Policy(ShowPolicy),
    User(User),
    Validate(Validate),
    Verify(Verify),
    Local(Local),
}

impl Command {
    /// Runs the command, and returns the exit code.
    ///
    /// # Errors
    /// Why the command failed.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        match self {
            Command::Apply(it) => it.run(global, report).await,
            Command::Plan(it) => it.run(global, report).await,
            Command::Destroy(it) => it.run(global, report).await,
            Command::Outputs(it) => it.run(global, report).await,
            Command::Logs(it) => it.run(global, report).await,
            Command::Graph(it) => it.run(global, report),
            Command::Policy(it) => it.run(global, report).await,
            Command::User(it) => it.run(global, report).await,
            Command::Validate(it) => it.run(global, report).await,
            Command::Verify(it) => it.run(global, report).await,
            Command::Local(it) => it.run(global, report).await,
        }
    }
}
