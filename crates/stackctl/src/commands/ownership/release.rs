//! `stackctl release`.

use clap::Args;
use stackctl_adoption::{self as adoption, Marking};
use stackctl_package::Packages;
use stackctl_results::marking::Released;

use crate::{
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{
        follow::watch,
        marking::{Start, begin, mark},
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
        let packages = Packages::not_needed(&stack);
        let Start { mut ends, lease, reach } = begin(global, &stack, report).await?;
        let looking = adoption::releasable(&stack, &reach, &packages, &self.address);
        let (aws, release) = watch("looking", report, &mut ends.interrupt, looking).await??;
        let adoption::Release { markings, in_file } = release;
        let tags: Vec<_> = markings.iter().map(Marking::tags).collect();
        let all = markings.iter().zip(&tags).map(|(Marking { address, name, id, .. }, tags)| {
            // The file names the resource, not what belongs to it.
            let in_file = in_file && *address == markings.last().map_or("", |it| &it.address);
            Released { address, name, id, tags: &tags.0, in_file }
        });
        let all: Vec<Released<'_>> = all.collect();
        all.iter().for_each(|it| report.old_tags(it));
        let question = if all.len() > 1 { "Release them? [y/N]" } else { "Release it? [y/N]" };
        mark(&markings, question, self.yes, &aws, &lease, report, &mut ends).await?;
        all.iter().for_each(|it| report.released(it));
        Ok(exit::DONE)
    }
}
