//! `stackctl destroy`.

use clap::Args;
use stackctl_engine::Aim;
use stackctl_package::Packages;

use crate::run::change::{Change, somebody_agrees};
use crate::{error::Error, options::Global, report::Report, stack_file::StackFile};

const EXAMPLES: &str = "\
Examples:
  stackctl destroy                       show what goes, ask, delete it
  stackctl destroy --empty-buckets       also buckets that hold objects, with all of them
  stackctl --local destroy --yes";

/// Delete everything of the stack: look, show what goes, ask, delete it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Destroy {
    /// Do it without asking
    #[arg(short, long)]
    yes: bool,
    /// Delete the objects in buckets too
    #[arg(long)]
    empty_buckets: bool,
}

impl Destroy {
    /// Destroys.
    ///
    /// # Errors
    /// What could not be deleted.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let aim = Aim::Destroy { delete_contents: self.empty_buckets };
        let StackFile { stack, folder: _ } = StackFile::read(global, report)?;
        somebody_agrees(self.yes)?;
        let packages = Packages::not_needed(&stack);
        let change = Change { global, stack: &stack, packages: &packages, aim, yes: self.yes };
        change.run(report).await?.code()
    }
}
