//! A group of a user pool. Tokens name the groups of a person (COG-91).

pub use self::model::{Action, Live, Outputs, UserPoolGroup};

use stackctl_aws_client::{
    clients::{Aws, Clients},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_engine::{Aim, Known, Observed, Removal, Reporter, Resource, Step};

use self::model::marker;
use crate::{
    people::groups::Members,
    user_pool::{self, UserPool},
};

mod model;
pub mod operations;
#[cfg(test)]
mod tests;

impl Resource for UserPoolGroup {
    const KIND: &'static str = "user_pool_group";
    type Cloud = Aws;
    /// The outputs of the pools contain their groups.
    type Listing = ();
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(_: &Clients) -> Result<(), AwsError> {
        Ok(())
    }

    async fn observe(&self, (): &(), observed: &Observed, _: &Aws) -> Result<Option<Live>, AwsError> {
        let pool = observed.get(&self.pool).await;
        Ok(pool.filter(|pool| pool.groups.contains_key(&self.name)).map(|pool| self.live(pool.id)))
    }

    /// The groups with stackctl's description. Groups of others are left alone, such as those that Cognito makes for
    /// identity providers (COG-93).
    async fn orphans(
        desired: &[&UserPoolGroup],
        (): &(),
        observed: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let mut orphans = Vec::new();
        for (address, pool) in observed.all::<UserPool>().await {
            let is_desired =
                |name: &String| desired.iter().any(|it| it.name == *name && *it.pool.address() == address);
            let marker = marker(&aws.account.stack);
            for (name, description) in &pool.groups {
                if *description == marker && !is_desired(name) {
                    let live = Live { pool: pool.id.clone(), name: name.clone() };
                    orphans.push((format!("{}/{name}", address.name), live));
                }
            }
        }
        Ok(orphans)
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.name.clone()
    }

    fn live_id(live: &Live) -> String {
        format!("{}/{}", live.pool, live.name)
    }

    fn diff(&self, live: Option<&Live>, _: &Known) -> Vec<Action> {
        let UserPoolGroup { name: _, pool: _ } = self;
        if live.is_none() { vec![Action::Create] } else { Vec::new() }
    }

    fn describe(&self, action: &Action) -> Step {
        match action {
            Action::Create => Step::create(),
        }
    }

    async fn perform(
        &self,
        action: &Action,
        _: Option<Live>,
        known: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let Action::Create = action;
        let pool = known.get(&self.pool).map(|pool| pool.id.clone()).unwrap_or_default();
        let made = wait::create(
            &operations::CREATE_GROUP,
            reporter,
            async || Ok(user_pool::groups(&pool, aws).await?.contains_key(&self.name).then_some(())),
            async || {
                let create = aws.cognito.create_group().user_pool_id(&pool).group_name(&self.name);
                create.description(marker(&aws.account.stack)).send().await.map(drop)
            },
        );
        match made.await {
            // Another run made it, or a person in the console.
            Err(error) if error.is_there_already() => {}
            other => other?,
        }
        Ok(self.live(pool))
    }

    fn outputs(&self, _: &Live) -> Outputs {
        Outputs
    }

    async fn removal(live: &Live, _: Option<&Self>, aim: Aim, aws: &Aws) -> Result<Removal, AwsError> {
        match aim {
            Aim::Destroy { .. } => Ok(Removal::Delete { note: None }),
            Aim::Apply => Ok(match (Members { aws, pool: &live.pool, group: &live.name }).count().await? {
                None => Removal::Delete { note: None },
                Some(people) => Removal::Refuse {
                    why: format!("has {people}"),
                    hint: format!(
                        "put it back into the file, or take its people out first with `stackctl group remove {} NAME`",
                        live.name
                    ),
                },
            }),
        }
    }

    async fn delete(
        live: Live,
        _: Option<&Self>,
        aim: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        // The pool goes with its groups.
        if matches!(aim, Aim::Destroy { .. }) {
            return Ok(());
        }
        let deleted = wait::write(&operations::DELETE_GROUP, reporter, || {
            aws.cognito.delete_group().user_pool_id(&live.pool).group_name(&live.name).send()
        });
        if_there(deleted.await).map(drop)
    }

    async fn release(live: Live, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        release(&live.pool, &live.name, aws, reporter).await
    }
}

/// Whether a group has the description of one that the stack made.
///
/// # Errors
/// Cognito's.
pub async fn is_marked(pool: &str, group: &str, aws: &Aws) -> Result<bool, AwsError> {
    let all = user_pool::groups(pool, aws).await?;
    Ok(all.get(group).is_some_and(|it| *it == marker(&aws.account.stack)))
}

/// Removes the description from a group, which is the mark of one that stackctl made (COG-122). A group that does not
/// exist any more is success.
///
/// # Errors
/// Cognito's.
pub async fn release(pool: &str, group: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let released = wait::write(&operations::UPDATE_GROUP, reporter, || {
        aws.cognito.update_group().user_pool_id(pool).group_name(group).description("").send()
    });
    if_there(released.await).map(drop)
}

impl UserPoolGroup {
    fn live(&self, pool: String) -> Live {
        Live { pool, name: self.name.clone() }
    }
}
