//! From a definition and what there is to the emulator's single calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::openapi::Definition;

/// One of the emulator's calls. Resources are named by path and authorizers by name: their ids may not exist yet.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    UpdateApi { patch: Value },
    CreateAuthorizer { name: String, body: Value },
    UpdateAuthorizer { name: String, patch: Value },
    DeleteAuthorizer { name: String },
    CreateResource { path: String },
    DeleteResource { path: String },
    PutMethod { path: String, verb: String, body: Value, authorizer: Option<String> },
    DeleteMethod { path: String, verb: String },
    PutMethodResponse { path: String, verb: String, status: String, body: Value },
    PutIntegration { path: String, verb: String, body: Value },
    PutIntegrationResponse { path: String, verb: String, status: String, body: Value },
    PutGatewayResponse { kind: String, body: Value },
    DeleteGatewayResponse { kind: String },
}

/// The parts of the live API that an import depends on.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Present {
    /// The verbs by path.
    pub methods: BTreeMap<String, BTreeSet<String>>,
    pub authorizers: BTreeSet<String>,
    pub gateway_responses: BTreeSet<String>,
    pub binary_media_types: Vec<String>,
}

/// PutRestApi's two modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Merge,
    Overwrite,
}

/// Decides all of it. Deletions come first: what goes may stand in the way of what comes.
pub(crate) fn plan(wanted: &Definition, present: &Present, mode: Mode) -> Vec<Step> {
    let mut steps = Vec::new();
    let paths = with_parents(wanted.methods.keys());
    if mode == Mode::Overwrite {
        remove_the_rest(wanted, present, &paths, &mut steps);
    }
    steps.push(Step::UpdateApi { patch: api_patch(wanted, present, mode) });
    for (name, authorizer) in &wanted.authorizers {
        steps.push(if present.authorizers.contains(name) {
            Step::UpdateAuthorizer { name: name.clone(), patch: replace_all(&authorizer.body) }
        } else {
            Step::CreateAuthorizer { name: name.clone(), body: authorizer.body.clone() }
        });
    }
    // The set is in order, and a parent's path sorts before its children's.
    for path in paths.iter().filter(|it| !present.methods.contains_key(*it)) {
        steps.push(Step::CreateResource { path: path.clone() });
    }
    for (path, methods) in &wanted.methods {
        for (verb, method) in methods {
            let (path, verb) = (normal(path), verb.clone());
            steps.push(Step::PutMethod {
                path: path.clone(),
                verb: verb.clone(),
                body: method.body.clone().into(),
                authorizer: method.authorizer.clone(),
            });
            for (status, body) in &method.responses {
                steps.push(Step::PutMethodResponse {
                    path: path.clone(),
                    verb: verb.clone(),
                    status: status.clone(),
                    body: body.clone(),
                });
            }
            if let Some(body) = &method.integration {
                steps.push(Step::PutIntegration {
                    path: path.clone(),
                    verb: verb.clone(),
                    body: body.clone(),
                });
            }
            for (status, body) in &method.integration_responses {
                steps.push(Step::PutIntegrationResponse {
                    path: path.clone(),
                    verb: verb.clone(),
                    status: status.clone(),
                    body: body.clone(),
                });
            }
        }
    }
    for (kind, body) in &wanted.gateway_responses {
        steps.push(Step::PutGatewayResponse { kind: kind.clone(), body: body.clone() });
    }
    steps
}

fn remove_the_rest(wanted: &Definition, present: &Present, paths: &BTreeSet<String>, steps: &mut Vec<Step>) {
    // Children before parents.
    for (path, verbs) in present.methods.iter().rev() {
        if !paths.contains(path) {
            steps.push(Step::DeleteResource { path: path.clone() });
            continue;
        }
        let keep = wanted.methods.iter().find(|(it, _)| normal(it) == *path).map(|(_, methods)| methods);
        for verb in verbs.iter().filter(|verb| !keep.is_some_and(|it| it.contains_key(*verb))) {
            steps.push(Step::DeleteMethod { path: path.clone(), verb: verb.clone() });
        }
    }
    for name in present.authorizers.iter().filter(|it| !wanted.authorizers.contains_key(*it)) {
        steps.push(Step::DeleteAuthorizer { name: name.clone() });
    }
    for kind in present.gateway_responses.iter().filter(|it| !wanted.gateway_responses.contains_key(*it)) {
        steps.push(Step::DeleteGatewayResponse { kind: kind.clone() });
    }
}

fn api_patch(wanted: &Definition, present: &Present, mode: Mode) -> Value {
    let Definition { name, description, version, binary_media_types, policy, .. } = wanted;
    let mut all = json!({ "name": name, "version": version });
    if let Some(description) = description {
        all["description"] = json!(description);
    }
    if let Some(policy) = policy {
        all["policy"] = json!(policy);
    }
    match mode {
        // An overwriting import deletes what its document does not contain (AGW-30, AGW-33).
        Mode::Overwrite => {
            all["description"] = json!(description.as_deref().unwrap_or_default());
            all["policy"] = json!(policy);
            all["binaryMediaTypes"] = json!(binary_media_types);
        }
        Mode::Merge => {
            let united: BTreeSet<_> = present.binary_media_types.iter().chain(binary_media_types).collect();
            all["binaryMediaTypes"] = json!(united);
        }
    }
    replace_all(&all)
}

/// A patch that sets each member. The emulator takes any JSON as a value, AWS strings alone.
fn replace_all(members: &Value) -> Value {
    let operations: Vec<_> = members
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| json!({ "op": "replace", "path": format!("/{name}"), "value": value }))
        .collect();
    json!({ "patchOperations": operations })
}

