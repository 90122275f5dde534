//! `stackctl outputs`.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use stackctl_aws::{
    outputs::Outputs,
    session::{Identity, NoSession},
};
use stackctl_engine::Failure;
use stackctl_stackfile::stack::Stack;

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    formats::{Format, file},
    options::Global,
    report::Report,
    run::{follow::watch, interrupt::Interrupt},
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl outputs
  stackctl outputs --format json | jq -r .endpoint
  stackctl outputs --format vite --write .env.local
  stackctl outputs --format ts --check src/outputs.ts";

/// Show what a front end needs to know: endpoint, pool, client, bucket
#[derive(Debug, Args)]
#[command(name = "outputs", after_help = EXAMPLES)]
pub struct ShowOutputs {
    /// The form
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Write them to this file, if that changes it
    #[arg(long, value_name = "FILE", requires = "format")]
    write: Option<PathBuf>,
    /// Compare them with this file; exit with code 2 when it is stale
    #[arg(long, value_name = "FILE", requires = "format", conflicts_with = "write")]
    check: Option<PathBuf>,
}

impl ShowOutputs {
    /// Looks, and shows or writes.
    ///
    /// # Errors
    /// A stack that is not applied.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, folder: _ } = StackFile::read(global, report)?;
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, &stack, true, report, &mut interrupt).await?;
        let looking = Identity::read(&stack, &reach);
        let Identity { aws, known, not_ours } = watch("looking", report, &mut interrupt, looking).await??;
        let outputs = Outputs::of(&stack, &aws.account, &known);
        all_there(&stack, &outputs, not_ours)?;
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
            let said = if same { "up to date" } else { "stale: write it again with --write" };
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

/// Fails unless everything is there that pages are told of.
///
/// # Errors
/// What is missing; or, where something else has its name, that.
pub fn all_there(stack: &Stack, outputs: &Outputs, not_ours: Vec<Failure>) -> Result<(), Error> {
    let missing = missing(stack, outputs);
    let in_the_way: Vec<Failure> =
        not_ours.into_iter().filter(|it| missing.contains(&it.address.to_string())).collect();
    match (in_the_way.is_empty(), missing.is_empty()) {
        (false, _) => Err(NoSession::Unseen(in_the_way).into()),
        (true, false) => Err(Error::NotApplied { missing }),
        (true, true) => Ok(()),
    }
}

/// What the file asks for and AWS does not have.
fn missing(stack: &Stack, outputs: &Outputs) -> Vec<String> {
    fn lacking<'a, T>(
        kind: &str,
        wanted: impl Iterator<Item = &'a str>,
        found: &BTreeMap<String, T>,
    ) -> Vec<String> {
        wanted.filter(|name| !found.contains_key(*name)).map(|name| format!("{kind}.{name}")).collect()
    }
    let mut missing = lacking("bucket", stack.buckets.keys().map(|it| it.as_str()), &outputs.buckets);
    for (name, pool) in &stack.user_pools {
        let clients = pool.clients.keys().map(|it| it.as_str());
        match outputs.user_pools.get(name.as_str()) {
            Some(found) => {
                missing.extend(lacking(&format!("user_pool_client.{name}/"), clients, &found.clients))
            }
            None => missing.push(format!("user_pool.{name}")),
        }
    }
    missing.extend(lacking("rest_api", stack.apis.keys().map(|it| it.as_str()), &outputs.apis));
    missing
}
