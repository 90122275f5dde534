//! The API as one OpenAPI 3.0 document with API Gateway's extensions (AGW-30 to AGW-40).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::shape::{GatewayResponse, Integration, Method, Shape};

/// The document of an API with this shape. The same shape gives the same bytes.
pub fn document(name: &str, shape: &Shape) -> Value {
    let Shape { authorizers, methods, gateway_responses } = shape;
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for ((path, verb), method) in methods {
        paths.entry(path).or_default().insert(verb.to_lowercase(), operation(path, method));
    }
    let schemes: Map<String, Value> =
        authorizers.iter().map(|(name, pools)| (name.clone(), scheme(pools.iter().flatten()))).collect();
    let responses: Map<String, Value> =
        gateway_responses.iter().map(|(kind, response)| (kind.clone(), gateway_response(response))).collect();
    json!({
        "openapi": "3.0.1",
        "info": { "title": name, "version": "1" },
        "paths": paths,
        "components": { "securitySchemes": schemes },
        "x-amazon-apigateway-gateway-responses": responses,
    })
}

/// The beginning of the operation names of the stack's methods in an adopted API.
pub const OWN_METHOD: &str = "stackctl ";

/// The document that an import merges into an adopted API. Each method has an operation name, by which stackctl finds it
/// when it left the file.
pub fn part(name: &str, version: &str, shape: &Shape) -> Value {
    let mut document = document(name, shape);
    document["info"]["version"] = version.into();
    for (path, verb) in shape.methods.keys() {
        let operation = &mut document["paths"][path][verb.to_lowercase()];
        operation["operationId"] = format!("{OWN_METHOD}{verb} {path}").into();
    }
    document
}

/// The digest of a document, which a stage variable keeps.
pub fn digest(document: &Value) -> String {
    let hash = Sha256::digest(document.to_string());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn scheme<'a>(pools: impl Iterator<Item = &'a String>) -> Value {
    json!({
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": pools.collect::<Vec<_>>(),
        },
    })
}

fn operation(path: &str, method: &Method) -> Value {
    let Method { authorizer, scopes, api_key: _, integration } = method;
    // It is on every operation, since the one at the root may be ignored (AGW-38).
    let security: Vec<Value> = authorizer.iter().map(|name| json!({ name: scopes })).collect();
    let parameters: Vec<Value> = parameters(path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    // OpenAPI requires at least one response; API Gateway passes the function's own responses on anyway (AGW-41).
    let mut operation =
        json!({ "security": security, "responses": { "200": { "description": "an answer" } } });
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    match integration {
        Integration::Function(uri) => {
            operation["x-amazon-apigateway-integration"] = json!({
                "type": "aws_proxy",
                // API Gateway invokes a function by POST for every method of the caller (AGW-26).
                "httpMethod": "POST",
                "uri": uri,
                "passthroughBehavior": "when_no_match",
            });
        }
        Integration::Preflight { headers, template } => {
            let mapped: Map<String, Value> = headers
                .iter()
                .map(|(name, value)| (format!("method.response.header.{name}"), json!(format!("'{value}'"))))
                .collect();
            let mut declared: Map<String, Value> = headers
                .keys()
                .map(|name| (name.clone(), json!({ "schema": { "type": "string" } })))
                .collect();
            let mut answer = json!({ "statusCode": "200", "responseParameters": mapped });
            if !template.is_empty() {
                declared.insert(ALLOW_ORIGIN.to_owned(), json!({ "schema": { "type": "string" } }));
                answer["responseTemplates"] = json!({ "application/json": template });
            }
            operation["responses"] = json!({ "200": { "description": "preflight", "headers": declared } });
            operation["x-amazon-apigateway-integration"] = json!({
                "type": "mock",
                "requestTemplates": { "application/json": "{\"statusCode\": 200}" },
                "passthroughBehavior": "when_no_match",
                "responses": { "default": answer },
            });
        }
        Integration::Other(_) => {}
    }
    operation
}

fn gateway_response(response: &GatewayResponse) -> Value {
    let GatewayResponse { status, headers, templates } = response;
    let headers: Map<String, Value> = headers
        .iter()
        .map(|(name, value)| (format!("gatewayresponse.header.{name}"), json!(value)))
        .collect();
    let mut value = json!({ "responseParameters": headers, "responseTemplates": templates });
    if let Some(status) = status {
        value["statusCode"] = json!(status);
    }
    value
}

/// The names in a path, as in `/uploads/{key+}`.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| Some(part.strip_prefix('{')?.strip_suffix('}')?.trim_end_matches('+')))
}

/// The header that contains the origin that may read a response.
pub const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
