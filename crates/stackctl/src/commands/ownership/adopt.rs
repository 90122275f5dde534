//! `stackctl adopt`.

use std::slice;

use clap::Args;
use stackctl_adoption::{self as adoption, Adoption, Examined};
use stackctl_package::Packages;
use stackctl_results::marking::{Adopted, Standing};
use stackctl_views::target::Target;

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
  stackctl adopt bucket.uploads legacy-photos
  stackctl adopt user_pool.people eu-west-1_AbC123xyz
  stackctl adopt function.resize resize --yes";

/// Take an existing resource into the stack; only its tags change
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, alias = "import")]
pub struct Adopt {
    /// Its address in the file, such as `bucket.uploads`
    address: String,
    /// Its name in AWS, its id, or its ARN
    #[arg(value_name = "NAME-OR-ID")]
    resource: String,
    /// Don't ask for confirmation
    #[arg(short, long, aliases = ["auto-approve", "assume-yes"])]
    yes: bool,
}

impl Adopt {
    /// Adopts the resource.
    ///
    /// # Errors
    /// A resource that can't be adopted, and a user who does not agree.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let file = StackFile::read(global, report)?;
        // The code of a function is a part of what apply would change.
        let packages = match self.address.starts_with("function.") {
            true => file.packages(report).await?,
            false => Packages::not_needed(&file.stack),
        };
        let Start { mut ends, lease, reach } = begin(global, &file.stack, report).await?;
        let looking = adoption::examine(&file.stack, &reach, &packages, &self.address, &self.resource);
        let (aws, examined) = watch("looking", report, &mut ends.interrupt, looking).await??;
        let adoption = match examined {
            Examined::Own { address, name } => {
                report.adopted(&Adopted {
                    address: &address.to_string(),
                    name: &name,
                    standing: Standing::Own,
                });
                return Ok(exit::DONE);
            }
            Examined::Part { address, name, of } => {
                let standing = Standing::Part { of: &of.to_string() };
                report.adopted(&Adopted { address: &address.to_string(), name: &name, standing });
                return Ok(exit::DONE);
            }
            Examined::Ready(adoption) => adoption,
        };
        let Adoption { account, forecast, marking } = *adoption;
        let tags = marking.tags();
        let mut target = Target::of(&account, &file.stack);
        target.open.retain(|it| it.starts_with(&format!("{}: ", marking.address)));
        report.forecast(&target, &forecast);
        if forecast.refused().next().is_some() {
            return Err(Error::Refused);
        }
        report.new_tags(&marking.address, &marking.name, &tags.0);
        let question = "Adopt it? [y/N]";
        mark(slice::from_ref(&marking), question, self.yes, &aws, &lease, report, &mut ends).await?;
        let standing = Standing::New { id: &marking.id, tags: &tags.0 };
        report.adopted(&Adopted { address: &marking.address, name: &marking.name, standing });
        Ok(exit::DONE)
    }
}
