//! What each route answers, from the event that API Gateway sends to the event that it takes.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use presign::Endpoint;
use serde_json::{Value, json};

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_491_000)
}

fn endpoint(more: &[(&str, &str)]) -> Endpoint {
    let mut variables = vec![
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_REGION", "eu-west-1"),
        ("BUCKET_UPLOADS", "my-bucket"),
        ("GRANTS_UPLOADS", "put,get,list,delete,multipart"),
    ];
    variables.extend(more);
    Endpoint::new(variables.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())))
}

fn event(method: &str, resource: &str, body: Option<Value>) -> Value {
    json!({
        "httpMethod": method,
        "resource": resource,
        "path": resource,
        "headers": { "origin": "http://localhost:5173" },
        "stageVariables": { "CORS_ORIGINS": "http://localhost:5173,http://localhost:3000" },
        "requestContext": { "requestId": "r1", "authorizer": { "claims": { "sub": "me-1" } } },
        "body": body.map(|body| body.to_string()),
        "isBase64Encoded": false,
    })
}

/// The status and the body of the answer; CORS is checked on each.
fn ask(endpoint: &Endpoint, event: &Value) -> (u64, Value) {
    let answer = endpoint.answer(event, now());
    assert_eq!(answer["headers"]["Vary"], "Origin");
    assert_eq!(answer["headers"]["Access-Control-Allow-Origin"], "http://localhost:5173", "{answer}");
    let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    (answer["statusCode"].as_u64().unwrap(), body)
}

fn refused(endpoint: &Endpoint, event: &Value) -> (u64, String) {
    let (status, body) = ask(endpoint, event);
    assert_eq!(body["requestId"], "r1", "{body}");
    assert!(body["error"]["message"].as_str().is_some_and(|it| !it.is_empty()), "{body}");
    (status, body["error"]["code"].as_str().unwrap().to_owned())
}

fn query_of(url: &str) -> BTreeSet<String> {
    url.split_once('?').unwrap().1.split('&').map(|part| part.split('=').next().unwrap().to_owned()).collect()
}

#[test]
fn the_articles_contract() {
    let (status, body) = ask(&endpoint(&[]), &event("GET", "/", None));
    let url = body.as_str().expect("a JSON string");
    assert_eq!(status, 200);
    assert!(url.starts_with("https://my-bucket.s3.eu-west-1.amazonaws.com/uploads/me-1/"), "{url}");
    assert!(url.contains("X-Amz-Expires=10&") && url.contains("X-Amz-SignedHeaders=host"), "{url}");
    assert!(query_of(url).iter().all(|name| name.starts_with("X-Amz-")), "no checksum, no id: {url}");
    let (_, again) = ask(&endpoint(&[]), &event("GET", "/", None));
    assert_ne!(again.as_str(), Some(url), "a new key each time");
    let (_, later) = ask(&endpoint(&[("URL_EXPIRES", "1h")]), &event("GET", "/", None));
    assert!(later.as_str().unwrap().contains("X-Amz-Expires=3600&"));
}

#[test]
fn an_upload() {
    let wanted = json!({ "filename": "a b+ü.png", "contentType": "image/png", "size": 5,
        "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" });
    let (status, body) = ask(&endpoint(&[]), &event("POST", "/uploads", Some(wanted)));
    assert_eq!(status, 200, "{body}");
    assert_eq!((body["method"].as_str(), body["bucket"].as_str()), (Some("PUT"), Some("uploads")));
    assert_eq!(body["maxBytes"], 100 << 20);
    assert_eq!(body["expiresAt"], "2026-11-24T03:35:00Z");
    assert_eq!(body["requestId"], "r1");
    assert_eq!(
        body["headers"],
        json!({ "content-type": "image/png", "x-amz-checksum-sha256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" })
    );
    let key = body["key"].as_str().unwrap();
    assert!(key.starts_with("uploads/me-1/") && key.ends_with("/a b+ü.png"), "{key}");
    let url = body["url"].as_str().unwrap();
    let signed = "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bx-amz-checksum-sha256";
    assert!(url.contains(signed), "{url}");
    assert!(url.contains("/a%20b%2B%C3%BC.png?"), "{url}");
}

