//! `stackctl outputs`.

use std::path::PathBuf;

use clap::Args;
use stackctl_aws::{outputs, session::Identity};
use stackctl_formats::{Format, Update};
use stackctl_results::outputs_file::{FileState, OutputsFile};

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
#[command(name = "outputs", after_help = EXAMPLES, alias = "output")]
pub struct ShowOutputs {
    /// The format
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Write the outputs to this file; an env file keeps its other lines
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
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, &stack, true, report, &mut interrupt).await?;
        let looking = Identity::read(&stack, &reach);
        let Identity { aws, known, not_ours } = watch("looking", report, &mut interrupt, looking).await??;
        let outputs = outputs::of(&stack, &aws.account, &known);
        applied::require(&stack, &outputs, not_ours)?;
        let format = self.format.unwrap_or(Format::Table);
        if let Some(path) = self.write.as_ref().or(self.check.as_ref()) {
            let update = Update::plan(path, format, &outputs, &stack)?;
            let state = match (update.is_needed, &self.write) {
                (false, _) => FileState::UpToDate,
                (true, None) => FileState::OutOfDate,
                (true, Some(_)) => {
                    let doing = || format!("write {}", path.display());
                    update.write().map_err(|source| Error::Io { doing: doing(), source })?;
                    FileState::Written
                }
            };
            let path = path.display().to_string();
            report.outputs_file(&OutputsFile { path: &path, state, changes: update.changes.as_ref() });
            return Ok(if state == FileState::OutOfDate { exit::DIFFERENCES } else { exit::DONE });
        }
        let text = format.text(&outputs, &stack)?;
        if report.is_json() {
            report.outputs(&outputs);
        } else {
            report.say(&text);
        }
        Ok(exit::DONE)
    }
}
