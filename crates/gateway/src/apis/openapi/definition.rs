//! The content of an OpenAPI document, and the reasons for which AWS refuses one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The API that a document describes.
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

/// A method with its responses and its integration.
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

/// Why AWS refuses to import a document.
#[derive(Debug, PartialEq)]
pub(crate) enum ImportError {
    /// It is not an OpenAPI document.
    Unreadable(String),
    /// Parts of it are not valid.
    Errors(Vec<String>),
    /// It is valid, with these warnings.
    Warnings(Vec<String>),
}

impl ImportError {
    pub(crate) fn message(&self) -> String {
        match self {
            ImportError::Unreadable(why) => why.clone(),
            ImportError::Errors(all) => format!("Errors found during import:\n\t{}", all.join("\n\t")),
            ImportError::Warnings(all) => format!("Warnings found during import:\n\t{}", all.join("\n\t")),
        }
    }
}
