//! A user pool and an app client that others made: what is read of them, and what the stack needs of them.

mod client;
mod update_command;

use std::collections::BTreeMap;

use stackctl_aws_client::{
    clients::Aws,
    existing::{Found, Used},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{account::Account, cli::Cli, desired::existing::Need};
use stackctl_engine::{Observed, Ref};

use crate::{
    user_pool::{self, Listed, UserPool},
    user_pool_client,
};

/// A user pool that others made.
pub struct ExistingPool {
    /// Its id.
    pub id: String,
    /// Whether the stack has app clients of its own in it.
    pub has_own_clients: bool,
}

impl Used for ExistingPool {
    const KIND: &'static str = "user_pool";
    type Listing = Listed;
    type Outputs = user_pool::Outputs;

    fn name(&self) -> String {
        self.id.clone()
    }

    async fn outputs(&self, _: &Observed, aws: &Aws) -> Result<user_pool::Outputs, AwsError> {
        let is_here = region(&self.id) == aws.account.region.as_str();
        let clients = match self.has_own_clients && is_here {
            true => if_there(user_pool::clients(&self.id, aws).await)?.unwrap_or_default(),
            false => BTreeMap::new(),
        };
        let arn = aws.account.user_pool_arn(&self.id);
        Ok(user_pool::Outputs {
            id: self.id.clone(),
            arn,
            clients,
            groups: BTreeMap::new(),
            is_adopted: false,
        })
    }

    async fn find(&self, observed: &Observed, aws: &Aws) -> Result<Found<user_pool::Outputs>, AwsError> {
        let is_here = region(&self.id) == aws.account.region.as_str();
        let describe = async {
            let ask = || aws.cognito.describe_user_pool().user_pool_id(&self.id).send();
            match is_here {
                true => if_there(wait::read(&user_pool::operations::DESCRIBE_USER_POOL, ask).await),
                false => Ok(None),
            }
        };
        let (found, outputs) = tokio::try_join!(describe, self.outputs(observed, aws))?;
        let need = found.is_none().then(|| absent_pool(&self.id, &aws.account, &aws.cli()));
        Ok(Found { missing: need.into_iter().collect(), ..Found::with(outputs) })
    }
}

/// The region in the id of a pool.
fn region(id: &str) -> &str {
    id.split('_').next().unwrap_or_default()
}

/// What a stack in this account misses of a pool that is not in its region, or not there.
fn absent_pool(id: &str, account: &Account, cli: &Cli) -> Need {
    let pools = cli.command(&["cognito-idp", "list-user-pools", "--max-results", "60"]);
    let here = &account.region;
    match region(id) {
        there if there != here.as_str() => Need {
            what: format!("the user pool {id} is in {there}, and the stack is in {here}"),
            cure: format!(
                "use the stack in {there} (`region:` or --region), or a pool in {here}; to see those:\n{pools}"
            ),
        },
        _ => Need {
            what: format!("there is no user pool {id} in the account {}", account.id),
            cure: format!("correct `existing`; to see the pools of the account:\n{pools}"),
        },
    }
}

/// An app client that others made, of a pool that others made.
pub struct ExistingClient {
    /// Its id.
    pub id: String,
    /// The pool.
    pub pool: Ref<UserPool>,
}

impl Used for ExistingClient {
    const KIND: &'static str = "user_pool_client";
    type Listing = ();
    type Outputs = user_pool_client::Outputs;

    fn name(&self) -> String {
        self.id.clone()
    }

    async fn outputs(&self, _: &Observed, _: &Aws) -> Result<user_pool_client::Outputs, AwsError> {
        Ok(user_pool_client::Outputs { id: self.id.clone() })
    }

    async fn find(
        &self,
        observed: &Observed,
        aws: &Aws,
    ) -> Result<Found<user_pool_client::Outputs>, AwsError> {
        let pool = observed.get(&self.pool).await.map(|pool| pool.id).unwrap_or_default();
        let is_here = region(&pool) == aws.account.region.as_str();
        let ask = || aws.cognito.describe_user_pool_client().user_pool_id(&pool).client_id(&self.id).send();
        let found = match is_here {
            true => {
                if_there(wait::read(&user_pool_client::operations::DESCRIBE_USER_POOL_CLIENT, ask).await)?
            }
            // The pool's need says so.
            false => None,
        };
        let described = found.and_then(|it| it.user_pool_client);
        let missing = match described {
            Some(described) => client::missing(&described, &aws.cli()),
            None if is_here => vec![client::absent(&self.id, &pool, &aws.cli())],
            None => Vec::new(),
        };
        Ok(Found { missing, ..Found::with(self.outputs(observed, aws).await?) })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use stackctl_aws_data::desired::samples::{account, cli, text};

    use super::*;

    #[test]
    fn a_pool_that_is_not_here() {
        let check = |id: &str, expected: Expect| {
            expected.assert_eq(&text([absent_pool(id, &account(), &cli())]));
        };
        check(
            "eu-west-1_AbC123",
            expect![[r#"
            there is no user pool eu-west-1_AbC123 in the account 123456789012
            correct `existing`; to see the pools of the account:
            aws cognito-idp list-user-pools --max-results 60 --region eu-west-1
        "#]],
        );
        check(
            "eu-central-1_AbC123",
            expect![[r#"
            the user pool eu-central-1_AbC123 is in eu-central-1, and the stack is in eu-west-1
            use the stack in eu-central-1 (`region:` or --region), or a pool in eu-west-1; to see those:
            aws cognito-idp list-user-pools --max-results 60 --region eu-west-1
        "#]],
        );
    }
}
