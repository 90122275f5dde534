//! `stackctl user show`.

use clap::Args;
use stackctl_cognito::people::People;

use crate::{
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::follow::watch,
    stack_file::StackFile,
    user_pool::{PoolOption, PoolSession},
};

/// Show a user: status, addresses, second factors
#[derive(Debug, Args)]
pub struct Show {
    /// The name that the user signs in with
    name: String,
    #[command(flatten)]
    pool: PoolOption,
}

impl Show {
    /// Shows the user.
    ///
    /// # Errors
    /// A user who does not exist, and Cognito's refusals.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, _) = self.pool.find(&stack)?;
        // A session that only reads refuses AdminGetUser, whose name does not begin with a reading verb.
        let mut session = PoolSession::open(global, &stack, pool, false, report).await?;
        let people = People { aws: &session.aws, pool: &session.pool_id };
        let found = watch("looking", report, &mut session.interrupt, people.profile(&self.name)).await?;
        match found {
            Ok(Some(profile)) => report.user(pool.as_str(), &profile),
            Ok(None) => return Err(UserError::NotFound { name: self.name, pool: pool.to_string() }.into()),
            Err(source) => {
                return Err(
                    UserError::Refused { doing: format!("show {} of {pool}", self.name), source }.into()
                );
            }
        }
        Ok(exit::DONE)
    }
}
