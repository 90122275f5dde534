//! `stackctl validate`.

use clap::Args;

use crate::{error::Error, exit, options::Global, report::Report, stack_file::StackFile};

const EXAMPLES: &str = "\
Examples:
  stackctl validate
  stackctl validate --env prod           merged with `envs: prod:`
  stackctl validate --json               each problem as a JSON line";

/// Check the file offline, and show all its problems
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, aliases = ["check", "lint"])]
pub struct Validate {}

impl Validate {
    /// Checks the file.
    ///
    /// # Errors
    /// The file's problems, and what the builds of its functions need and do not have.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let file = StackFile::read(global, report)?;
        file.packages(report).await?;
        let StackFile { stack, path, .. } = file;
        if !report.is_json() {
            report.say(&format!("{} is valid: stack {} in {}\n", path.display(), stack.name, stack.region));
        }
        Ok(exit::DONE)
    }
}
