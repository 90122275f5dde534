//! `stackctl outputs`.

use std::path::PathBuf;

use clap::Args;
use stackctl_aws::{outputs, session::Identity};
use stackctl_formats::{Format, file};

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{applied, follow::watch, interrupt::Interrupt},
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl outputs
  stackctl outputs --format json | jq -r .endpoint
  stackctl outputs --format vite --write .env.local
  stackctl outputs --format ts --check src/outputs.ts";

/// Show the outputs for a front end: endpoint, pool, client, bucket
#[derive(Debug, Args)]
#[command(name = "outputs", after_help = EXAMPLES)]
pub struct ShowOutputs {
    /// The format
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Write the outputs to this file, unless it has them already
    #[arg(long, value_name = "FILE", requires = "format")]
    write: Option<PathBuf>,
    /// Compare the outputs with this file; exit with code 2 when they differ
    #[arg(long, value_name = "FILE", requires = "format", conflicts_with = "write")]
    check: Option<PathBuf>,
}

impl ShowOutputs {
    /// Reads the outputs, and shows, writes or compares them.
    ///
    /// # Errors
    /// A stack that is not applied.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, folder: _ } = StackFile::read(global, report)?;
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, &stack, true, report, &mut interrupt).await?;
        let looking = Identity::read(&stack, &reach);
        let Identity { aws, known, not_ours } = watch("looking", report, &mut interrupt, looking).await??;
        let outputs = outputs::of(&stack, &aws.account, &known);
        applied::require(&stack, &outputs, not_ours)?;
        let text = self.format.unwrap_or(Format::Table).text(&outputs, &stack)?;
        if let Some(path) = self.write {
            let written = file::replace(&path, &text)
                .map_err(|source| Error::Io { doing: format!("write {}", path.display()), source })?;
            let said = if written { "written" } else { "up to date" };
            report.progress(&format!("{}: {said}", path.display()));
            return Ok(exit::DONE);
        }
        if let Some(path) = self.check {
            let same = file::is(&path, &text)
                .map_err(|source| Error::Io { doing: format!("read {}", path.display()), source })?;
            let said = if same { "up to date" } else { "out of date: update it with --write" };
            report.progress(&format!("{}: {said}", path.display()));
            return Ok(if same { exit::DONE } else { exit::DIFFERENCES });
        }
        if report.is_json() {
            report.outputs(&outputs);
        } else {
            report.say(&text);
        }
        Ok(exit::DONE)
    }
}
