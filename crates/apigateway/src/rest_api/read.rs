//! Reads the live API into its [`Shape`] and its stages.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_apigateway::types::{
    GatewayResponse as LiveResponse, IntegrationType, Resource, Stage as LiveStage,
};
use stackctl_aws_client::{
    clients::Clients,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::{
    desired::rest_api::{
        document::OWN_METHOD,
        shape::{GatewayResponse, Integration, Method, Shape, unquoted},
    },
    tags::Tags,
};

use super::operations;

/// A live stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// The deployment it serves.
    pub deployment: String,
    /// Its variables.
    pub variables: BTreeMap<String, String>,
    /// The rate and the burst for all methods; `None` if the account's limits apply.
    pub throttling: Option<(u32, u32)>,
    /// Whether it has a cache.
    pub cluster: bool,
    /// Whether the methods without settings of their own use the cache.
    pub caching: bool,
    /// Whether it logs whole requests and responses, including tokens (AGW-70).
    pub data_trace: bool,
    /// The methods with settings of their own, as `{path}/{verb}` (AGW-71).
    pub overrides: BTreeSet<String>,
    /// Whether a share of the requests is served by another deployment (AGW-72).
    pub canary: bool,
    /// Its tags.
    pub tags: Tags,
}

/// An authorizer's id, name and user pools' ARNs.
pub type Authorizers = BTreeMap<String, (String, BTreeSet<String>)>;

/// The parts of a live API.
pub struct Parts {
    /// Its meaning.
    pub shape: Shape,
    /// Its authorizers by id.
    pub authorizers: Authorizers,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// The ids of the resources with methods that have an operation name of stackctl's, by path and verb.
    pub own_methods: BTreeMap<(String, String), String>,
}

/// Reads the parts of an API with concurrent calls.
///
/// # Errors
/// The errors of API Gateway.
pub async fn read(api: &str, clients: &Clients) -> Result<Parts, AwsError> {
    let (resources, authorizers, responses, stages) = tokio::join!(
        resources(api, clients),
        authorizers(api, clients),
        gateway_responses(api, clients),
        stages(api, clients),
    );
    let (authorizers, resources) = (authorizers?, resources?);
    let shape = Shape {
        methods: methods(&resources, &authorizers),
        authorizers: authorizers.values().map(|(name, pools)| (name.clone(), Some(pools.clone()))).collect(),
        gateway_responses: responses?,
    };
    Ok(Parts { shape, authorizers, stages: stages?, own_methods: own_methods(&resources) })
}

async fn resources(api: &str, clients: &Clients) -> Result<Vec<Resource>, AwsError> {
    let mut all = Vec::new();
    let mut position = None;
    loop {
        let page = wait::read(&operations::GET_RESOURCES, || {
            clients
                .apigateway
                .get_resources()
                .rest_api_id(api)
                .limit(500)
                .embed("methods")
                .set_position(position.clone())
                .send()
        })
        .await?;
        position = page.position().map(str::to_owned);
        all.extend(page.items.unwrap_or_default());
        if position.is_none() {
            return Ok(all);
        }
    }
}

/// Reads the authorizers by id.
///
/// # Errors
/// The errors of API Gateway.
pub async fn authorizers(api: &str, clients: &Clients) -> Result<Authorizers, AwsError> {
    let page = wait::read(&operations::GET_AUTHORIZERS, || {
        clients.apigateway.get_authorizers().rest_api_id(api).limit(500).send()
    })
    .await?;
    let all = page.items.unwrap_or_default().into_iter().filter_map(|it| {
        let pools = it.provider_arns.unwrap_or_default().into_iter().collect();
        Some((it.id?, (it.name?, pools)))
    });
    Ok(all.collect())
}

async fn gateway_responses(
    api: &str,
    clients: &Clients,
) -> Result<BTreeMap<String, GatewayResponse>, AwsError> {
    let page = wait::read(&operations::GET_GATEWAY_RESPONSES, || {
        clients.apigateway.get_gateway_responses().rest_api_id(api).limit(500).send()
    })
    .await?;
    // Responses that were never set are listed too, with the values they inherit (AGW-51).
    let set = page.items.unwrap_or_default().into_iter().filter(|it| !it.default_response);
    let all = set.filter_map(|it| {
        let kind = it.response_type.as_ref()?.as_str().to_owned();
        Some((kind, gateway_response(it)))
    });
    Ok(all.collect())
}

