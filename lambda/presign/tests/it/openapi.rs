//! The document against the function: the same routes, the same fields, the same codes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    asking::{ask, endpoint, event, event_about, granted},
    schema::problems,
};

fn document() -> Value {
    serde_yaml::from_str(include_str!("../../openapi.yaml")).unwrap()
}

/// A good event for each operation; those of one operation may be answered in different forms.
fn events() -> Vec<(&'static str, Value)> {
    let upload = |mode: &str| {
        let body = json!({ "filename": "a", "contentType": "a/b", "size": 1, "sha256": "0".repeat(64), "mode": mode });
        event("POST", "/uploads", Some(body))
    };
    let sign = |body: Value| event("POST", "/sign", Some(body));
    let key = "uploads/me-1/1/a";
    vec![
        ("url", event("GET", "/", None)),
        ("upload", upload("put")),
        ("upload", upload("post")),
        ("list", event("GET", "/uploads", None)),
        ("download", event_about("GET", key)),
        ("remove", event_about("DELETE", key)),
        ("sign", sign(json!({ "method": "PUT", "key": "a", "contentType": "a/b", "size": 1 }))),
        ("sign", sign(json!({ "method": "PUT", "key": "a", "mode": "post" }))),
        ("sign", sign(json!({ "method": "POST", "key": "a" }))),
        ("sign", sign(json!({ "method": "PUT", "key": key, "uploadId": "u", "partNumber": 1 }))),
        ("sign", sign(json!({ "method": "DELETE", "key": key }))),
    ]
}

/// Each operation's id, with its method and its path as API Gateway has it.
fn operations(document: &Value) -> Vec<(&str, String, String, &Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                all.push((id, method.to_uppercase(), path.replace("{key}", "{key+}"), operation));
            }
        }
    }
    all
}

#[test]
fn has_the_routes() {
    let document = document();
    let wanted: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(_, method, path, _)| (method, path)).collect();
    let text = |event: &Value, name: &str| event[name].as_str().unwrap().to_owned();
    let asked: BTreeSet<(String, String)> =
        events().iter().map(|(_, event)| (text(event, "httpMethod"), text(event, "resource"))).collect();
    assert_eq!(wanted, asked);
}

#[test]
fn has_the_answers() {
    let document = document();
    let operations = operations(&document);
    for (id, event) in events() {
        let (.., operation) = operations.iter().find(|operation| operation.0 == id).unwrap();
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let body = granted(&endpoint(&[]), &event);
        assert_eq!(problems(&document, schema, &body), Vec::<String>::new(), "{id}: {body}");
    }
}

/// What is required is refused when it is missing, and nothing else is.
#[test]
fn has_the_required_fields() {
    let document = document();
    for (id, request) in [("upload", "UploadRequest"), ("sign", "SignRequest")] {
        let schema = &document["components"]["schemas"][request];
        let required: BTreeSet<&str> =
            schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let (_, event) = events().into_iter().find(|(of, _)| *of == id).unwrap();
        let body: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
        assert_eq!(problems(&document, schema, &body), Vec::<String>::new());
        for name in schema["properties"].as_object().unwrap().keys() {
            let mut event = event.clone();
            let mut body = body.clone();
            body.as_object_mut().unwrap().remove(name);
            event["body"] = body.to_string().into();
            let (status, answer) = ask(&endpoint(&[]), &event);
            let refused = status == 400 && answer["error"]["field"] == name.as_str();
            assert_eq!(refused, required.contains(name.as_str()), "{request} without {name}: {answer}");
        }
    }
}

#[test]
fn has_the_refusals() {
    let document = document();
    let schema = &document["components"]["schemas"]["Error"];
    let mut nobody = event("GET", "/", None);
    nobody["requestContext"] = json!({ "requestId": "r1" });
    let mut odd = event("GET", "/", None);
    odd["requestContext"]["authorizer"]["claims"]["sub"] = "a/b".into();
    let sign = |body: Value| event("POST", "/sign", Some(body));
    let good = endpoint(&[]);
    let narrow = endpoint(&[("GRANTS_UPLOADS", "put"), ("MAX_BYTES", "1"), ("CONTENT_TYPES", "image/*")]);
    let wrong = endpoint(&[("URL_EXPIRES", "never")]);
    let mut seen = BTreeSet::new();
    for (endpoint, event) in [
        (&good, nobody),
        (&good, odd),
        (&good, sign(json!({}))),
        (&good, sign(json!({ "method": "PUT", "key": "a", "bucket": "x" }))),
        (&good, event_about("GET", "you/a")),
        (&good, event("GET", "/elsewhere", None)),
        (&narrow, event("GET", "/uploads", None)),
        (&narrow, sign(json!({ "method": "PUT", "key": "a", "contentType": "image/a", "size": 2 }))),
        (&narrow, sign(json!({ "method": "PUT", "key": "a", "contentType": "a/b" }))),
        (&wrong, event("GET", "/", None)),
    ] {
        let (_, body) = ask(endpoint, &event);
        assert_eq!(problems(&document, schema, &body), Vec::<String>::new(), "{body}");
        seen.insert(body["error"]["code"].clone().to_string());
    }
    // No event is known that the signer does not sign.
    seen.insert(json!("SigningFailed").to_string());
    let codes = schema.pointer("/properties/error/properties/code/enum").unwrap().as_array().unwrap();
    assert_eq!(codes.iter().map(ToString::to_string).collect::<BTreeSet<_>>(), seen);
}
