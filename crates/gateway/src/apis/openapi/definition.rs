//! What a document asks for, and why AWS would not import one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What a document asks for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Definition {
    pub name: String,
    pub description: Option<String>,
    pub version: String,
    pub binary_media_types: Vec<String>,
    pub policy: Option<String>,
    pub authorizers: BTreeMap<String, Authorizer>,
    /// By path and by verb, `ANY` for any-method.
    pub methods: BTreeMap<String, BTreeMap<String, Method>>,
    /// By response type, as PutGatewayResponse takes them.
    pub gateway_responses: BTreeMap<String, Value>,
}

/// An authorizer, as CreateAuthorizer takes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Authorizer {
    pub kind: String,
    pub body: Value,
}

/// A method with all that hangs on it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Method {
    /// As PutMethod takes it, without the authorizer's id.
    pub body: Map<String, Value>,
    /// The authorizer by name.
    pub authorizer: Option<String>,
    /// By status, as PutMethodResponse takes them.
    pub responses: BTreeMap<String, Value>,
    /// As PutIntegration takes it.
    pub integration: Option<Value>,
    /// By status, as PutIntegrationResponse takes them.
    pub integration_responses: BTreeMap<String, Value>,
}

/// Why AWS would not import a document.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    /// It is no OpenAPI document.
    Unreadable(String),
    /// Parts of it cannot be made.
    Errors(Vec<String>),
    /// It could be made, with these doubts.
    Warnings(Vec<String>),
}

impl Refusal {
    pub(crate) fn message(&self) -> String {
        match self {
            Refusal::Unreadable(why) => why.clone(),
            Refusal::Errors(all) => format!("Errors found during import:\n\t{}", all.join("\n\t")),
            Refusal::Warnings(all) => format!("Warnings found during import:\n\t{}", all.join("\n\t")),
        }
    }
}
