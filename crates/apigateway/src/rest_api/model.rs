//! The desired REST API, its live state, and the actions between them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_apigateway::types::RestApi as Listed;
use stackctl_aws_data::{
    desired::rest_api::shape::Shape,
    tags::{TagChange, Tags},
};
use stackctl_cognito::user_pool::UserPool;
use stackctl_engine::Ref;
use stackctl_stackfile::api::Throttling;

use super::read::{Authorizers, Stage};

/// A REST API with one stage.
pub struct RestApi {
    /// Its name.
    pub name: String,
    /// Its logical name.
    pub logical: String,
    /// The authorizer's name and its user pool.
    pub authorizer: Option<(String, Ref<UserPool>)>,
    /// Its shape without the authorizer's pool.
    pub shape: Shape,
    /// The stage's name.
    pub stage: String,
    /// The stage's variables without the one that names the deployed document.
    pub variables: BTreeMap<String, String>,
    /// The stage's throttling.
    pub throttling: Throttling,
    /// The API's tags.
    pub tags: Tags,
}

/// The live API.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) regional: bool,
    pub(super) endpoint_disabled: bool,
    pub(super) tags: Tags,
    pub(super) shape: Shape,
    pub(super) authorizers: Authorizers,
    pub(super) stages: Vec<Stage>,
    /// The version of its document, which an import sets.
    pub(super) version: String,
    /// The ids of the resources with methods that have an operation name of stackctl's, by path and verb.
    pub(super) own_methods: BTreeMap<(String, String), String>,
    /// A deployment that no stage serves yet, and the digest of its document.
    pub(super) undeployed: Option<(String, String)>,
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its id.
    pub id: String,
    /// The stage's name.
    pub stage: String,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Create,
    MakeRegional,
    EnableEndpoint,
    ChangeTags(TagChange),
    /// `part` is the document that is merged into an adopted API; without it, an import replaces the API.
    Put {
        from: Shape,
        to: Shape,
        part: Option<Shape>,
        rename: Option<String>,
    },
    DeleteMethod {
        path: String,
        verb: String,
        resource: String,
    },
    SetAuthorizer {
        id: String,
        from: BTreeSet<String>,
        to: BTreeSet<String>,
    },
    Deploy {
        digest: String,
    },
    CreateStage,
    UpdateStage {
        from: Box<Stage>,
        to: Box<Stage>,
    },
    ChangeStageTags(TagChange),
    DeleteStage {
        name: String,
    },
}

/// The stage variable with the deployed document's digest and the deployment's id (AGW-62).
pub(super) const DEPLOYED: &str = "STACKCTL_DEPLOYED";

/// The tags of a listed API.
pub(super) fn tags_of(listed: &Listed) -> Tags {
    Tags::read(listed.tags.clone().unwrap_or_default())
}
