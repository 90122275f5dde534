//! An app client of a user pool, with which a web page signs in.

pub use self::model::{Action, Live, Outputs, UserPoolClient};

use aws_sdk_cognitoidentityprovider::types::UserPoolClientType;
use aws_smithy_types::date_time::Format;
use stackctl_aws_client::{
    clients::{Aws, Clients},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::account::name_prefix;
use stackctl_engine::{Aim, Known, Observed, Removal, Reporter, Resource, Step};

use self::model::ClientSettings;
use crate::user_pool::{self, UserPool};

mod model;
pub mod operations;
mod settings;
#[cfg(test)]
mod tests;
mod update;

const SECRET: &str = "it has a secret, which a web page could not keep and which can't be taken away";
const SECRET_HINT: &str =
    "delete the client in the AWS console and run the command again: it will have a new id";

impl Resource for UserPoolClient {
    const KIND: &'static str = "user_pool_client";
    type Cloud = Aws;
    /// The outputs of the pools contain their clients.
    type Listing = ();
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(_: &Clients) -> Result<(), AwsError> {
        Ok(())
    }

    async fn observe(&self, (): &(), observed: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        let Some(mut pool) = observed.get(&self.pool).await else { return Ok(None) };
        let ids = pool.clients.remove(&self.name).unwrap_or_default();
        self.read_one(&pool.id, ids, aws).await
    }

    async fn locate(&self, (): &(), observed: &Observed, _: &Aws) -> Result<Option<Live>, AwsError> {
        let Some(mut pool) = observed.get(&self.pool).await else { return Ok(None) };
        let id = self.one(pool.clients.remove(&self.name).unwrap_or_default())?;
        id.map(|id| Live::listed(pool.id, self.name.clone(), id)).transpose()
    }

    async fn orphans(
        desired: &[&UserPoolClient],
        (): &(),
        observed: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let mut orphans = Vec::new();
        for (address, pool) in observed.all::<UserPool>().await {
            // Others may have made clients with such a name before the pool was adopted.
            if pool.is_adopted {
                continue;
            }
            let prefix = format!("{}{}-", name_prefix(&aws.account.stack), address.name);
            let is_desired =
                |name: &String| desired.iter().any(|it| it.name == *name && *it.pool.address() == address);
            let unwanted = pool.clients.iter().filter(|(name, _)| !is_desired(name));
            for (client, ids) in unwanted.filter_map(|(name, ids)| Some((name.strip_prefix(&prefix)?, ids))) {
                let logical = format!("{}/{client}", address.name);
                for id in ids {
                    let name = format!("{prefix}{client}");
                    orphans.push((logical.clone(), Live::listed(pool.id.clone(), name, id.clone())?));
                }
            }
        }
        Ok(orphans)
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.described.client_name.clone().unwrap_or_default()
    }

    fn diff(&self, live: Option<&Live>, known: &Known) -> Vec<Action> {
        // The create call sets everything.
        let Some(Live { settings: live, .. }) = live else { return vec![Action::Create] };
        let mut actions = Vec::new();
        if live.secret {
            actions.push(Action::Refuse);
        }
        let desired = ClientSettings::desired(self);
        // Clients have no tags: those of an adopted pool count as adopted.
        let is_adopted = known.get(&self.pool).is_some_and(|pool| pool.is_adopted);
        let to = if is_adopted { desired.beside(live) } else { desired };
        if (ClientSettings { secret: false, ..live.clone() }) != to {
            actions.push(Action::Update { from: live.clone(), to: Box::new(to) });
        }
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        match action {
            Action::Refuse => Step::refuse(SECRET).note(SECRET_HINT),
            Action::Create => settings::changes(Step::create(), None, &ClientSettings::desired(self)),
            Action::Update { from, to } => settings::changes(Step::update("update", ""), Some(from), to),
        }
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        known: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        // For a resource that does not exist, only its creation is planned.
        let Some(Live { pool, id, settings: _, described }) = live else {
            let pool = known.get(&self.pool);
            let id = pool.map(|pool| pool.id.clone()).unwrap_or_default();
            // A pool whose creation was not answered, and that was found then, may have the client already.
            let there = pool.and_then(|pool| pool.clients.get(&self.name)).cloned().unwrap_or_default();
            return match self.read_one(&id, there, aws).await? {
                Some(live) => Ok(live),
                None => self.create(id, aws, reporter).await,
            };
        };
        match action {
            Action::Refuse => Err(AwsError::Stuck { what: SECRET.to_owned(), hint: SECRET_HINT }),
            Action::Create => Live::new(pool, Some(described)),
            Action::Update { from: _, to } => {
                let described = to.put_into(described);
                wait::write(&operations::UPDATE_USER_POOL_CLIENT, reporter, || {
                    update::request(&pool, &id, &described, &aws.cognito).send()
                })
                .await?;
                Live::new(pool, Some(described))
            }
        }
    }

    fn changed(live: &Live) -> Option<String> {
        live.described.last_modified_date().and_then(|it| it.fmt(Format::DateTime).ok())
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs { id: live.id.clone() }
    }

    /// App clients have no tags.
    fn has_marks(_: &Live) -> bool {
        false
    }

    async fn removal(live: &Live, _: Option<&Self>, aim: Aim, _: &Aws) -> Result<Removal, AwsError> {
        let note = match aim {
            Aim::Destroy { .. } => None,
            Aim::Apply => Some(format!("pages that sign in with {} no longer can", live.id)),
        };
        Ok(Removal::Delete { note })
    }

    async fn delete(
        live: Live,
        _: Option<&Self>,
        _: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        let deleted = wait::write(&operations::DELETE_USER_POOL_CLIENT, reporter, || {
            aws.cognito.delete_user_pool_client().user_pool_id(&live.pool).client_id(&live.id).send()
        });
        if_there(deleted.await).map(drop)
    }

    async fn release(_: Live, _: &Aws, _: &Reporter) -> Result<(), AwsError> {
        Ok(())
    }
}

impl UserPoolClient {
    async fn read_one(&self, pool: &str, ids: Vec<String>, aws: &Aws) -> Result<Option<Live>, AwsError> {
        match self.one(ids)? {
            Some(id) => read(pool, &id, aws).await,
            None => Ok(None),
        }
    }

    /// The only id; `None` if there is none.
    fn one(&self, mut ids: Vec<String>) -> Result<Option<String>, AwsError> {
        if ids.len() > 1 {
            return Err(AwsError::FoundTwice { what: "user pool clients", name: self.name.clone(), ids });
        }
        Ok(ids.pop())
    }

    async fn create(&self, pool: String, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let said = ClientSettings::desired(self).put_into(UserPoolClientType::builder().build());
        let made = wait::create(
            &operations::CREATE_USER_POOL_CLIENT,
            reporter,
            async || {
                let ids = user_pool::clients(&pool, aws).await?.remove(&self.name).unwrap_or_default();
                Ok(self.read_one(&pool, ids, aws).await?.map(|live| Some(live.described)))
            },
            async || {
                let made = aws
                    .cognito
                    .create_user_pool_client()
                    .user_pool_id(&pool)
                    .client_name(&self.name)
                    .generate_secret(false)
                    .refresh_token_validity(said.refresh_token_validity)
                    .set_access_token_validity(said.access_token_validity)
                    .set_id_token_validity(said.id_token_validity)
                    .set_token_validity_units(said.token_validity_units.clone())
                    .set_explicit_auth_flows(said.explicit_auth_flows.clone())
                    .set_prevent_user_existence_errors(said.prevent_user_existence_errors.clone())
                    .set_enable_token_revocation(said.enable_token_revocation)
                    .set_refresh_token_rotation(said.refresh_token_rotation.clone())
                    .send();
                Ok(made.await?.user_pool_client)
            },
        )
        .await?;
        Live::new(pool, made)
    }
}

/// Reads a client; `None` if it does not exist.
async fn read(pool: &str, id: &str, aws: &Aws) -> Result<Option<Live>, AwsError> {
    let ask = || aws.cognito.describe_user_pool_client().user_pool_id(pool).client_id(id).send();
    let found = if_there(wait::read(&operations::DESCRIBE_USER_POOL_CLIENT, ask).await)?;
    found.map(|it| Live::new(pool.to_owned(), it.user_pool_client)).transpose()
}
