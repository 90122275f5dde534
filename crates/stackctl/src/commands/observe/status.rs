//! `stackctl status`.

use clap::Args;
use stackctl_aws::{outputs, session::Session};
use stackctl_aws_client::{lock::holder, request::error::AwsError};
use stackctl_aws_data::desired::failures::is_needed;
use stackctl_engine::{Aim, Fault};
use stackctl_results::status::{ResourceState, Status};
use stackctl_s3::bucket::failures;
use stackctl_views::target::Target;

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{follow::watch, interrupt::Interrupt},
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl status
  stackctl status --json | jq 'select(.event == \"status\").drift'

The exit code is 0 also when there are differences: `stackctl plan --check` is for scripts.";

/// Show the state of the stack: what exists, drift, outputs, lock
#[derive(Debug, Args)]
#[command(name = "status", after_help = EXAMPLES)]
pub struct ShowStatus {}

impl ShowStatus {
    /// Shows the state.
    ///
    /// # Errors
    /// A stack that can't be read.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let file = StackFile::read(global, report)?;
        let (stack, packages) = (&file.stack, file.packages(report).await?);
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, stack, true, report, &mut interrupt).await?;
        let looking = async {
            let session = Session::begin(stack, &reach, &packages, Aim::Apply).await?;
            let failures = async {
                match is_needed(stack) {
                    true => failures::read(&session.aws).await,
                    false => Ok(None),
                }
            };
            let (lock, failures) = tokio::join!(holder(&session.aws), failures);
            Ok::<_, Error>((session, lock, failures))
        };
        let (session, lock, failures) = watch("looking", report, &mut interrupt, looking).await??;
        let plan = session.look.plan(&session.graph);
        let why = |error: AwsError| error.hint().unwrap_or_else(|| error.to_string());
        report.status(&Status {
            target: Target::of(&session.aws.account, stack),
            resources: ResourceState::all(
                session.graph.addresses(),
                &plan,
                &session.look.changed(&session.graph),
            ),
            exposures: plan.exposures.len(),
            outputs: outputs::of(stack, &session.aws.account, &session.look.known),
            lock: lock.map_err(why),
            failures: failures.map_err(why),
        });
        Ok(exit::DONE)
    }
}
