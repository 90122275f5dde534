//! `stackctl local`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use stackctl_localcloud::{Cloud, Instance, Options, Status, serve, status};

mod env;
mod logs;
mod messages;

use self::{env::Env, logs::Logs, messages::ShowMessages};
use crate::{
    cloud::local, error::Error, exit, options::Global, report::Report, run::interrupt::Interrupt,
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl local up                      `stackctl --local apply` does it too
  stackctl local status
  eval \"$(stackctl local env)\"           for the aws CLI and SDKs in this shell
  stackctl local logs --follow           show its log; --requests, its requests
  stackctl local messages --follow       show the codes that user pools send
  stackctl local down                    stop it; its content stays

There is one local cloud for all projects. STACKCTL_LOCAL_STATE names another
folder for its state, and so another local cloud.";

/// The region of the local cloud when no file names one: the default of AWS's own tools.
const NO_REGION: &str = "us-east-1";

/// Manage the local cloud: start, stop, state, logs and messages
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Local {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the local cloud, unless it runs
    Up {
        /// The port on 127.0.0.1
        #[arg(long)]
        port: Option<u16>,
    },
    /// Stop the local cloud; its content stays
    Down,
    /// Show whether the local cloud runs, and its address; exits with code 1 when it does not run
    Status,
    Logs(Logs),
    Messages(ShowMessages),
    Env(Env),
    /// Run the local cloud in the foreground
    #[command(hide = true)]
    Serve {
        #[arg(long)]
        port: u16,
        #[arg(long)]
        state: PathBuf,
        #[arg(long)]
        cache: PathBuf,
    },
}

impl Local {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// The local cloud's errors.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        match self.command {
            Command::Up { port } => {
                let (mut interrupt, _) = Interrupt::listen()?;
                let region = region(global);
                let cloud = local::up(port, &region, report, &mut interrupt).await?;
                show(&Status::Running(cloud), report);
                Ok(exit::DONE)
            }
            Command::Down => {
                let (mut interrupt, _) = Interrupt::listen()?;
                if !local::down(report, &mut interrupt).await? {
                    report.progress("the local cloud was not running");
                }
                Ok(exit::DONE)
            }
            Command::Status => {
                let status = status(&local::instance()?).await?;
                show(&status, report);
                Ok(match status {
                    Status::Running(_) => exit::DONE,
                    Status::Starting | Status::Stopped => exit::FAILED,
                })
            }
            Command::Logs(logs) => logs.run(report).await,
            Command::Messages(messages) => messages.run(report).await,
            Command::Env(env) => env.run(report).await,
            Command::Serve { port, state, cache } => {
                let region = region(global);
                let record = local::record();
                let options = Options { cache, instance: Instance::at(state), port, region, record };
                serve(&options, None, &mut |progress| report.progress(&progress.to_string())).await?;
                Ok(exit::DONE)
            }
        }
    }
}

/// The region of requests without a signature.
fn region(global: &Global) -> String {
    let of_file = || StackFile::silently(global).ok().map(|it| it.stack.region.to_string());
    global.region.clone().or_else(of_file).unwrap_or_else(|| NO_REGION.to_owned())
}

fn show(status: &Status, report: &mut Report) {
    let (text, data) = match status {
        Status::Running(Cloud { url, port, pid, region, root: _, log, requests }) => (
            format!(
                "running at {url} (process {pid}, region {region})\nlog       {}\nrequests  {}\n",
                log.display(),
                requests.display()
            ),
            json!({
                "status": "running", "url": url, "port": port, "pid": pid, "region": region,
                "log": log.to_string_lossy(), "requests": requests.to_string_lossy(),
            }),
        ),
        Status::Starting => ("starting\n".to_owned(), json!({"status": "starting"})),
        Status::Stopped => ("stopped\n".to_owned(), json!({"status": "stopped"})),
    };
    report.local(&text, &data);
}
