//! The meaning of an API: the form in which the desired and the live API are compared.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_engine::Step;

/// The meaning of an API, independent of ids and of the order of lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// The ARNs of each authorizer's user pools, by the authorizer's name; `None` if they are not known yet.
    pub authorizers: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The methods by path and verb, including OPTIONS.
    pub methods: BTreeMap<(String, String), Method>,
    /// The gateway responses that were set, by type.
    pub gateway_responses: BTreeMap<String, GatewayResponse>,
}

/// A method with its integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// The name of its authorizer; `None` if anyone may call it.
    pub authorizer: Option<String>,
    /// The scopes, with which it accepts access tokens (AGW-56).
    pub scopes: BTreeSet<String>,
    /// Whether it requires an API key.
    pub api_key: bool,
    /// Its integration.
    pub integration: Integration,
}

/// The integration of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integration {
    /// A Lambda function, by its invocation URI.
    Function(String),
    /// A preflight with fixed headers, without their quotes, and a template that adds the caller's origin.
    Preflight {
        /// Header names and values.
        headers: BTreeMap<String, String>,
        /// The response template; empty if there is none.
        template: String,
    },
    /// Any other integration, as AWS describes it.
    Other(String),
}

/// A response that API Gateway itself creates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GatewayResponse {
    /// Its status; `None` for the default of the type.
    pub status: Option<String>,
    /// Header names, and values as mappings: quoted literals or `method.request.header.X`.
    pub headers: BTreeMap<String, String>,
    /// Templates by content type.
    pub templates: BTreeMap<String, String>,
}

impl Shape {
    /// Whether a live shape means the same. An authorizer whose pool is not known yet differs from every other.
    pub fn is(&self, live: &Shape) -> bool {
        self == live && self.authorizers.values().all(Option::is_some)
    }

    /// This shape with the parts of others in a live API beside it. Where both have one, this shape's counts.
    #[must_use]
    pub fn over(&self, live: &Shape) -> Shape {
        let Shape { authorizers, methods, gateway_responses } = self.clone();
        let mut all = live.clone();
        all.authorizers.extend(authorizers);
        all.methods.extend(methods);
        all.gateway_responses.extend(gateway_responses);
        all
    }

    /// The parts of this shape that a live API lacks or has in another form, with the authorizers of the methods among
    /// them.
    #[must_use]
    pub fn missing_in(&self, live: &Shape) -> Shape {
        let Shape { mut authorizers, mut methods, mut gateway_responses } = self.clone();
        methods.retain(|key, method| live.methods.get(key) != Some(method));
        gateway_responses.retain(|kind, response| live.gateway_responses.get(kind) != Some(response));
        let used: BTreeSet<&String> = methods.values().filter_map(|it| it.authorizer.as_ref()).collect();
        authorizers.retain(|name, pools| used.contains(name) || live.authorizers.get(name) != Some(pools));
        Shape { authorizers, methods, gateway_responses }
    }

    /// Adds the differences between a live shape and this one to a step.
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