/// The paths and everything above them, the root first.
fn with_parents<'a>(paths: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    let mut all = BTreeSet::from(["/".to_owned()]);
    for path in paths {
        let mut so_far = String::new();
        for part in path.split('/').filter(|it| !it.is_empty()) {
            so_far = format!("{so_far}/{part}");
            all.insert(so_far.clone());
        }
    }
    all
}

/// A path as a resource has it: without a slash at its end.
fn normal(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}

/// The path of the resource above, and the part that is its own.
pub(crate) fn split(path: &str) -> (&str, &str) {
    let (parent, part) = path.rsplit_once('/').unwrap_or(("", path));
    (if parent.is_empty() { "/" } else { parent }, part)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn definition(edit: impl FnOnce(&mut Value)) -> Definition {
        let mut document = serde_json::from_str(include_str!("openapi/document.json")).unwrap();
        edit(&mut document);
        crate::apis::openapi::read(document.to_string().as_bytes(), true).unwrap()
    }

    fn present(methods: &[(&str, &str)]) -> Present {
        let mut present = Present::default();
        present.methods.insert("/".to_owned(), BTreeSet::new());
        for (path, verb) in methods {
            present.methods.entry((*path).to_owned()).or_default().insert((*verb).to_owned());
        }
        present
    }

    fn check(wanted: &Definition, present: &Present, mode: Mode, expected: Expect) {
        let lines: Vec<_> = plan(wanted, present, mode)
            .iter()
            .map(|step| match step {
                Step::UpdateApi { patch } => format!("api {}", patch["patchOperations"]),
                Step::CreateAuthorizer { name, .. } => format!("+ authorizer {name}"),
                Step::UpdateAuthorizer { name, .. } => format!("~ authorizer {name}"),
                Step::DeleteAuthorizer { name } => format!("- authorizer {name}"),
                Step::CreateResource { path } => format!("+ {path}"),
                Step::DeleteResource { path } => format!("- {path}"),
                Step::PutMethod { path, verb, authorizer, .. } => {
                    format!("~ {verb} {path} {}", authorizer.as_deref().unwrap_or("open"))
                }
                Step::DeleteMethod { path, verb } => format!("- {verb} {path}"),
                Step::PutMethodResponse { path, verb, status, .. } => format!("~ {verb} {path} {status}"),
                Step::PutIntegration { path, verb, body } => format!("~ {verb} {path} {}", body["type"]),
                Step::PutIntegrationResponse { path, verb, status, .. } => {
                    format!("~ {verb} {path} integration {status}")
                }
                Step::PutGatewayResponse { kind, .. } => format!("~ {kind}"),
                Step::DeleteGatewayResponse { kind } => format!("- {kind}"),
            })
            .collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn into_an_empty_api() {
        check(
            &definition(|_| {}),
            &present(&[]),
            Mode::Overwrite,
            expect![[r#"
                api [{"op":"replace","path":"/binaryMediaTypes","value":[]},{"op":"replace","path":"/description","value":""},{"op":"replace","path":"/name","value":"demo-uploads"},{"op":"replace","path":"/policy","value":null},{"op":"replace","path":"/version","value":"1"}]
                + authorizer users
                ~ GET / users
                ~ GET / "AWS_PROXY"
                ~ OPTIONS / open
                ~ OPTIONS / 200
                ~ OPTIONS / "MOCK"
                ~ OPTIONS / integration 200
                ~ DEFAULT_4XX
                ~ DEFAULT_5XX"#]],
        );
    }

    #[test]
    fn overwriting_deletes_what_the_document_does_not_hold() {
        let wanted = definition(|it| {
            it["paths"] = json!({ "/files/{id}": { "get": {} } });
            it["components"] = json!({});
            it["x-amazon-apigateway-gateway-responses"] = json!({});
        });
        let mut present = present(&[
            ("/", "GET"),
            ("/files", "POST"),
            ("/files/{id}", "PUT"),
            ("/old", "GET"),
            ("/old/one", "GET"),
        ]);
        present.authorizers.insert("users".to_owned());
        present.gateway_responses.insert("DEFAULT_4XX".to_owned());
        check(
            &wanted,
            &present,
            Mode::Overwrite,
            expect![[r#"
                - /old/one
                - /old
                - PUT /files/{id}
                - POST /files
                - GET /
                - authorizer users
                - DEFAULT_4XX
                api [{"op":"replace","path":"/binaryMediaTypes","value":[]},{"op":"replace","path":"/description","value":""},{"op":"replace","path":"/name","value":"demo-uploads"},{"op":"replace","path":"/policy","value":null},{"op":"replace","path":"/version","value":"1"}]
                ~ GET /files/{id} open"#]],
        );
    }

    #[test]
    fn merging_deletes_nothing() {
        let wanted = definition(|it| {
            it["paths"] = json!({ "/files/{id}/": { "get": {} } });
            it["x-amazon-apigateway-gateway-responses"] = json!({});
            it["x-amazon-apigateway-binary-media-types"] = json!(["image/png"]);
        });
        let mut present = present(&[("/old", "GET")]);
        present.authorizers.insert("users".to_owned());
        present.binary_media_types.push("text/csv".to_owned());
        check(
            &wanted,
            &present,
            Mode::Merge,
            expect![[r#"
                api [{"op":"replace","path":"/binaryMediaTypes","value":["image/png","text/csv"]},{"op":"replace","path":"/name","value":"demo-uploads"},{"op":"replace","path":"/version","value":"1"}]
                ~ authorizer users
                + /files
                + /files/{id}
                ~ GET /files/{id} open"#]],
        );
    }
}
