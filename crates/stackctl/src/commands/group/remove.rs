//! `stackctl group remove`.

use clap::Args;

use crate::{
    error::Error,
    exit,
    options::Global,
    report::Report,
    stack_file::StackFile,
    user_pool::{
        PoolOption, PoolSession,
        membership::{Change, longest_token},
    },
};

/// Remove a user from a group; the user stays in the user pool
#[derive(Debug, Args)]
#[command(aliases = ["rm", "delete", "del"])]
pub struct Remove {
    /// The group; it may also be one that stack.yaml no longer has
    group: String,
    /// The name that the user signs in with
    name: String,
    #[command(flatten)]
    pool: PoolOption,
}

impl Remove {
    /// Removes the user from the group.
    ///
    /// # Errors
    /// A user or a group that does not exist, and Cognito's refusals.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, wanted) = self.pool.find(&stack)?;
        let mut session = PoolSession::open(global, &stack, pool, false, report).await?;
        session.change_group(Change::Remove, pool, &self.group, &self.name, report).await?;
        report.left_group(pool.as_str(), &self.group, &self.name, longest_token(wanted));
        Ok(exit::DONE)
    }
}
