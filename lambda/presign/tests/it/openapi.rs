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
    let key = "uploads/me-1/1/a";
    let mut all = vec![
        ("url", event("GET", "/", None)),
        ("upload", upload("put")),
        ("upload", upload("post")),
        ("folders", event("GET", "/folders", None)),
        ("list", event("GET", "/uploads", None)),
        ("download", event_about("GET", key)),
        ("remove", event_about("DELETE", key)),
    ];
    all.extend(signs().into_iter().map(|body| ("sign", event("POST", "/sign", Some(body)))));
    all
}

/// A good body of `/sign` of each kind, with all that it may have.
fn signs() -> Vec<Value> {
    let own = |mut more: Value| {
        more["key"] = "uploads/me-1/1/a".into();
        more["expiresIn"] = 1.into();
        more["bucket"] = "uploads".into();
        more["mode"] = more.get("mode").cloned().unwrap_or_else(|| "put".into());
        more
    };
    let new = |mut more: Value| {
        more["filename"] = "a".into();
        more["contentType"] = "a/b".into();
        more["size"] = 1.into();
        own(more)
    };
    vec![
        new(json!({ "method": "PUT" })),
        new(json!({ "method": "PUT", "mode": "post" })),
        new(json!({ "method": "POST" })),
        own(json!({ "method": "PUT", "uploadId": "u", "partNumber": 1, "size": 1 })),
        own(json!({ "method": "POST", "uploadId": "u", "size": 1 })),
        own(json!({ "method": "GET", "uploadId": "u", "partNumberMarker": 1000 })),
        own(json!({ "method": "DELETE", "uploadId": "u" })),
        own(json!({ "method": "DELETE" })),
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

/// Every body that the document has is answered, and every other one is refused: each good one with each of its fields
/// left out or changed, and with each field that it does not have.
#[test]
fn has_the_requests() {
    let document = document();
    let uploads = ["put", "post"].map(
        |mode| json!({ "filename": "a", "contentType": "a/b", "size": 1, "sha256": "0".repeat(64), "mode": mode }),
    );
    let all = uploads.into_iter().map(|body| ("/uploads", "UploadRequest", body));
    let all = all.chain(signs().into_iter().map(|body| ("/sign", "SignRequest", body)));
    let (mut answered, mut refused) = (0, 0);
    for (path, request, body) in all {
        let schema = &document["components"]["schemas"][request];
        assert_eq!(problems(&document, schema, &body), Vec::<String>::new(), "{body}");
        let mut others = vec![body.clone()];
        for name in body.as_object().unwrap().keys() {
            let mut other = body.clone();
            other.as_object_mut().unwrap().remove(name);
            others.push(other);
            for value in
                [json!(null), json!(""), json!(0), json!(-1), json!(1.5), json!(2.0), json!(true), json!([])]
            {
                let mut other = body.clone();
                other[name] = value;
                others.push(other);
            }
        }
        for (name, value) in
            [("uploadId", json!("u")), ("partNumber", json!(2)), ("size", json!(5)), ("mode", json!("post"))]
        {
            let mut other = body.clone();
            other[name] = value;
            others.push(other);
        }
        for body in others {
            let fits = fits(&document, schema, &body);
            let (status, answer) = ask(&endpoint(&[]), &event("POST", path, Some(body.clone())));
            assert_eq!(status, if fits { 200 } else { 400 }, "{path} {body}: {answer}");
            if fits { answered += 1 } else { refused += 1 }
        }
    }
    assert!(answered > 50 && refused > 200, "{answered} {refused}");
}

/// Whether a body is what the document asks for, or more, which the function does not look at.
fn fits(document: &Value, schema: &Value, body: &Value) -> bool {
    let forms = schema["oneOf"].as_array().map_or(std::slice::from_ref(schema), Vec::as_slice);
    let is_of = |form: &&Value| {
        problems(document, form, body).iter().all(|it| it.ends_with("is not in the document"))
    };
    forms.iter().filter(is_of).count() == 1
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
    let ruled = endpoint(&[("ACCESS_UPLOADS", "{}")]);
    let wrong = endpoint(&[("URL_EXPIRES", "never")]);
    let mut seen = BTreeSet::new();
    for (endpoint, event) in [
        (&good, nobody),
        (&good, odd),
        (&good, sign(json!({}))),
        (&good, sign(json!({ "method": "PUT", "key": "a", "bucket": "x" }))),
        (&good, event_about("GET", "you/a")),
        (&ruled, event("GET", "/uploads", None)),
        (&good, event("GET", "/elsewhere", None)),
        (&narrow, event("GET", "/uploads", None)),
        (&narrow, sign(json!({ "method": "PUT", "key": "a", "contentType": "image/a", "size": 2 }))),
        (&narrow, sign(json!({ "method": "PUT", "key": "a", "contentType": "a/b", "size": 1 }))),
        (&wrong, event("GET", "/", None)),
    ] {
        let (_, body) = ask(endpoint, &event);
        assert_eq!(problems(&document, schema, &body), Vec::<String>::new(), "{body}");
        assert_eq!(
            problems(&document, &document["components"]["schemas"]["Refusal"], &body),
            Vec::<String>::new()
        );
        seen.insert(body["error"]["code"].clone().to_string());
    }
    // No event is known that the signer does not sign.
    seen.insert(json!("SigningFailed").to_string());
    let codes = schema.pointer("/properties/error/properties/code/enum").unwrap().as_array().unwrap();
    assert_eq!(codes.iter().map(ToString::to_string).collect::<BTreeSet<_>>(), seen);
}
