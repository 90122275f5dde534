//! `stackctl secret rotate`.

use clap::Args;
use stackctl_engine::{Address, Events, Reporter, Resource};
use stackctl_lambda::secret::{Rotation, Secret};

use super::session::{SecretArgument, SecretSession};
use crate::{
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{applied::not_applied, follow::watch},
    stack_file::StackFile,
};

/// Make a new secret; the previous one signs too, until the rotation is finished
#[derive(Debug, Args)]
pub struct Rotate {
    #[command(flatten)]
    argument: SecretArgument,
    /// Remove the previous secret, once the receiver has the new one
    #[arg(long)]
    finish: bool,
}

impl Rotate {
    /// Begins or finishes the rotation.
    ///
    /// # Errors
    /// A secret that is not applied, a rotation that has begun already or not yet, and the refusals of Systems Manager.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let session = SecretSession::open(global, &stack, &self.argument, false, report).await?;
        let SecretSession { aws, secret, bucket, address, mut interrupt, stop } = session;
        let (events, _told) = Events::channel();
        let reporter = Reporter::new(Address { kind: Secret::KIND, name: bucket.clone() }, events, stop);
        let rotation = if self.finish { Rotation::Finish } else { Rotation::Begin };
        let work = secret.rotate(rotation, &aws, &reporter);
        let done = watch("rotating the secret", report, &mut interrupt, work).await?;
        let done = done.map_err(Error::Secret)?;
        let Some(changed) = done else { return Err(not_applied(vec![address], Vec::new())) };
        let options = global.target_options();
        let refused = |what: String, hint: String| Err(Error::Usage { what, hint });
        match (changed, self.finish) {
            (true, finished) => report.rotated(&address, &bucket, &options, finished),
            (false, false) => {
                return refused(
                    format!("{address} has a new and a previous secret already"),
                    format!(
                        "give the receiver the new one, then end this rotation: `stackctl secret rotate{options} \
                         {bucket} --finish`"
                    ),
                );
            }
            (false, true) => {
                return refused(
                    format!("{address} has no previous secret"),
                    format!("`stackctl secret rotate{options} {bucket}` begins a rotation"),
                );
            }
        }
        Ok(exit::DONE)
    }
}
