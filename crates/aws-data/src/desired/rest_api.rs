//! An API: its shape, its CORS, and the OpenAPI document of both.

pub mod cors;
pub mod document;
pub mod shape;

use std::collections::{BTreeMap, BTreeSet};

use stackctl_stackfile::{
    api::{Api, Authorizer},
    stack::Stack,
};

use self::shape::{Integration, Method, Shape};
use crate::account::Account;

/// The shape of an API without the ARN of its authorizer's pool.
pub fn shape(stack: &Stack, api: &Api, account: &Account) -> Shape {
    let authorizer = match &api.authorizer {
        Authorizer::None => None,
        Authorizer::UserPool(pool) => Some(pool.to_string()),
    };
    let mut shape = Shape::default();
    for (route, target) in &api.routes {
        let function = account.called_function_name(stack, target);
        let method = Method {
            authorizer: authorizer.clone(),
            scopes: BTreeSet::new(),
            api_key: false,
            integration: Integration::Function(account.invocation_uri(&function).0),
        };
        shape.methods.insert((route.path.clone(), route.method.to_string()), method);
    }
    if let Some(cors) = &api.cors {
        let paths: BTreeSet<&String> = api.routes.keys().map(|route| &route.path).collect();
        for path in paths {
            let methods = api.routes.keys().filter(|route| route.path == *path).map(|route| &route.method);
            let method = Method {
                authorizer: None,
                scopes: BTreeSet::new(),
                api_key: false,
                integration: cors::preflight(cors, methods),
            };
            shape.methods.insert((path.clone(), "OPTIONS".to_owned()), method);
        }
        shape.gateway_responses = cors::gateway_responses(cors);
    }
    shape
}

/// The variables of an API's stage without the one that names the deployed document.
pub fn stage_variables(api: &Api) -> BTreeMap<String, String> {
    let cors = api.cors.iter();
    cors.map(|cors| ("CORS_ORIGINS".to_owned(), cors::stage_variable(&cors.origins))).collect()
}
