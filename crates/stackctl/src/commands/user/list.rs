//! `stackctl user list`.

use clap::Args;
use stackctl_cognito::people::People;
use stackctl_results::text::users::called;

use crate::{
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::follow::watch,
    stack_file::StackFile,
    user_pool::{PoolOption, PoolSession},
};

/// Show the users
#[derive(Debug, Args)]
#[command(alias = "ls")]
pub struct List {
    #[command(flatten)]
    pool: PoolOption,
}

impl List {
    /// Lists the users.
    ///
    /// # Errors
    /// Cognito's refusals.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, wanted) = self.pool.find(&stack)?;
        let mut session = PoolSession::open(global, &stack, pool, true, report).await?;
        let people = People { aws: &session.aws, pool: &session.pool_id };
        let all = watch("listing users", report, &mut session.interrupt, people.list()).await?;
        let mut all = all.map_err(|source| UserError::Refused { doing: format!("list {pool}"), source })?;
        let addresses = !wanted.sign_in_with.is_empty();
        all.sort_by(|one, other| called(one, addresses).cmp(called(other, addresses)));
        report.users(pool.as_str(), &all, addresses);
        Ok(exit::DONE)
    }
}
