//! `stackctl doctor`.

use std::{env, io, path::PathBuf, time::Duration};

use clap::Args;
use stackctl_aws_client::clients::Reach;
use stackctl_doctor::{Finding, Subject, Verdict, build, examine};
use stackctl_localcloud::{Status, status};
use stackctl_stackfile::{names::RegionName, stack::Stack};
use tokio::time::timeout;

use crate::{
    cloud::{local, reach::reach},
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{follow::watch, interrupt::Interrupt},
    stack_file::{StackFile, place::NotFound},
};

const EXAMPLES: &str = "\
Examples:
  stackctl doctor
  stackctl doctor --profile work
  stackctl --local doctor                for the local cloud

It changes nothing, and works without a file and without a network. The exit code is 1 when a line
begins with ✗; ! marks what could not be checked, or is trouble for some commands only.";

/// The longest that the check of the code may take.
const BOUND: Duration = Duration::from_secs(10);

/// The region where neither the arguments nor the environment name one.
const NO_REGION: &str = "us-east-1";

/// Check the machine, credentials and permissions, with the cures
#[derive(Debug, Args)]
#[command(name = "doctor", after_help = EXAMPLES)]
pub struct Doctor {}

impl Doctor {
    /// Shows the result of each check.
    ///
    /// # Errors
    /// Wrong arguments, and Ctrl-C.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let (said, file) = file(global);
        let stack = file.as_ref().map_or_else(|| no_stack(global), |file| Ok(file.stack.clone()))?;
        let (mut interrupt, _) = Interrupt::listen()?;
        let instance = local::instance().ok();
        let reach = if global.local {
            match &instance {
                Some(instance) => running(status(instance).await.ok()),
                None => None,
            }
        } else {
            Some(reach(global, &stack, true, report, &mut interrupt).await?)
        };
        let subject = Subject { stack, has_file: file.is_some(), reach, local: global.local, instance };
        let code = async {
            let file = file.as_ref().filter(|it| !it.stack.functions.is_empty())?;
            Some(build(timeout(BOUND, file.missing()).await.ok().as_deref(), &file.warnings()))
        };
        let checking = async { tokio::join!(code, examine(&subject)) };
        let (code, findings) = watch("checking", report, &mut interrupt, checking).await?;
        let version = Finding::good("version", concat!("stackctl ", env!("CARGO_PKG_VERSION")));
        let all: Vec<Finding> = [version, said].into_iter().chain(code).chain(findings).collect();
        report.findings(&all);
        let is_bad = all.iter().any(|it| it.verdict == Verdict::Bad);
        Ok(if is_bad { exit::FAILED } else { exit::DONE })
    }
}

/// The finding about the file, and the file.
fn file(global: &Global) -> (Finding, Option<StackFile>) {
    const ID: &str = "file";
    let error = match StackFile::silently(global) {
        Ok(file) => {
            let StackFile { stack, path, .. } = &file;
            let what = format!("{}: stack {} in {}", path.display(), stack.name, stack.region);
            return (Finding::good(ID, what), Some(file));
        }
        Err(error) => error,
    };
    let cure = error.hint().unwrap_or_else(|| "`stackctl validate` shows what is wrong".to_owned());
    let is_missing = matches!(&error, Error::NotFound(NotFound::Nowhere { .. }))
        || matches!(&error, Error::NoFile { source, .. } if source.kind() == io::ErrorKind::NotFound);
    let finding = if is_missing {
        Finding::doubt(ID, error.to_string(), cure)
    } else {
        Finding::bad(ID, error.to_string(), cure)
    };
    (finding, None)
}

/// A stack without resources, in the region of the arguments or of the environment.
fn no_stack(global: &Global) -> Result<Stack, Error> {
    let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    let set = variables.iter().find_map(|name| env::var(name).ok()).filter(|it| !it.is_empty());
    let region = global.region.clone().or(set);
    let region = region.filter(|it| it.parse::<RegionName>().is_ok()).unwrap_or_else(|| NO_REGION.to_owned());
    stackctl_stackfile::parse(&format!("stack: none\nregion: {region}\n"), None)
        .map_err(|problems| Error::Problems { path: PathBuf::from("stack.yaml"), count: problems.len() })
}

/// How a local cloud is reached that runs; nothing is started.
fn running(status: Option<Status>) -> Option<Reach> {
    match status? {
        Status::Running(cloud) => Some(Reach {
            endpoint: Some(cloud.url),
            access_key: Some((cloud.root.access_key_id, cloud.root.secret_access_key)),
            read_only: true,
            ..Reach::default()
        }),
        Status::Starting | Status::Stopped => None,
    }
}
