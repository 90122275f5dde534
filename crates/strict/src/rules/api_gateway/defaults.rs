//! API Gateway's answers as AWS gives them: defaults, absent members, and shuffled lists.

use hyper::Response;
use serde_json::{Value, json};
use stackctl_gateway::{Body, CloudRequest, query};

use crate::{edit, harness::settings::Rule, rules::api_gateway::deployments, visit::Visit};

pub(crate) async fn show(
    visit: &Visit<'_>,
    request: &CloudRequest,
    response: Response<Body>,
) -> Response<Body> {
    let name = request.operation.name.as_deref().unwrap_or_default();
    let kind: fn(&mut Value) = match name {
        "CreateRestApi" | "GetRestApi" | "GetRestApis" | "UpdateRestApi" | "PutRestApi" => api,
        "CreateResource" | "GetResource" | "GetResources" => resource,
        "PutMethod" | "GetMethod" | "UpdateMethod" => method,
        "PutIntegration" | "GetIntegration" | "UpdateIntegration" => integration,
        "CreateAuthorizer" | "GetAuthorizer" | "GetAuthorizers" | "UpdateAuthorizer" => authorizer,
        "CreateStage" | "GetStage" | "GetStages" | "UpdateStage" => stage,
        "GetDeployments" | "GetGatewayResponses" => |_| {},
        _ => return response,
    };
    let embedded = query(&request.uri).any(|(name, _)| name == "embed");
    edit::json(response, |answer| {
        let lists = name.starts_with("Get") && answer["item"].is_array();
        if let Some(items) = answer.get_mut("item").and_then(Value::as_array_mut).filter(|_| lists) {
            items.retain(|it| name != "GetRestApis" || !deployments::is_copy(it));
            if visit.has(Rule::Defaults) {
                items.iter_mut().for_each(kind);
            }
            if visit.has(Rule::ListOrder) {
                visit.shuffle(items);
            }
        } else if visit.has(Rule::Defaults) {
            kind(answer);
        }
        // AGW-23
        if name == "GetResources" && !embedded && visit.has(Rule::Defaults) {
            for resource in answer.get_mut("item").and_then(Value::as_array_mut).into_iter().flatten() {
                for verb in members(resource, "resourceMethods") {
                    *verb = json!({});
                }
            }
        }
    })
    .await
}

/// AGW-20.
fn api(api: &mut Value) {
    edit::drop_empty(
        api,
        &["binaryMediaTypes", "description", "minimumCompressionSize", "policy", "version"],
    );
    edit::add_missing(
        api,
        json!({
            "apiKeySource": "HEADER",
            "disableExecuteApiEndpoint": false,
            "securityPolicy": "TLS_1_0",
            "tags": {},
        }),
    );
    if let Some(endpoint) = api.get_mut("endpointConfiguration") {
        edit::add_missing(endpoint, json!({ "ipAddressType": "ipv4" }));
    }
}

fn resource(resource: &mut Value) {
    edit::drop_empty(resource, &["pathPart", "parentId", "resourceMethods"]);
    let id = resource["id"].clone();
    for verb in members(resource, "resourceMethods") {
        method(verb);
        // AGW-67
        if let Some(integration) = verb.get_mut("methodIntegration") {
            edit::add_missing(integration, json!({ "cacheNamespace": id }));
        }
    }
    edit::drop_empty(resource, &["resourceMethods"]);
}

/// AGW-67.
fn method(method: &mut Value) {
    const ABSENT: [&str; 7] = [
        "operationName",
        "requestParameters",
        "requestModels",
        "authorizationScopes",
        "authorizerId",
        "requestValidatorId",
        "methodResponses",
    ];
    edit::drop_empty(method, &ABSENT);
    edit::add_missing(method, json!({ "apiKeyRequired": false }));
    for response in members(method, "methodResponses") {
        edit::drop_empty(response, &["responseParameters", "responseModels"]);
    }
    if let Some(it) = method.get_mut("methodIntegration") {
        integration(it);
    }
}

/// AGW-67.
fn integration(integration: &mut Value) {
    if integration["type"] == "MOCK"
        && let Value::Object(map) = integration
    {
        map.remove("httpMethod");
        map.remove("uri");
    }
    const ABSENT: [&str; 7] = [
        "contentHandling",
        "credentials",
        "requestParameters",
        "requestTemplates",
        "connectionId",
        "tlsConfig",
        "uri",
    ];
    edit::drop_empty(integration, &ABSENT);
    edit::add_missing(
        integration,
        json!({
            "cacheKeyParameters": [],
            "connectionType": "INTERNET",
            "passthroughBehavior": "WHEN_NO_MATCH",
            "responseTransferMode": "BUFFERED",
            "timeoutInMillis": 29000,
        }),
    );
    for response in members(integration, "integrationResponses") {
        edit::drop_empty(response, &["responseParameters", "selectionPattern", "contentHandling"]);
    }
    edit::drop_empty(integration, &["integrationResponses"]);
}

/// AGW-57, AGW-58.
fn authorizer(authorizer: &mut Value) {
    edit::drop_empty(
        authorizer,
        &["authorizerUri", "identityValidationExpression", "authorizerCredentials", "providerARNs"],
    );
    if authorizer["type"] == "COGNITO_USER_POOLS" {
        authorizer["authType"] = json!("cognito_user_pools");
        // AWS does not return the default after an import; the emulator does.
        if let Value::Object(map) = authorizer {
            map.retain(|name, value| name != "authorizerResultTtlInSeconds" || *value != 300);
        }
    }
}

/// AGW-67.
fn stage(stage: &mut Value) {
    const ABSENT: [&str; 7] = [
        "description",
        "variables",
        "accessLogSettings",
        "cacheClusterSize",
        "documentationVersion",
        "clientCertificateId",
        "webAclArn",
    ];
    edit::drop_empty(stage, &ABSENT);
    edit::add_missing(stage, json!({ "cacheClusterStatus": "NOT_AVAILABLE" }));
    for settings in members(stage, "methodSettings") {
        let defaults = json!({
            "cacheDataEncrypted": false,
            "cacheTtlInSeconds": 300,
            "cachingEnabled": false,
            "dataTraceEnabled": false,
            "metricsEnabled": false,
            "requireAuthorizationForCacheControl": true,
            "throttlingBurstLimit": 5000,
            "throttlingRateLimit": 10000.0,
            "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
        });
        edit::add_missing(settings, defaults);
    }
}

/// The values of a map member, if it exists.
fn members<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).and_then(Value::as_object_mut).into_iter().flat_map(|it| it.values_mut())
}