#[test]
fn a_form() {
    let wanted = json!({ "filename": "a.png", "contentType": "image/png", "size": 5, "mode": "post" });
    let (status, body) = ask(&endpoint(&[]), &event("POST", "/uploads", Some(wanted)));
    assert_eq!((status, body["method"].as_str()), (200, Some("POST")));
    assert_eq!(body["url"], "https://my-bucket.s3.eu-west-1.amazonaws.com");
    assert_eq!(body["fields"]["key"], body["key"]);
    assert_eq!(body["fields"]["x-amz-security-token"], "token");
}

#[test]
fn uppys_requests() {
    let key = "uploads/me-1/123/big.bin";
    let cases = [
        (json!({ "method": "PUT", "key": "big.bin", "contentType": "text/plain" }), vec![], true),
        (json!({ "method": "POST", "key": "big.bin" }), vec!["uploads"], true),
        (
            json!({ "method": "PUT", "key": key, "uploadId": "u", "partNumber": 3 }),
            vec!["partNumber", "uploadId"],
            false,
        ),
        (json!({ "method": "GET", "key": key, "uploadId": "u" }), vec!["uploadId"], false),
        (json!({ "method": "POST", "key": key, "uploadId": "u" }), vec!["uploadId"], false),
        (json!({ "method": "DELETE", "key": key, "uploadId": "u" }), vec!["uploadId"], false),
        (json!({ "method": "DELETE", "key": key }), vec![], false),
    ];
    for (wanted, names, fresh) in cases {
        let (status, body) = ask(&endpoint(&[]), &event("POST", "/sign", Some(wanted.clone())));
        assert_eq!(status, 200, "{wanted} {body}");
        let own =
            query_of(body["url"].as_str().unwrap()).into_iter().filter(|name| !name.starts_with("X-Amz-"));
        assert_eq!(own.collect::<Vec<_>>(), names, "{wanted}");
        assert_eq!(body["key"] != key, fresh, "{wanted}");
        assert!(body["key"].as_str().unwrap().starts_with("uploads/me-1/"), "{wanted}");
    }
    let asked = json!({ "method": "POST", "key": "a", "expiresIn": 86400 });
    let (_, body) = ask(&endpoint(&[]), &event("POST", "/sign", Some(asked)));
    assert!(body["url"].as_str().unwrap().contains("X-Amz-Expires=300&"), "no longer than the setting");
}

#[test]
fn ones_own_files() {
    let endpoint = endpoint(&[]);
    let (status, body) = ask(&endpoint, &event("GET", "/uploads", None));
    assert_eq!((status, body["prefix"].as_str()), (200, Some("uploads/me-1/")));
    assert!(body["url"].as_str().unwrap().contains("list-type=2&prefix=uploads%2Fme-1%2F"), "{body}");
    for (method, resource) in [("GET", "/uploads/{key+}"), ("DELETE", "/uploads/{key+}")] {
        let mut event = event(method, resource, None);
        event["pathParameters"] = json!({ "key": "me-1/7/φ 1.txt" });
        let (status, body) = ask(&endpoint, &event);
        assert_eq!((status, body["key"].as_str()), (200, Some("uploads/me-1/7/φ 1.txt")), "{body}");
        event["pathParameters"] = json!({ "key": "you/7/a.txt" });
        assert_eq!(refused(&endpoint, &event), (403, "NotYours".to_owned()));
    }
}

