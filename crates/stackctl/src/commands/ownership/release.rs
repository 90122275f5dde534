//! `stackctl release`.

use clap::Args;
use stackctl_adoption as adoption;
use stackctl_aws_client::{clients::Reach, lock::lease::Lease};
use stackctl_package::Packages;
use stackctl_results::marking::Released;

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{
        change::require_consent,
        follow::watch,
        locked::{Ends, pace},
        marking::mark,
    },
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl release bucket.uploads
  stackctl release bucket.legacy-photos    by its name in AWS, once it left the file";

/// Give a resource back: remove the tags of stackctl, keep all else
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Release {
    /// Its address, or its kind and its name in AWS
    address: String,
    /// Don't ask for confirmation
    #[arg(short, long, aliases = ["auto-approve", "assume-yes"])]
    yes: bool,
}

impl Release {
    /// Releases the resource.
    ///
    /// # Errors
    /// A resource that is not the stack's, and a user who does not agree.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let consent = require_consent(self.yes)?;
        let packages = Packages::not_needed(&stack);
        let mut ends = Ends::listen()?;
        let lease = Lease::new(pace());
        let reach = reach(global, &stack, false, report, &mut ends.interrupt).await?;
        let reach = Reach { lease: Some(lease.clone()), ..reach };
        let looking = adoption::releasable(&stack, &reach, &packages, &self.address);
        let (aws, marking, in_file) = watch("looking", report, &mut ends.interrupt, looking).await??;
        let tags = marking.tags();
        let released = Released {
            address: &marking.address,
            name: &marking.name,
            id: &marking.id,
            tags: &tags.0,
            in_file,
        };
        report.old_tags(&released);
        mark(&marking, "Release it? [y/N]", &consent, &aws, &lease, report, &mut ends).await?;
        report.released(&released);
        Ok(exit::DONE)
    }
}
