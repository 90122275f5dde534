//! The outputs of a stack, which a front end needs.

use std::collections::BTreeMap;

use serde::Serialize;

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
