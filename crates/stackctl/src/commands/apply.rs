//! `stackctl apply`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use stackctl_aws::outputs;
use stackctl_engine::Aim;
use stackctl_package::Packages;
use stackctl_results::reviewed::Reviewed;
use stackctl_stackfile::stack::Stack;

use crate::{
    error::Error,
    options::Global,
    report::Report,
    run::{
        change::{Consent, StackChange, require_consent},
        follow::watch,
        interrupt::Interrupt,
    },
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl apply                         show the plan, ask, make the changes
  stackctl apply --yes                   without asking
  stackctl apply --keep                  delete nothing: release what left the file
  stackctl apply --plan plan.json        do what `stackctl plan --out plan.json` wrote, without asking
  stackctl --local apply                 on this machine, without an account
  stackctl apply --env prod --profile work";

/// Make AWS match the file, after showing the plan and asking
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, aliases = ["deploy", "up"])]
pub struct Apply {
    /// Don't ask for confirmation
    #[arg(short, long, aliases = ["auto-approve", "assume-yes"])]
    yes: bool,
    /// Do the plan of this file, which `stackctl plan --out` wrote; nothing is done if it is not the plan any more
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    plan: Option<PathBuf>,
    /// Release what left the file instead of deleting it: it stays in AWS, without the tags of stackctl
    #[arg(long, conflicts_with = "plan")]
    keep: bool,
}

impl Apply {
    /// Applies the stack.
    ///
    /// # Errors
    /// A stack that can't be read, a refused plan, and steps that failed.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let file = StackFile::read(global, report)?;
        let (stack, packages) = (&file.stack, file.packages(report).await?);
        let consent = match self.plan {
            Some(path) => Consent::Reviewed(Box::new(Reviewed::read(&path, file.plan_source())?), path),
            None => require_consent(self.yes)?,
        };
        prepare(&packages, report).await?;
        let change =
            StackChange { global, stack, packages: &packages, aim: Aim::Apply, consent, releases: self.keep };
        let changed = change.run(report).await?;
        if changed.complete {
            report.outputs(&outputs::of(stack, &changed.account, &changed.known));
            if changed.first {
                report.next_steps(&next_steps(global, stack));
            }
        }
        changed.code()
    }
}

/// Builds and checks the code of folders and zip files before the first change: what fails here changes nothing.
async fn prepare(packages: &Packages, report: &mut Report) -> Result<(), Error> {
    let bundles = packages.bundles();
    if bundles.is_empty() {
        return Ok(());
    }
    let (mut interrupt, _) = Interrupt::listen()?;
    let building = async {
        for code in &bundles {
            code.zip().await.map_err(Error::Code)?;
        }
        Ok(())
    };
    watch("building", report, &mut interrupt, building).await?
}

/// What follows the first apply: the commands, each with the options of this run.
fn next_steps(global: &Global, stack: &Stack) -> Vec<String> {
    let options = global.target_options();
    let mut steps = Vec::new();
    if !stack.user_pools.is_empty() {
        steps.push(format!("stackctl user add NAME{options}"));
    }
    if !stack.apis.is_empty() {
        steps.push(format!("stackctl outputs --format vite --write .env.local{options}"));
    }
    steps
}
