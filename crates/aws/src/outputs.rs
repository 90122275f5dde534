//! The outputs of a stack, read from its resources.

use std::collections::BTreeMap;

use stackctl_apigateway::rest_api::RestApi;
use stackctl_aws_data::{
    account::Account,
    outputs::{ApiOutputs, Outputs, UserPoolOutputs},
};
use stackctl_cognito::{user_pool::UserPool, user_pool_client::UserPoolClient};
use stackctl_engine::Known;
use stackctl_s3::bucket::Bucket;
use stackctl_stackfile::stack::Stack;

/// The outputs of a stack; resources that do not exist are left out.
pub fn of(stack: &Stack, account: &Account, known: &Known) -> Outputs {
    let mut apis = BTreeMap::new();
    for (name, api) in known.all::<RestApi>() {
        let endpoint = account.invoke_url(&api.id, &api.stage);
        let desired = stack.apis.iter().find(|(logical, _)| logical.as_str() == name);
        let routes = desired.into_iter().flat_map(|(_, api)| api.routes.keys());
        let routes = routes
            .map(|route| (route.to_string(), format!("{endpoint}{}", route.path.trim_end_matches('/'))));
        apis.insert(name.to_owned(), ApiOutputs { id: api.id.clone(), routes: routes.collect(), endpoint });
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
    // The bucket of failed events is no output.
    let of_file = |name: &str| stack.buckets.keys().any(|it| it.as_str() == name);
    let buckets = known.all::<Bucket>().into_iter().filter(|(name, _)| of_file(name));
    let buckets: BTreeMap<String, String> =
        buckets.map(|(name, it)| (name.to_owned(), it.name.clone())).collect();
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

/// The addresses of resources with outputs that AWS does not have.
pub fn missing(stack: &Stack, outputs: &Outputs) -> Vec<String> {
    fn lacking<'a, T>(
        kind: &str,
        wanted: impl Iterator<Item = &'a str>,
        found: &BTreeMap<String, T>,
    ) -> Vec<String> {
        wanted.filter(|name| !found.contains_key(*name)).map(|name| format!("{kind}.{name}")).collect()
    }
    let mut missing = lacking("bucket", stack.buckets.keys().map(|it| it.as_str()), &outputs.buckets);
    for (name, pool) in &stack.user_pools {
        let clients = pool.clients.keys().map(|it| it.as_str());
        match outputs.user_pools.get(name.as_str()) {
            Some(found) => {
                missing.extend(lacking(&format!("user_pool_client.{name}/"), clients, &found.clients))
            }
            None => missing.push(format!("user_pool.{name}")),
        }
    }
    missing.extend(lacking("rest_api", stack.apis.keys().map(|it| it.as_str()), &outputs.apis));
    missing
}

/// The one there is.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let one = all.next();
    if all.next().is_some() { None } else { one }
}
