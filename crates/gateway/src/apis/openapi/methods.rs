//! The methods of a document: who may call them, and what answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    definition::{Authorizer, Method},
    reader::{Reader, entries, strings},
};

const VERBS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
const ANY: &str = "x-amazon-apigateway-any-method";

impl Reader {
    pub(super) fn path_item(
        &mut self,
        path: &str,
        item: &Value,
        document: &Value,
        authorizers: &BTreeMap<String, Authorizer>,
    ) -> BTreeMap<String, Method> {
        let mut methods = BTreeMap::new();
        for (verb, operation) in entries(item) {
            let verb = if verb == ANY {
                "ANY".to_owned()
            } else if VERBS.contains(&verb.as_str()) {
                verb.to_ascii_uppercase()
            } else {
                continue;
            };
            let security = operation.get("security").unwrap_or(&document["security"]);
            let mut method = Method::default();
            self.authorization(&mut method, path, &verb, security, document, authorizers);
            let shared = item["parameters"].as_array().into_iter().flatten();
            let parameters: Map<String, Value> = shared
                .chain(operation["parameters"].as_array().into_iter().flatten())
                .filter_map(parameter)
                .collect();
            if !parameters.is_empty() {
                method.body.insert("requestParameters".into(), parameters.into());
            }
            if let Some(name) = operation["operationId"].as_str() {
                method.body.insert("operationName".into(), name.into());
            }
            for (status, response) in entries(&operation["responses"]).filter(|(status, _)| is_status(status))
            {
                method.responses.insert(status.clone(), method_response(response));
            }
            if let Some(extension) = operation.get("x-amazon-apigateway-integration") {
                self.integration(&mut method, path, &verb, extension);
            }
            methods.insert(verb, method);
        }
        methods
    }

    fn authorization(
        &mut self,
        method: &mut Method,
        path: &str,
        verb: &str,
        security: &Value,
        document: &Value,
        authorizers: &BTreeMap<String, Authorizer>,
    ) {
        method.body.insert("authorizationType".into(), json!("NONE"));
        let requirements = security.as_array().into_iter().flatten().flat_map(entries);
        for (scheme, scopes) in requirements {
            if let Some(Authorizer { kind, .. }) = authorizers.get(scheme) {
                let kind = if kind == "COGNITO_USER_POOLS" { "COGNITO_USER_POOLS" } else { "CUSTOM" };
                method.body.insert("authorizationType".into(), json!(kind));
                method.authorizer = Some(scheme.clone());
                let scopes = strings(scopes);
                if !scopes.is_empty() {
                    method.body.insert("authorizationScopes".into(), json!(scopes));
                }
                continue;
            }
            let scheme_body = &document["components"]["securitySchemes"][scheme];
            match scheme_body["x-amazon-apigateway-authtype"].as_str() {
                Some("awsSigv4") => {
                    method.body.insert("authorizationType".into(), json!("AWS_IAM"));
                }
                _ if is_api_key(scheme_body) => {
                    method.body.insert("apiKeyRequired".into(), json!(true));
                }
                _ => self.errors.push(format!(
                    "Unable to put method '{verb}' on resource at path '{path}': Invalid authorizer ID specified. \
                     Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."
                )),
            }
        }
    }

    fn integration(&mut self, method: &mut Method, path: &str, verb: &str, extension: &Value) {
        let kind = extension["type"].as_str().unwrap_or_default().to_ascii_uppercase();
        let on = format!("Unable to put integration on '{verb}' for resource at path '{path}'");
        let uri = extension["uri"].as_str().unwrap_or_default();
        match kind.as_str() {
            "MOCK" | "HTTP" | "HTTP_PROXY" => {}
            "AWS" | "AWS_PROXY" if is_integration_uri(uri) => {}
            "AWS" | "AWS_PROXY" => self.errors.push(format!("{on}: Invalid ARN specified in the request")),
            _ => self.errors.push(format!("{on}: Invalid integration type specified")),
        }
        let mut body = json!({ "type": kind });
        for as_is in
            ["httpMethod", "uri", "credentials", "requestParameters", "requestTemplates", "timeoutInMillis"]
        {
            if let Some(value) = extension.get(as_is) {
                body[as_is] = value.clone();
            }
        }
        for upper in ["passthroughBehavior", "contentHandling", "connectionType"] {
            if let Some(value) = extension[upper].as_str() {
                body[upper] = json!(value.to_ascii_uppercase());
            }
        }
        method.integration = Some(body);
        for (pattern, response) in entries(&extension["responses"]) {
            let status = match &response["statusCode"] {
                Value::Number(it) => it.to_string(),
                it => it.as_str().unwrap_or("200").to_owned(),
            };
            self.check_mappings(method, path, verb, &status, &response["responseParameters"]);
            let mut body = json!({
                "selectionPattern": if pattern == "default" { "" } else { pattern },
                "responseParameters": response.get("responseParameters").cloned().unwrap_or(json!({})),
                "responseTemplates": response.get("responseTemplates").cloned().unwrap_or(json!({})),
            });
            if let Some(handling) = response["contentHandling"].as_str() {
                body["contentHandling"] = json!(handling.to_ascii_uppercase());
            }
            method.integration_responses.insert(status, body);
        }
    }

    /// A header that the integration sets must be declared by the method's response, and be a literal in quotes or
    /// a mapping (AGW-53).
    fn check_mappings(&mut self, method: &Method, path: &str, verb: &str, status: &str, mappings: &Value) {
        let declared: BTreeSet<&str> = method.responses.get(status).map_or_else(BTreeSet::new, |it| {
            entries(&it["responseParameters"]).map(|(name, _)| name.as_str()).collect()
        });
        for (to, from) in entries(mappings) {
            let from = from.as_str().unwrap_or_default();
            let literal = from.len() >= 2 && from.starts_with('\'') && from.ends_with('\'');
            let error = if !declared.contains(to.as_str()) {
                format!("Invalid mapping expression parameter specified: {to}")
            } else if !literal && !from.starts_with("integration.response.") && !from.starts_with("context.")
            {
                format!("Invalid mapping expression specified: {from}")
            } else {
                continue;
            };
            self.errors.push(format!(
                "Unable to put integration response on '{verb}' for resource at path '{path}': Invalid mapping \
                 expression specified: Validation Result: warnings : [], errors : [{error}]"
            ));
        }
    }
}

fn is_integration_uri(uri: &str) -> bool {
    let parts: Vec<_> = uri.splitn(6, ':').collect();
    parts.len() == 6
        && parts[0] == "arn"
        && parts[2] == "apigateway"
        && !parts[3].is_empty()
        && !parts[4].is_empty()
}

fn is_api_key(scheme: &Value) -> bool {
    scheme["type"] == "apiKey"
        && scheme["name"].as_str().is_some_and(|it| it.eq_ignore_ascii_case("x-api-key"))
}

fn is_status(status: &str) -> bool {
    status.len() == 3 && status.bytes().all(|it| it.is_ascii_digit())
}

fn parameter(parameter: &Value) -> Option<(String, Value)> {
    let place = match parameter["in"].as_str()? {
        "query" => "querystring",
        "header" => "header",
        "path" => "path",
        _ => return None,
    };
    let name = format!("method.request.{place}.{}", parameter["name"].as_str()?);
    Some((name, json!(parameter["required"].as_bool().unwrap_or(false))))
}

fn method_response(response: &Value) -> Value {
    let headers: Map<String, Value> = entries(&response["headers"])
        .map(|(name, _)| (format!("method.response.header.{name}"), json!(false)))
        .collect();
    json!({ "responseParameters": headers })
}
