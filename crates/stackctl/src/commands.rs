//! The commands, one file each.

mod about;
mod apply;
mod destroy;
mod dev;
mod group;
mod local;
mod observe;
mod outputs;
mod ownership {
    //! The commands that change whose a resource is.

    pub mod adopt;
    pub mod release;
}
mod plan;
mod policy;
mod project;
mod secret;
mod user;
mod validate;
mod verify;

use clap::Subcommand;

use self::{
    about::{completions::Completions, help::Help, man::Man, version::ShowVersion},
    apply::Apply,
    destroy::Destroy,
    dev::Dev,
    group::Group,
    local::Local,
    observe::{doctor::Doctor, graph::ShowGraph, logs::ShowLogs, status::ShowStatus},
    outputs::ShowOutputs,
    ownership::{adopt::Adopt, release::Release},
    plan::ShowPlan,
    policy::ShowPolicy,
    project::{export::Export, init::Init, schema::ShowSchema},
    secret::Secret,
    user::User,
    validate::Validate,
    verify::Verify,
};
use crate::{error::Error, options::Global, report::Report};

/// A command and its own options.
#[derive(Debug, Subcommand)]
pub enum Command {
    Init(Init),
    Apply(Apply),
    Plan(ShowPlan),
    Destroy(Destroy),
    Adopt(Adopt),
    Release(Release),
    Dev(Dev),
    Outputs(ShowOutputs),
    Status(ShowStatus),
    Logs(ShowLogs),
    Graph(ShowGraph),
    Doctor(Doctor),
    Policy(ShowPolicy),
    User(User),
    Group(Group),
    Secret(Secret),
    Validate(Validate),
    Schema(ShowSchema),
    Export(Export),
    Verify(Verify),
    Local(Local),
    Completions(Completions),
    Man(Man),
    Help(Help),
    Version(ShowVersion),
}

impl Command {
    /// Runs the command, and returns the exit code. `definition` returns the definition of the command line.
    ///
    /// # Errors
    /// Why the command failed.
    pub async fn run(
        self,
        definition: fn() -> clap::Command,
        global: &Global,
        report: &mut Report,
    ) -> Result<u8, Error> {
        match self {
            Command::Init(it) => it.run(global, report).await,
            Command::Apply(it) => it.run(global, report).await,
            Command::Plan(it) => it.run(global, report).await,
            Command::Destroy(it) => it.run(global, report).await,
            Command::Adopt(it) => it.run(global, report).await,
            Command::Release(it) => it.run(global, report).await,
            Command::Dev(it) => it.run(global, report).await,
            Command::Outputs(it) => it.run(global, report).await,
            Command::Status(it) => it.run(global, report).await,
            Command::Logs(it) => it.run(global, report).await,
            Command::Graph(it) => it.run(global, report),
            Command::Doctor(it) => it.run(global, report).await,
            Command::Policy(it) => it.run(global, report).await,
            Command::User(it) => it.run(global, report).await,
            Command::Group(it) => it.run(global, report).await,
            Command::Secret(it) => it.run(global, report).await,
            Command::Validate(it) => it.run(global, report).await,
            Command::Schema(it) => it.run(report),
            Command::Export(it) => it.run(global, report).await,
            Command::Verify(it) => it.run(global, report).await,
            Command::Local(it) => it.run(global, report).await,
            Command::Completions(it) => it.run(definition(), report),
            Command::Man(it) => it.run(definition(), report),
            Command::Help(it) => it.run(definition(), report),
            Command::Version(it) => it.run(global, report),
        }
    }
}
