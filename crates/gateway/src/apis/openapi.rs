//! An OpenAPI 3.0 document with the x-amazon-apigateway extensions, read as AWS's import reads it.

mod definition;
mod methods;
mod reader;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use reader::{Reader, entries, strings};

pub(crate) use definition::{Authorizer, Definition, ImportError};

/// Reads and checks a whole document.
pub(crate) fn read(bytes: &[u8], fail_on_warnings: bool) -> Result<Definition, ImportError> {
    let document: Value = serde_json::from_slice(bytes)
        .map_err(|_| ImportError::Unreadable("Invalid OpenAPI input.".to_owned()))?;
    match document["openapi"].as_str() {
        Some(version) if version.starts_with("3.0") => {}
        _ => {
            return Err(ImportError::Unreadable(
                "Invalid OpenAPI input. (The local cloud imports OpenAPI 3.0 in JSON and nothing else.)"
                    .to_owned(),
            ));
        }
    }
    let mut reader = Reader::default();
    let definition = reader.definition(&document);
    if !reader.errors.is_empty() {
        Err(ImportError::Errors(reader.errors))
    } else if fail_on_warnings && !reader.warnings.is_empty() {
        Err(ImportError::Warnings(reader.warnings))
    } else {
        Ok(definition)
    }
}

impl Reader {
    fn definition(&mut self, document: &Value) -> Definition {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let authorizers = self.authorizers(document);
        let mut methods = BTreeMap::new();
        for (path, item) in entries(&document["paths"]) {
            if self.is_path(path) {
                methods.insert(path.clone(), self.path_item(path, item, document, &authorizers));
            }
        }
        self.check_siblings(methods.keys());
        Definition {
            name: text(&document["info"]["title"]).unwrap_or_default(),
            description: text(&document["info"]["description"]),
            version: text(&document["info"]["version"]).unwrap_or_default(),
            binary_media_types: strings(&document["x-amazon-apigateway-binary-media-types"]),
            policy: document.get("x-amazon-apigateway-policy").map(Value::to_string),
            authorizers,
            methods,
            gateway_responses: entries(&document["x-amazon-apigateway-gateway-responses"])
                .map(|(kind, body)| (kind.clone(), gateway_response(body)))
                .collect(),
        }
    }

    fn authorizers(&mut self, document: &Value) -> BTreeMap<String, Authorizer> {
        let mut found = BTreeMap::new();
        for (name, scheme) in entries(&document["components"]["securitySchemes"]) {
            let extension = &scheme["x-amazon-apigateway-authorizer"];
            let Some(kind) = extension["type"].as_str() else { continue };
            let mut body = json!({
                "name": name,
                "identitySource": identity_source(scheme, extension),
                "authType": scheme["x-amazon-apigateway-authtype"].as_str().unwrap_or(kind),
            });
            let kind = match kind {
                "cognito_user_pools" => {
                    let pools = strings(&extension["providerARNs"]);
                    if pools.is_empty() || !pools.iter().all(|it| is_pool(it)) {
                        self.errors.push(format!(
                            "Unable to create authorizer '{name}': Invalid ARN specified in the request"
                        ));
                    }
                    body["providerARNs"] = json!(pools);
                    "COGNITO_USER_POOLS"
                }
                "token" | "request" => {
                    body["authorizerUri"] = extension["authorizerUri"].clone();
                    if kind == "token" { "TOKEN" } else { "REQUEST" }
                }
                _ => {
                    self.errors.push(format!(
                        "Unable to create authorizer '{name}': Invalid authorizer type specified"
                    ));
                    continue;
                }
            };
            for optional in
                ["authorizerResultTtlInSeconds", "identityValidationExpression", "authorizerCredentials"]
            {
                if let Some(value) = extension.get(optional) {
                    body[optional] = value.clone();
                }
            }
            body["type"] = json!(kind);
            found.insert(name.clone(), Authorizer { kind: kind.to_owned(), body });
        }
        found
    }

    fn is_path(&mut self, path: &str) -> bool {
        if !path.starts_with('/') {
            self.warnings.push(format!("Parse issue: attribute paths. Resource {path} should start with /"));
            return false;
        }
        let parts: Vec<_> = path.split('/').skip(1).filter(|it| !it.is_empty()).collect();
        for (at, part) in parts.iter().enumerate() {
            let why = if !is_path_part(part) {
                "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at \
                 the beginning and the end."
                    .to_owned()
            } else if part.ends_with("+}") && at + 1 < parts.len() {
                format!("Cannot create a child of a resource with a greedy path variable: {part}")
            } else {
                continue;
            };
            self.errors.push(format!("Unable to create resource at path '{path}': {why}"));
            return false;
        }
        true
    }

    /// A resource has at most one child with a variable path part.
    fn check_siblings<'a>(&mut self, paths: impl Iterator<Item = &'a String>) {
        let mut variables: BTreeMap<String, &str> = BTreeMap::new();
        for path in paths {
            let mut parent = String::new();
            for part in path.split('/').filter(|it| !it.is_empty()) {
                if part.starts_with('{') {
                    let first = variables.entry(parent.clone()).or_insert(part);
                    if *first != part {
                        self.errors.push(format!(
                            "Unable to create resource at path '{path}': A sibling ({first}) of this resource \
                             already has a variable path part -- only one is allowed"
                        ));
                        break;
                    }
                }
                parent = format!("{parent}/{part}");
            }
        }
    }
}

fn identity_source(scheme: &Value, extension: &Value) -> Value {
    if let Some(source) = extension.get("identitySource") {
        return source.clone();
    }
    let name = scheme["name"].as_str().unwrap_or("Authorization");
    let place = if scheme["in"] == "query" { "querystring" } else { "header" };
    json!(format!("method.request.{place}.{name}"))
}

fn is_pool(arn: &str) -> bool {
    let parts: Vec<_> = arn.split(':').collect();
    parts.len() == 6 && parts[0] == "arn" && parts[2] == "cognito-idp" && parts[5].starts_with("userpool/")
}

fn is_path_part(part: &str) -> bool {
    let name = match part.strip_prefix('{').map(|it| it.strip_suffix('}')) {
        Some(Some(variable)) => variable.strip_suffix('+').unwrap_or(variable),
        Some(None) => return false,
        None => part,
    };
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"._-:,".contains(&it))
}

fn gateway_response(body: &Value) -> Value {
    let mut response = json!({});
    for name in ["responseParameters", "responseTemplates"] {
        if let Some(value) = body.get(name) {
            response[name] = value.clone();
        }
    }
    match &body["statusCode"] {
        Value::Number(it) => response["statusCode"] = json!(it.to_string()),
        Value::String(it) => response["statusCode"] = json!(it),
        _ => {}
    }
    response
}

#[cfg(test)]
mod tests;
