//! Changes of the people in a group.

use stackctl_cognito::people::groups::Members;
use stackctl_stackfile::{did_you_mean, names::LogicalName, units::Seconds, user_pool::UserPool};

use crate::{
    error::{Error, user::UserError},
    report::Report,
    run::follow::follow,
    user_pool::session::PoolSession,
};

/// A change of a group's people.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    /// A user is added.
    Add,
    /// A user is removed.
    Remove,
}

/// The group of this name in the file.
///
/// # Errors
/// A name that no group of the pool has.
pub fn known<'a>(name: &str, pool: &'a UserPool) -> Result<&'a str, Error> {
    let mut groups = pool.groups.iter().map(|it| it.as_str());
    groups.clone().find(|it| *it == name).ok_or_else(|| {
        let hint = did_you_mean(name, groups.clone()).unwrap_or_else(|| match groups.next() {
            None => "add it under `groups:` of the user pool, and run `stackctl apply`".to_owned(),
            Some(first) => {
                format!("its groups: {}", groups.fold(first.to_owned(), |all, it| all + ", " + it))
            }
        });
        Error::Usage { what: format!("stack.yaml has no group `{name}`"), hint }
    })
}

/// How long an id token may still name a group that the user has left.
pub fn longest_token(pool: &UserPool) -> Option<Seconds> {
    pool.clients.values().map(|it| it.id_token).max()
}

impl PoolSession {
    /// Changes the people of a group.
    ///
    /// # Errors
    /// A user or a group that does not exist, and Cognito's refusals.
    pub async fn change_group(
        &mut self,
        change: Change,
        pool: &LogicalName,
        group: &str,
        name: &str,
        report: &mut Report,
    ) -> Result<(), Error> {
        let tell = self.tell(name);
        let members = Members { aws: &self.aws, pool: &self.pool_id, group };
        let work = async {
            match change {
                Change::Add => members.add(name, &tell).await,
                Change::Remove => members.remove(name, &tell).await,
            }
        };
        let (verb, done) = match change {
            Change::Add => ("add", format!("{name} was added to {group}")),
            Change::Remove => ("remove", format!("{name} was removed from {group}")),
        };
        let changed =
            follow("changing a group", None, &mut self.told, report, &mut self.interrupt, work).await;
        let (changed, _) = changed.map_err(|_| UserError::Unclear { what: done })?;
        Ok(changed.map_err(|source| UserError::of_group(source, pool, group, name, verb))?)
    }
}
