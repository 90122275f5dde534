//! `stackctl group add`.

use clap::Args;

use crate::{
    error::Error,
    exit,
    options::Global,
    report::Report,
    stack_file::StackFile,
    user_pool::{
        PoolOption, PoolSession,
        membership::{Change, known},
    },
};

/// Add a user to a group
#[derive(Debug, Args)]
pub struct Add {
    /// The group, as in stack.yaml
    group: String,
    /// The name that the user signs in with
    name: String,
    #[command(flatten)]
    pool: PoolOption,
}

impl Add {
    /// Adds the user to the group.
    ///
    /// # Errors
    /// A user or a group that does not exist, and Cognito's refusals.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, wanted) = self.pool.find(&stack)?;
        let group = known(&self.group, wanted)?;
        let mut session = PoolSession::open(global, &stack, pool, false, report).await?;
        session.change_group(Change::Add, pool, group, &self.name, report).await?;
        report.joined_group(pool.as_str(), group, &self.name);
        Ok(exit::DONE)
    }
}
