//! `stackctl user reset-password`, `reset-mfa`, `enable`, `disable` and `sign-out`.

use clap::Args;
use stackctl_cognito::people::{People, changes::Change};
use stackctl_views::style::{visible, word};

use crate::{
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::follow::{follow, watch},
    stack_file::StackFile,
    user_pool::{PoolOption, PoolSession},
};

/// The user that a command is about.
#[derive(Debug, Args)]
pub struct OfUser {
    /// The name that the user signs in with
    name: String,
    #[command(flatten)]
    pool: PoolOption,
}

impl OfUser {
    /// Changes the user.
    ///
    /// # Errors
    /// A user who does not exist, and Cognito's refusals.
    pub async fn run(self, change: Change, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, settings) = self.pool.find(&stack)?;
        let mut session = PoolSession::open(global, &stack, pool, false, report).await?;
        let (name, shown) = (self.name.as_str(), visible(&self.name));
        let people = People { aws: &session.aws, pool: &session.pool_id };
        let refused =
            |source| UserError::Refused { doing: format!("{} of {pool}", change.doing(&shown)), source };
        let found = watch("looking", report, &mut session.interrupt, people.profile(name)).await?;
        let Some(found) = found.map_err(refused)? else {
            return Err(UserError::NotFound { name: self.name.clone(), pool: pool.to_string() }.into());
        };
        let add = format!("stackctl user add{} --reset {}", global.target_options(), word(name));
        if let Some(refusal) = change.refused(&shown, &found, &add) {
            return Err(UserError::Unfit(refusal).into());
        }
        let tell = session.tell(name);
        let work = people.change(change, name, &tell);
        let done =
            follow("changing a user", None, &mut session.told, report, &mut session.interrupt, work).await;
        let (done, _) = done.map_err(|_| UserError::Unclear {
            what: format!("the change took place: {}", change.doing(&shown)),
        })?;
        done.map_err(refused)?;
        report.changed_user(
            pool.as_str(),
            name,
            change.as_str(),
            &change.text(&shown, pool.as_str(), settings),
        );
        Ok(exit::DONE)
    }
}
