//! `stackctl secret show`.

use clap::Args;

use super::session::{SecretArgument, SecretSession};
use crate::{
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{applied::not_applied, follow::watch},
    stack_file::StackFile,
};

/// Print a secret; no other command does
#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    argument: SecretArgument,
}

impl Show {
    /// Reads the secret and prints it.
    ///
    /// # Errors
    /// A secret that is not applied, and the refusals of Systems Manager.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let session = SecretSession::open(global, &stack, &self.argument, true, report).await?;
        let SecretSession { aws, secret, bucket, address, mut interrupt, stop: _ } = session;
        let found = watch("reading the secret", report, &mut interrupt, secret.reveal(&aws)).await?;
        let found = found.map_err(Error::Secret)?;
        let found = found.ok_or_else(|| not_applied(vec![address.clone()], Vec::new()))?;
        report.secret(&address, found.current(), found.is_rotating());
        if found.is_rotating() {
            report.progress(&format!(
                "The previous secret signs too, until `stackctl secret rotate{} {bucket} --finish`.",
                global.target_options()
            ));
        }
        Ok(exit::DONE)
    }
}
