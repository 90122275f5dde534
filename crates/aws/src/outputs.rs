//! The outputs of a stack, which a front end needs.

use std::collections::BTreeMap;

use serde::Serialize;
use stackctl_aws_data::account::Account;
use stackctl_cognito::{user_pool::UserPool, user_pool_client::UserPoolClient};
use stackctl_engine::Known;
use stackctl_stackfile::stack::Stack;

use crate::kinds::{bucket::Bucket, rest_api::RestApi};

/// The outputs of a stack: at the top what there is one of, below that everything by logical name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outputs {
    /// The stack's name.
    pub stack: String,
    /// The region.
    pub region: String,
    /// The address of the API, when there is one API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The id of the user pool, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_pool_id: Option<String>,
    /// The id of the app client, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The name of the bucket, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// Where Cognito answers, when it is not at AWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cognito_endpoint: Option<String>,
    /// The APIs.
    pub apis: BTreeMap<String, ApiOutputs>,
    /// The user pools.
    pub user_pools: BTreeMap<String, UserPoolOutputs>,
    /// The names of the buckets.
    pub buckets: BTreeMap<String, String>,
}

/// One API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiOutputs {
    /// Its id.
    pub id: String,
    /// Its address.
    pub endpoint: String,
    /// The address of each route, by `METHOD /path`.
    pub routes: BTreeMap<String, String>,
}

/// One user pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserPoolOutputs {
    /// Its id.
    pub id: String,
    /// The ids of its app clients.
    pub clients: BTreeMap<String, String>,
}

impl Outputs {
    /// The outputs of a stack; resources that do not exist are left out.
    pub fn of(stack: &Stack, account: &Account, known: &Known) -> Outputs {
        let mut apis = BTreeMap::new();
        for (name, api) in known.all::<RestApi>() {
            let endpoint = account.invoke_url(&api.id, &api.stage);
            let desired = stack.apis.iter().find(|(logical, _)| logical.as_str() == name);
            let routes = desired.into_iter().flat_map(|(_, api)| api.routes.keys());
            let routes = routes
                .map(|route| (route.to_string(), format!("{endpoint}{}", route.path.trim_end_matches('/'))));
            apis.insert(
                name.to_owned(),
                ApiOutputs { id: api.id.clone(), routes: routes.collect(), endpoint },
            );
        }
        let mut user_pools = BTreeMap::new();
        let clients = known.all::<UserPoolClient>();
        for (name, pool) in known.all::<UserPool>() {
            let clients = clients.iter().filter_map(|(path, client)| {
                let (of, client_name) = path.split_once('/')?;
                (of == name).then(|| (client_name.to_owned(), client.id.clone()))
            });
            user_pools
                .insert(name.to_owned(), UserPoolOutputs { id: pool.id.clone(), clients: clients.collect() });
        }
        let buckets: BTreeMap<String, String> =
            known.all::<Bucket>().into_iter().map(|(name, it)| (name.to_owned(), it.name.clone())).collect();
        Outputs {
            stack: account.stack.to_string(),
            region: account.region.to_string(),
            endpoint: only(apis.values()).map(|api| api.endpoint.clone()),
            user_pool_id: only(user_pools.values()).map(|pool| pool.id.clone()),
            client_id: only(clients.values()).map(|client| client.id.clone()),
            bucket: only(buckets.values()).cloned(),
            cognito_endpoint: account.endpoint.clone(),
            apis,
            user_pools,
            buckets,
        }
    }
}

/// The one there is.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let one = all.next();
    if all.next().is_some() { None } else { one }
}
