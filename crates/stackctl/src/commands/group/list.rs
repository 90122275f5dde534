//! `stackctl group list`.

use std::collections::BTreeMap;

use clap::Args;
use stackctl_cognito::people::groups::Members;
use stackctl_results::text::users::called;

use crate::{
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::follow::watch,
    stack_file::StackFile,
    user_pool::{PoolOption, PoolSession, membership::known},
};

/// Show the groups and the people in them
#[derive(Debug, Args)]
#[command(alias = "ls")]
pub struct List {
    /// The group; without it, all groups of stack.yaml
    group: Option<String>,
    #[command(flatten)]
    pool: PoolOption,
}

impl List {
    /// Lists the people of each group.
    ///
    /// # Errors
    /// A group that does not exist, and Cognito's refusals.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
        let (pool, wanted) = self.pool.find(&stack)?;
        let groups: Vec<&str> = match &self.group {
            Some(group) => vec![known(group, wanted)?],
            None => wanted.groups.iter().map(|it| it.as_str()).collect(),
        };
        let mut session = PoolSession::open(global, &stack, pool, true, report).await?;
        let addresses = !wanted.sign_in_with.is_empty();
        let mut all = BTreeMap::new();
        for group in groups {
            let members = Members { aws: &session.aws, pool: &session.pool_id, group };
            let people = watch("listing people", report, &mut session.interrupt, members.list()).await?;
            let people = people.map_err(|source| UserError::of_group(source, pool, group, "", "list"))?;
            let mut names: Vec<String> = people.iter().map(|it| called(it, addresses).to_owned()).collect();
            names.sort();
            all.insert(group, names);
        }
        report.groups(pool.as_str(), &all);
        Ok(exit::DONE)
    }
}
