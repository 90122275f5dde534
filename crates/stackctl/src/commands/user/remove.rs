//! `stackctl user remove`.

use clap::Args;
use stackctl_cognito::people::People;
use stackctl_views::style::visible;

use crate::{
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::{
        ask,
        follow::{follow, watch},
    },
    stack_file::StackFile,
    user_pool::{PoolOption, PoolSession},
};

/// Remove a user; the user's files stay
#[derive(Debug, Args)]
#[command(aliases = ["rm", "delete", "del"])]
pub struct Remove {
    /// The name that the user signs in with
    name: String,
    #[command(flatten)]
    pool: PoolOption,
    /// Don't ask for confirmation
    #[arg(short, long, aliases = ["auto-approve", "assume-yes"])]
    yes: bool,
}

impl Remove {
    /// Asks, and removes the user.
    ///
    /// # Errors
    /// A user who does not exist, and Cognito's refusals.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, _) = self.pool.find(&stack)?;
        if !self.yes && !ask::is_possible() {
            return Err(Error::Usage {
                what: "no terminal to ask for confirmation".to_owned(),
                hint: "use --yes to remove the user without confirmation".to_owned(),
            });
        }
        let mut session = PoolSession::open(global, &stack, pool, false, report).await?;
        let name = self.name.as_str();
        let people = People { aws: &session.aws, pool: &session.pool_id };
        let refused = |source| UserError::Refused { doing: format!("remove {name} from {pool}"), source };
        let found = watch("looking", report, &mut session.interrupt, people.find(name)).await?;
        if found.map_err(refused)?.is_none() {
            return Err(UserError::NotFound { name: name.to_owned(), pool: pool.to_string() }.into());
        }
        if !self.yes {
            let question = format!("Remove {} from {pool}? The user's files stay. [y/N]", visible(name));
            let answer = ask::ask(&question, report, &mut session.interrupt).await?.unwrap_or_default();
            if !["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
                return Err(Error::Declined);
            }
        }
        let work = people.remove(name);
        let done =
            follow("removing a user", None, &mut session.told, report, &mut session.interrupt, work).await;
        let (done, _) = done.map_err(|_| UserError::Unclear { what: format!("{name} was removed") })?;
        done.map_err(refused)?;
        report.removed_user(pool.as_str(), name);
        Ok(exit::DONE)
    }
}