#[test]
fn refusals() {
    let narrow = [("GRANTS_UPLOADS", "put"), ("MAX_BYTES", "1KB"), ("CONTENT_TYPES", "image/*")];
    let narrow = endpoint(&narrow);
    let upload = |change: Value| {
        let mut body = json!({ "filename": "a.png", "contentType": "image/png", "size": 5 });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        event("POST", "/uploads", Some(body))
    };
    let sign = |body: Value| event("POST", "/sign", Some(body));
    let cases = [
        (upload(json!({ "size": 1025 })), 413, "TooLarge"),
        (upload(json!({ "contentType": "text/html" })), 415, "TypeNotAllowed"),
        (upload(json!({ "contentType": "nonsense" })), 400, "InvalidRequest"),
        (upload(json!({ "contentType": "image/png\r\nx: y" })), 400, "InvalidRequest"),
        (upload(json!({ "size": -1 })), 400, "InvalidRequest"),
        (upload(json!({ "size": 1.5 })), 400, "InvalidRequest"),
        (upload(json!({ "filename": 1 })), 400, "InvalidRequest"),
        (upload(json!({ "sha256": "short" })), 400, "InvalidRequest"),
        (upload(json!({ "mode": "patch" })), 400, "InvalidRequest"),
        (upload(json!({ "bucket": "other" })), 400, "InvalidRequest"),
        (event("POST", "/uploads", None), 400, "InvalidRequest"),
        (event("POST", "/uploads", Some(json!([1]))), 400, "InvalidRequest"),
        (sign(json!({ "method": "POST", "key": "a", "contentType": "image/png" })), 403, "NotGranted"),
        (sign(json!({ "method": "PUT", "key": "a" })), 415, "TypeNotAllowed"),
        (sign(json!({ "method": "PATCH", "key": "a" })), 400, "InvalidRequest"),
        (
            sign(json!({ "method": "PUT", "key": "uploads/you/1", "uploadId": "u", "partNumber": 1 })),
            403,
            "NotYours",
        ),
        (
            sign(json!({ "method": "PUT", "key": "a", "uploadId": "u", "partNumber": 10001 })),
            400,
            "InvalidRequest",
        ),
        (event("GET", "/uploads", None), 403, "NotGranted"),
        (event("PATCH", "/", None), 404, "NoSuchRoute"),
    ];
    for (event, status, code) in cases {
        assert_eq!(refused(&narrow, &event), (status, code.to_owned()), "{event}");
    }
    for sub in [json!(null), json!(""), json!("../you"), json!("a/b"), json!(7)] {
        let mut event = event("GET", "/", None);
        event["requestContext"]["authorizer"]["claims"]["sub"] = sub;
        assert_eq!(refused(&narrow, &event), (401, "Unauthorized".to_owned()));
    }
    let wrong = endpoint(&[("URL_EXPIRES", "2h")]);
    assert_eq!(refused(&wrong, &event("GET", "/", None)), (500, "Misconfigured".to_owned()));
}

#[test]
fn each_page_is_answered_with_its_own_origin() {
    let endpoint = endpoint(&[]);
    for (origins, origin, answered) in [
        (json!("http://a,http://b"), json!("http://b"), json!("http://b")),
        (json!("http://a,http://b"), json!("http://c"), json!(null)),
        (json!("http://a"), json!("http://a.evil"), json!(null)),
        (json!("any"), json!("http://c"), json!("*")),
        (json!(null), json!("http://a"), json!(null)),
        (json!("http://a"), json!(null), json!(null)),
    ] {
        let mut event = event("GET", "/", None);
        event["stageVariables"]["CORS_ORIGINS"] = origins.clone();
        event["headers"] = json!({ "ORIGIN": origin });
        let answer = endpoint.answer(&event, now());
        assert_eq!(answer["headers"]["Access-Control-Allow-Origin"], answered, "{origins} {origin}");
    }
}

/// Whatever the event holds, there is an answer that API Gateway takes.
#[test]
fn no_event_panics() {
    let endpoint = endpoint(&[]);
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{0}\u{202e}é%2e%2e/"),
        json!([]),
        json!({}),
        json!("{\"key\":"),
        json!("x".repeat(5000)),
        json!({ "sub": "a" }),
        json!("/uploads/{key+}"),
        json!("POST"),
    ];
    let paths = [
        "/httpMethod",
        "/resource",
        "/pathParameters",
        "/headers",
        "/headers/origin",
        "/stageVariables",
        "/requestContext",
        "/requestContext/authorizer",
        "/requestContext/authorizer/claims",
        "/requestContext/authorizer/claims/sub",
        "/body",
        "/isBase64Encoded",
        "/requestContext/requestId",
        "/stageVariables/CORS_ORIGINS",
        "",
    ];
    for _ in 0..20_000 {
        let routes = [("GET", "/"), ("POST", "/uploads"), ("POST", "/sign"), ("GET", "/uploads/{key+}")];
        let (method, resource) = routes[random(4) as usize];
        let body = json!({ "filename": odd[random(13) as usize], "contentType": odd[random(13) as usize], "size": 1,
            "key": odd[random(13) as usize], "method": "PUT", "sha256": odd[random(13) as usize] });
        let mut event = event(method, resource, Some(body));
        for _ in 0..random(4) {
            if let Some(place) = event.pointer_mut(paths[random(15) as usize]) {
                *place = odd[random(13) as usize].clone();
            }
        }
        let answer = endpoint.answer(&event, now());
        assert!(answer["statusCode"].is_u64() && answer["body"].is_string(), "{event}");
    }
}
