//! `stackctl plan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use stackctl_aws::session::Session;
use stackctl_engine::Aim;
use stackctl_results::reviewed::Reviewed;
use stackctl_views::{plan::nothing_to_do, target::Target};

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
  stackctl plan
  stackctl plan -v                       every setting of every resource
  stackctl plan --check                  for CI: exit code 2 when there are differences
  stackctl plan --format markdown        for a comment on a pull request
  stackctl plan --out plan.json          to review, and to do with `stackctl apply --plan plan.json`
  stackctl plan --json | jq 'select(.event == \"plan\").entries[].address'";

/// Show what apply would do; changes nothing
#[derive(Debug, Args)]
#[command(name = "plan", after_help = EXAMPLES, aliases = ["diff", "preview"])]
pub struct ShowPlan {
    /// Exit with code 2 when there are differences
    #[arg(long)]
    check: bool,
    /// The format; markdown is cut to the size of a comment on GitHub
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the plan to a file too, for `stackctl apply --plan`; the code of the functions is built
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
}

/// A format of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
}

impl ShowPlan {
    /// Shows the plan.
    ///
    /// # Errors
    /// A stack that can't be read, and a plan with refused actions or resources that are left out.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        if report.is_json() && self.format == Format::Markdown {
            let what = "--format markdown can't be used with --json".to_owned();
            return Err(Error::Usage { what, hint: "leave out one of the two".to_owned() });
        }
        let file = StackFile::read(global, report)?;
        let (stack, packages) = (&file.stack, file.packages(report).await?);
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, stack, true, report, &mut interrupt).await?;
        let looking = Session::begin(stack, &reach, &packages, Aim::Apply);
        let session = watch("looking", report, &mut interrupt, looking).await??;
        let plan = session.look.plan(&session.graph);
        let target = Target::of(&session.aws.account, stack);
        match self.format {
            Format::Text => {
                report.plan(&target, &plan);
                if plan.is_empty() {
                    report.nothing_to_do(&nothing_to_do(&plan));
                }
            }
            Format::Markdown => report.markdown_plan(&target, global.env.as_deref(), &plan),
        }
        if plan.refused().next().is_some() {
            return Err(Error::Refused);
        }
        if let Some(path) = &self.out {
            let reviewed = Reviewed::of(file.plan_source(), &packages, &target, &plan);
            let building = watch("building", report, &mut interrupt, reviewed);
            building.await?.map_err(Error::Code)?.write(path)?;
            report.progress(&format!("wrote {}", path.display()));
        }
        if plan.skipped().next().is_some() {
            let addresses = plan.skipped().map(|entry| entry.address.clone()).collect();
            return Err(Error::LeftOut { addresses });
        }
        Ok(if self.check && plan.differs() { exit::DIFFERENCES } else { exit::DONE })
    }
}
