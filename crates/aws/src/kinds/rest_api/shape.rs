//! What an API is, by meaning: the form in which the wanted one and the live one are compared.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_engine::Step;

/// What an API is, whatever its ids and the order of its lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// The user pools' ARNs of each authorizer, by its name; none: not known yet.
    pub authorizers: BTreeMap<String, Option<BTreeSet<String>>>,
    /// Methods by path and verb, OPTIONS among them.
    pub methods: BTreeMap<(String, String), Method>,
    /// The gateway responses that were set, by type.
    pub gateway_responses: BTreeMap<String, GatewayResponse>,
}

/// A method and what is behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// The name of its authorizer; none: anybody may call it.
    pub authorizer: Option<String>,
    /// Scopes that make it take access tokens (AGW-56).
    pub scopes: BTreeSet<String>,
    /// Whether it asks for an API key.
    pub api_key: bool,
    /// What answers.
    pub integration: Integration,
}

/// What answers a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integration {
    /// A Lambda function, by its invocation URI.
    Function(String),
    /// A preflight's fixed headers, without their quotes, and the template that adds the caller's origin.
    Preflight {
        /// Header names and values.
        headers: BTreeMap<String, String>,
        /// The response template; empty when there is none.
        template: String,
    },
    /// Anything else, as AWS describes it.
    Other(String),
}

/// An answer that API Gateway makes itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GatewayResponse {
    /// Its status; none: the type's own.
    pub status: Option<String>,
    /// Header names, and values as mappings: quoted literals or `method.request.header.X`.
    pub headers: BTreeMap<String, String>,
    /// Templates by content type.
    pub templates: BTreeMap<String, String>,
}

impl Shape {
    /// Whether a live shape is this one. An authorizer whose pool is not known yet differs from any.
    pub fn is(&self, live: &Shape) -> bool {
        self == live && self.authorizers.values().all(Option::is_some)
    }

    /// What differs between a live shape and this one, for a person to read.
    pub fn changes(&self, live: &Shape, mut step: Step) -> Step {
        let Shape { authorizers, methods, gateway_responses } = self;
        let names: BTreeSet<_> = authorizers.keys().chain(live.authorizers.keys()).collect();
        for name in names {
            let text = |shape: &Shape| {
                shape.authorizers.get(name).map(|pools| match pools {
                    Some(pools) => pools.iter().cloned().collect::<Vec<_>>().join(", "),
                    None => "(known after apply)".to_owned(),
                })
            };
            step = step.change(&format!("authorizer.{name}"), text(live), text(self));
        }
        let keys: BTreeSet<_> = methods.keys().chain(live.methods.keys()).collect();
        for key in keys {
            let (path, verb) = key;
            let text = |shape: &Shape| shape.methods.get(key).map(Method::to_text);
            step = step.change(&format!("{verb} {path}"), text(live), text(self));
        }
        let types: BTreeSet<_> = gateway_responses.keys().chain(live.gateway_responses.keys()).collect();
        for kind in types {
            let text = |shape: &Shape| shape.gateway_responses.get(kind).map(GatewayResponse::to_text);
            step = step.change(&format!("response.{kind}"), text(live), text(self));
        }
        step
    }
}

impl Method {
    fn to_text(&self) -> String {
        let Method { authorizer, scopes, api_key, integration } = self;
        let mut text = match integration {
            Integration::Function(uri) => {
                let function = uri.rsplit_once(":function:").map_or(uri.as_str(), |(_, rest)| rest);
                format!("function {}", function.trim_end_matches("/invocations"))
            }
            Integration::Preflight { headers, template } => {
                let headers: Vec<String> =
                    headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let origins =
                    if template.is_empty() { String::new() } else { format!("; {}", origins_in(template)) };
                format!("preflight {}{origins}", headers.join("; "))
            }
            Integration::Other(text) => text.clone(),
        };
        if let Some(name) = authorizer {
            text += &format!(", for {name}");
        }
        if !scopes.is_empty() {
            text += &format!(", with the scopes {}", scopes.iter().cloned().collect::<Vec<_>>().join(" "));
        }
        if *api_key {
            text += ", with an API key";
        }
        text
    }
}

impl GatewayResponse {
    fn to_text(&self) -> String {
        let GatewayResponse { status, headers, templates } = self;
        let mut parts: Vec<String> = status.iter().map(|status| format!("status {status}")).collect();
        parts.extend(headers.iter().map(|(name, value)| format!("{name}: {}", unquoted(value))));
        parts.extend(templates.iter().map(|(kind, template)| format!("{kind}: {template}")));
        parts.join("; ")
    }
}

/// A mapping's literal without its quotes (AGW-53).
pub fn unquoted(value: &str) -> &str {
    value.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(value)
}

/// The origins that a preflight's template compares with.
fn origins_in(template: &str) -> String {
    let quoted = template.split('"').skip(1).step_by(2);
    let origins: Vec<&str> = quoted.filter(|text| text.contains("://")).collect();
    format!("origins {}", origins.join(", "))
}
