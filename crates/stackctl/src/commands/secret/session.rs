//! The secret that a command is about.

use clap::Args;
use stackctl_aws::session::NoSession;
use stackctl_aws_client::clients::{Aws, Clients};
use stackctl_aws_data::webhook_secret::owner::{self, NoSecret};
use stackctl_engine::Stop;
use stackctl_lambda::secret::Secret;
use stackctl_stackfile::stack::Stack;

use crate::{
    cloud::reach::reach,
    error::Error,
    options::Global,
    report::Report,
    run::{follow::watch, interrupt::Interrupt},
};

/// The argument that names a secret.
#[derive(Debug, Args)]
pub struct SecretArgument {
    /// The bucket of the webhook, or the address in a plan, such as `secret.uploads-webhook`; not needed when the stack
    /// has one webhook
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
}

/// A secret, and the way to AWS.
pub struct SecretSession {
    /// The clients.
    pub aws: Aws,
    /// The secret.
    pub secret: Secret,
    /// The bucket of its webhook.
    pub bucket: String,
    /// Its address.
    pub address: String,
    /// Ctrl-C.
    pub interrupt: Interrupt,
    /// Asked to stop by Ctrl-C.
    pub stop: Stop,
}

impl SecretSession {
    /// Finds the secret in the file, and the account.
    ///
    /// # Errors
    /// A stack without the webhook, and an account that AWS does not name.
    pub async fn open(
        global: &Global,
        stack: &Stack,
        argument: &SecretArgument,
        read_only: bool,
        report: &mut Report,
    ) -> Result<SecretSession, Error> {
        let usage = |NoSecret { what, hint }| Error::Usage { what, hint };
        let bucket = owner::find(stack, argument.address.as_deref()).map_err(usage)?;
        let (mut interrupt, stop) = Interrupt::listen()?;
        let reach = reach(global, stack, read_only, report, &mut interrupt).await?;
        let asking = async {
            let clients = Clients::new(stack, &reach).await?;
            let account = clients.account(stack, &reach).await.map_err(NoSession::Account)?;
            Ok::<Aws, NoSession>(Aws { clients, account })
        };
        let aws = watch("asking AWS for the account", report, &mut interrupt, asking).await??;
        let address = owner::address(bucket);
        let secret =
            Secret { name: aws.account.webhook_secret_name(bucket), tags: aws.account.tags(&address) };
        Ok(SecretSession { aws, secret, bucket: bucket.to_string(), address, interrupt, stop })
    }
}
