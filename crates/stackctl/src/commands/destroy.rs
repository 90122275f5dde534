//! `stackctl destroy`.

use clap::Args;
use stackctl_engine::Aim;
use stackctl_package::Packages;

use crate::{
    error::Error,
    options::Global,
    report::Report,
    run::change::{StackChange, require_consent},
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl destroy                       show what is deleted, ask, delete it
  stackctl destroy --empty-buckets       delete buckets with objects too, and all their objects
  stackctl --local destroy --yes";

/// Delete the whole stack: show what is deleted, ask, delete it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, aliases = ["down", "rm", "delete", "remove", "teardown"])]
pub struct Destroy {
    /// Don't ask for confirmation
    #[arg(short, long, aliases = ["auto-approve", "assume-yes"])]
    yes: bool,
    /// Delete the objects in buckets too
    #[arg(long)]
    empty_buckets: bool,
}

impl Destroy {
    /// Deletes the stack.
    ///
    /// # Errors
    /// A stack that can't be read, a refused plan, and steps that failed.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let aim = Aim::Destroy { delete_contents: self.empty_buckets };
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let consent = require_consent(self.yes)?;
        let packages = Packages::not_needed(&stack);
        let change =
            StackChange { global, stack: &stack, packages: &packages, aim, consent, releases: false };
        change.run(report).await?.code()
    }
}