fn gateway_response(live: LiveResponse) -> GatewayResponse {
    let headers =
        live.response_parameters.unwrap_or_default().into_iter().filter_map(|(name, value)| {
            Some((name.strip_prefix("gatewayresponse.header.")?.to_owned(), value))
        });
    GatewayResponse {
        // The general types have no default status, so a status was set (AGW-52).
        status: live.status_code,
        headers: headers.collect(),
        templates: live.response_templates.unwrap_or_default().into_iter().collect(),
    }
}

async fn stages(api: &str, clients: &Clients) -> Result<Vec<Stage>, AwsError> {
    let answer =
        wait::read(&operations::GET_STAGES, || clients.apigateway.get_stages().rest_api_id(api).send())
            .await?;
    Ok(answer.item.unwrap_or_default().into_iter().map(stage).collect())
}

/// The live stage from API Gateway's description.
pub fn stage(live: LiveStage) -> Stage {
    let mut all_settings = live.method_settings.unwrap_or_default();
    let settings = all_settings.remove("*/*");
    let count = |value: f64| value as u32;
    Stage {
        name: live.stage_name.unwrap_or_default(),
        deployment: live.deployment_id.unwrap_or_default(),
        variables: live.variables.unwrap_or_default().into_iter().collect(),
        throttling: settings.as_ref().map(|it| {
            (count(it.throttling_rate_limit), u32::try_from(it.throttling_burst_limit).unwrap_or_default())
        }),
        cluster: live.cache_cluster_enabled,
        caching: settings.as_ref().is_some_and(|it| it.caching_enabled),
        data_trace: settings.is_some_and(|it| it.data_trace_enabled),
        overrides: all_settings.into_keys().collect(),
        canary: live.canary_settings.is_some(),
        tags: Tags::read(live.tags.unwrap_or_default()),
    }
}

fn methods(resources: &[Resource], authorizers: &Authorizers) -> BTreeMap<(String, String), Method> {
    let mut methods = BTreeMap::new();
    for resource in resources {
        let path = resource.path().unwrap_or("/");
        for (verb, live) in resource.resource_methods().into_iter().flatten() {
            let authorizer = live
                .authorizer_id()
                .map(|id| authorizers.get(id).map_or_else(|| id.to_owned(), |(name, _)| name.clone()));
            let kind = live.authorization_type().unwrap_or("NONE");
            let authorizer = match (kind, authorizer) {
                ("NONE", _) => None,
                ("COGNITO_USER_POOLS", authorizer) => authorizer,
                (other, authorizer) => Some(format!("{other} {}", authorizer.unwrap_or_default())),
            };
            let method = Method {
                authorizer,
                scopes: live.authorization_scopes().iter().cloned().collect(),
                api_key: live.api_key_required() == Some(true),
                integration: integration(live),
            };
            methods.insert((path.to_owned(), verb.clone()), method);
        }
    }
    methods
}

fn own_methods(resources: &[Resource]) -> BTreeMap<(String, String), String> {
    let methods = resources
        .iter()
        .flat_map(|it| it.resource_methods().into_iter().flatten().map(move |method| (it, method)));
    let own = methods
        .filter(|(_, (_, method))| method.operation_name().is_some_and(|it| it.starts_with(OWN_METHOD)))
        .map(|(it, (verb, _))| {
            ((it.path().unwrap_or("/").to_owned(), verb.clone()), it.id().unwrap_or_default().to_owned())
        });
    own.collect()
}

fn integration(method: &aws_sdk_apigateway::types::Method) -> Integration {
    let Some(live) = method.method_integration() else { return Integration::Other("nothing".to_owned()) };
    let verb = live.http_method().unwrap_or_default();
    let ok = live.integration_responses().and_then(|all| all.get("200"));
    match (live.r#type(), ok) {
        // Any other verb than POST would fail at run time (AGW-26).
        (Some(IntegrationType::AwsProxy), _) if verb == "POST" => {
            Integration::Function(live.uri().unwrap_or_default().to_owned())
        }
        (Some(IntegrationType::Mock), Some(ok)) => {
            let headers = ok.response_parameters().into_iter().flatten().filter_map(|(name, value)| {
                let name = name.strip_prefix("method.response.header.")?;
                Some((name.to_owned(), unquoted(value).to_owned()))
            });
            let template = ok.response_templates().and_then(|all| all.get("application/json"));
            Integration::Preflight {
                headers: headers.collect(),
                template: template.cloned().unwrap_or_default(),
            }
        }
        (kind, _) => {
            let kind = kind.map_or("unknown", |it| it.as_str());
            Integration::Other(format!("{kind} {verb} {}", live.uri().unwrap_or_default()))
        }
    }
}
