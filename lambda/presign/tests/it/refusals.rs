//! The refusals, and their lines in the log.

use serde_json::{Value, json};

use crate::asking::{ask, endpoint, event, event_about, now, refused};

fn upload(change: &Value) -> Value {
    let mut body = json!({ "filename": "a.png", "contentType": "image/png", "size": 5 });
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    event("POST", "/uploads", Some(body))
}

fn sign(body: Value) -> Value {
    event("POST", "/sign", Some(body))
}

#[test]
fn what_can_not_be_understood() {
    let endpoint = endpoint(&[]);
    let own = "uploads/me-1/1/a";
    let in_the_query = |query: Value| {
        let mut event = event("GET", "/uploads", None);
        event["queryStringParameters"] = query;
        event
    };
    let text = |body: &str| {
        let mut event = event("POST", "/uploads", None);
        event["body"] = body.into();
        event
    };
    for (event, field) in [
        (event("POST", "/uploads", None), "body"),
        (text("{"), "body"),
        (text("[1]"), "body"),
        (text("null"), "body"),
        (event("POST", "/sign", None), "body"),
        (upload(&json!({ "filename": null })), "filename"),
        (upload(&json!({ "filename": "" })), "filename"),
        (upload(&json!({ "filename": 1 })), "filename"),
        (upload(&json!({ "contentType": null })), "contentType"),
        (upload(&json!({ "contentType": "nonsense" })), "contentType"),
        (upload(&json!({ "contentType": "image/png\r\nx: y" })), "contentType"),
        (upload(&json!({ "contentType": ["image/png"] })), "contentType"),
        (upload(&json!({ "contentType": "image/png;,text/html" })), "contentType"),
        (upload(&json!({ "contentType": "image/png; charset=x, text/html" })), "contentType"),
        (upload(&json!({ "contentType": "image/*" })), "contentType"),
        (upload(&json!({ "size": null })), "size"),
        (upload(&json!({ "size": -1 })), "size"),
        (upload(&json!({ "size": 1.5 })), "size"),
        (upload(&json!({ "size": "5" })), "size"),
        (upload(&json!({ "size": -0.5 })), "size"),
        (upload(&json!({ "sha256": "short" })), "sha256"),
        (upload(&json!({ "sha256": "z".repeat(64) })), "sha256"),
        (upload(&json!({ "sha256": "é".repeat(32) })), "sha256"),
        (upload(&json!({ "sha256": format!("+{}", "0".repeat(63)) })), "sha256"),
        (upload(&json!({ "mode": "patch" })), "mode"),
        (upload(&json!({ "bucket": "other" })), "bucket"),
        (upload(&json!({ "bucket": 1 })), "bucket"),
        (upload(&json!({ "bucket": null })), "bucket"),
        (upload(&json!({ "sha256": null })), "sha256"),
        (in_the_query(json!({ "bucket": "other" })), "bucket"),
        (in_the_query(json!({ "maxKeys": "0" })), "maxKeys"),
        (in_the_query(json!({ "maxKeys": "1001" })), "maxKeys"),
        (sign(json!({ "key": "a" })), "method"),
        (sign(json!({ "method": "PATCH", "key": "a" })), "method"),
        (sign(json!({ "method": "PUT" })), "key"),
        (sign(json!({ "method": "PUT", "key": "a", "partNumber": 1 })), "method"),
        (sign(json!({ "method": "PUT", "key": own, "uploadId": "u" })), "method"),
        (sign(json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": 0 })), "partNumber"),
        (sign(json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": 10001 })), "partNumber"),
        (
            sign(json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": 1, "mode": "post" })),
            "mode",
        ),
        // Not the end of the file that was there before.
        (sign(json!({ "method": "DELETE", "key": own, "uploadId": "" })), "uploadId"),
        (sign(json!({ "method": "DELETE", "key": own, "uploadId": 7 })), "uploadId"),
        (sign(json!({ "method": "DELETE", "key": own, "uploadId": null })), "uploadId"),
        (sign(json!({ "method": "PUT", "key": "a" })), "size"),
        (sign(json!({ "method": "POST", "key": "a" })), "size"),
        (sign(json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": 1 })), "size"),
        (sign(json!({ "method": "POST", "key": own, "uploadId": "u" })), "size"),
        (sign(json!({ "method": "PUT", "key": "a", "size": 1, "expiresIn": 0 })), "expiresIn"),
        (sign(json!({ "method": "PUT", "key": "a", "size": 1, "expiresIn": "9" })), "expiresIn"),
        (sign(json!({ "method": "PUT", "key": "a", "size": 1, "expiresIn": null })), "expiresIn"),
    ] {
        assert_eq!(refused(&endpoint, &event), (400, "InvalidRequest".to_owned()), "{event}");
        assert_eq!(ask(&endpoint, &event).1["error"]["field"], field, "{event}");
    }
}

#[test]
fn what_the_limits_forbid() {
    let own = "uploads/me-1/1/a";
    let get = |query: Value| {
        let mut event = event("GET", "/", None);
        event["queryStringParameters"] = query;
        event
    };
    let narrow = endpoint(&[("MAX_BYTES", "1KB"), ("CONTENT_TYPES", "image/*")]);
    for (event, status, code) in [
        (upload(&json!({ "size": 1025 })), 413, "TooLarge"),
        (
            sign(json!({ "method": "PUT", "key": "a", "contentType": "image/png", "size": 1025 })),
            413,
            "TooLarge",
        ),
        (
            sign(
                json!({ "method": "PUT", "key": "a", "contentType": "image/png", "size": 1025, "mode": "post" }),
            ),
            413,
            "TooLarge",
        ),
        (
            sign(json!({ "method": "POST", "key": "a", "contentType": "image/png", "size": 1025 })),
            413,
            "TooLarge",
        ),
        (sign(json!({ "method": "POST", "key": own, "uploadId": "u", "size": 1025 })), 413, "TooLarge"),
        (sign(json!({ "method": "POST", "key": own, "uploadId": "u", "size": 1e300 })), 413, "TooLarge"),
        (
            sign(json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": 1, "size": 1025 })),
            413,
            "TooLarge",
        ),
        // The part before it has 5 MiB at least, or S3 does not put them together.
        (
            sign(json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": 2, "size": 1 })),
            413,
            "TooLarge",
        ),
        (get(json!({ "size": "1025" })), 413, "TooLarge"),
        (get(json!(null)), 400, "InvalidRequest"),
        (get(json!({ "size": "" })), 400, "InvalidRequest"),
        (get(json!({ "size": "-1" })), 400, "InvalidRequest"),
        (get(json!({ "size": "1.5" })), 400, "InvalidRequest"),
        (upload(&json!({ "contentType": "text/html" })), 415, "TypeNotAllowed"),
        (upload(&json!({ "contentType": "image/svg+xml" })), 415, "TypeNotAllowed"),
        (sign(json!({ "method": "PUT", "key": "a", "size": 1 })), 415, "TypeNotAllowed"),
        (sign(json!({ "method": "PUT", "key": "a", "mode": "post" })), 415, "TypeNotAllowed"),
        (sign(json!({ "method": "POST", "key": "a", "size": 1 })), 415, "TypeNotAllowed"),
    ] {
        assert_eq!(refused(&narrow, &event), (status, code.to_owned()), "{event}");
    }
    assert_eq!(ask(&narrow, &get(json!({ "size": "1024" }))).0, 200);
    let wide = endpoint(&[("MAX_BYTES", "5MB")]);
    for (number, size, status) in [(1, 5 << 20, 200), (2, 0, 200), (2, 1, 413), (3, 0, 413)] {
        let part =
            json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": number, "size": size });
        assert_eq!(ask(&wide, &sign(part)).0, status, "{number} {size}");
    }
    assert_eq!(ask(&narrow, &upload(&json!({ "size": 1025 }))).1["error"]["maxBytes"], 1024);
    assert_eq!(
        ask(&narrow, &upload(&json!({ "contentType": "a/b" }))).1["error"]["allowed"],
        json!(["image/*"])
    );
    assert_eq!(ask(&narrow, &upload(&json!({ "size": 1024 }))).0, 200);
}

#[test]
fn what_is_not_granted() {
    let own = "uploads/me-1/1/a";
    for (event, grant) in [
        (event("GET", "/", None), "put"),
        (upload(&json!({})), "put"),
        (sign(json!({ "method": "PUT", "key": "a", "size": 1 })), "put"),
        (sign(json!({ "method": "POST", "key": "a", "size": 1 })), "multipart"),
        (
            sign(json!({ "method": "PUT", "key": own, "uploadId": "u", "partNumber": 1, "size": 1 })),
            "multipart",
        ),
        (sign(json!({ "method": "GET", "key": own, "uploadId": "u" })), "multipart"),
        (sign(json!({ "method": "DELETE", "key": own, "uploadId": "u" })), "multipart"),
        (sign(json!({ "method": "DELETE", "key": own })), "delete"),
        (event("GET", "/uploads", None), "list"),
        (event_about("GET", own), "get"),
        (event_about("DELETE", own), "delete"),
    ] {
        let all = ["put", "get", "list", "delete", "multipart"];
        let others = all.into_iter().filter(|it| *it != grant).collect::<Vec<_>>().join(",");
        let (status, body) = ask(&endpoint(&[("GRANTS_UPLOADS", &others)]), &event);
        assert_eq!((status, &body["error"]["code"]), (403, &json!("NotGranted")), "{event}");
        assert_eq!(body["error"]["grant"], grant);
        let message = body["error"]["message"].as_str().unwrap();
        assert!(message.contains(&format!("`{grant}`")) && message.contains("stack.yaml"), "{message}");
        assert_eq!(
            ask(&endpoint(&[("GRANTS_UPLOADS", grant)]), &event).0,
            200,
            "{grant} is enough for {event}"
        );
    }
}

/// Other people's keys, in every way to write them, at every route that takes one.
#[test]
fn keys_that_are_not_ones_own() {
    let endpoint = endpoint(&[]);
    for key in [
        "uploads/you/1/a",
        "you/1/a",
        "uploads/me-1",
        "uploads/me-1/",
        "uploads/me-12/1/a",
        "uploads/me-1/../you/a",
        "uploads/me-1/./a",
        "uploads/me-1//a",
        "uploads/me-1/a/",
        "/uploads/me-1/a",
        "uploads//me-1/a",
        "Uploads/me-1/a",
        "uploads/me-1/a\\..\\..\\you",
        "uploads/me-1/a\u{0}",
        "uploads/me-1/a\n",
        "uploads/me-1/a\u{7f}",
        "uploads/me-1/%2e%2e/you/a",
        "uploads/me-1/%2E%2e/you/a",
        "uploads/me-1/%252e%252e/you/a",
        "uploads/me-1/%25252e%25252e/you/a",
        "uploads/me-1/%2525252525252e",
        "uploads%2Fme-1%2F..%2Fyou%2Fa",
        "uploads/me-1%2F%2Fa",
        "uploads/me-1/a%5C..%5Cyou",
        "uploads/me-1/a%00",
        "uploads/me-1/a%0d%0a",
        "uploads/me-1/%ff",
        "uploads/me-1/%",
        "uploads%2Fyou%2Fa",
        "uploads/%6De-2/a",
        "..",
        "%2e%2e",
        " ",
    ] {
        for event in [
            event_about("GET", key),
            event_about("DELETE", key),
            sign(json!({ "method": "PUT", "key": key, "uploadId": "u", "partNumber": 1 })),
            sign(json!({ "method": "GET", "key": key, "uploadId": "u" })),
            sign(json!({ "method": "POST", "key": key, "uploadId": "u" })),
            sign(json!({ "method": "DELETE", "key": key, "uploadId": "u" })),
            sign(json!({ "method": "DELETE", "key": key })),
        ] {
            assert_eq!(refused(&endpoint, &event), (403, "NotYours".to_owned()), "{event}");
        }
        // As the name of a new file it does no harm.
        let new = ask(&endpoint, &sign(json!({ "method": "PUT", "key": key, "size": 1 }))).1;
        let new = new["key"].as_str().unwrap().strip_prefix("uploads/me-1/").unwrap();
        assert_eq!(new.split('/').count(), 2, "{new}");
    }
    let long = format!("uploads/me-1/{}", "x".repeat(1024));
    assert_eq!(refused(&endpoint, &event_about("GET", &long)).1, "NotYours");
}

#[test]
fn routes_that_are_not_there() {
    let endpoint = endpoint(&[]);
    for (method, resource) in [
        ("PATCH", "/"),
        ("POST", "/"),
        ("GET", "/sign"),
        ("GET", "/elsewhere"),
        ("PUT", "/uploads"),
        ("POST", "/uploads/{key+}"),
        ("GET", "/uploads/fixed"),
        ("", ""),
    ] {
        let refusal = refused(&endpoint, &event(method, resource, None));
        assert_eq!(refusal, (404, "NoSuchRoute".to_owned()), "{method} {resource}");
    }
}

#[test]
fn nobody_and_somebody_odd() {
    let as_sub = |sub: Value| {
        let mut event = event("GET", "/", None);
        event["requestContext"]["authorizer"]["claims"]["sub"] = sub;
        event
    };
    for nobody in [json!(null), json!(""), json!(7)] {
        assert_eq!(refused(&endpoint(&[]), &as_sub(nobody)), (401, "Unauthorized".to_owned()));
    }
    for odd in ["../you", "a/b", "a b", "é", "a%2f", "a\u{0}", &"x".repeat(129)] {
        assert_eq!(refused(&endpoint(&[]), &as_sub(odd.into())), (403, "InvalidSubject".to_owned()), "{odd}");
    }
    // Nothing but the claims tells who asks.
    let mut event = as_sub(json!(null));
    event["body"] = json!({ "sub": "you" }).to_string().into();
    event["queryStringParameters"] = json!({ "sub": "you" });
    event["headers"]["authorization"] = "you".into();
    event["requestContext"]["identity"] = json!({ "sub": "you" });
    assert_eq!(refused(&endpoint(&[]), &event), (401, "Unauthorized".to_owned()));
}

#[test]
fn an_environment_that_is_wrong() {
    for (name, value) in [
        ("URL_EXPIRES", "2h"),
        ("UPLOAD_EXPIRES", "soon"),
        ("MAX_BYTES", "6GB"),
        ("CONTENT_TYPES", "png"),
        ("AWS_REGION", ""),
        ("AWS_ACCESS_KEY_ID", ""),
    ] {
        let endpoint = endpoint(&[(name, value)]);
        let (status, body) = ask(&endpoint, &event("GET", "/", None));
        assert_eq!((status, &body["error"]["code"]), (500, &json!("Misconfigured")), "{name}");
        assert!(body["error"]["message"].as_str().unwrap().contains(name), "{body}");
        let log = endpoint.handle(&event("GET", "/", None), now()).log;
        assert!(log["message"].as_str().unwrap().contains(name), "{log}");
    }
}

#[test]
fn each_page_is_answered_with_its_own_origin() {
    let endpoint = endpoint(&[]);
    for (origins, origin, answered) in [
        (json!("http://a,http://b"), json!("http://b"), json!("http://b")),
        (json!("http://a, http://b"), json!("http://b"), json!("http://b")),
        (json!("http://a,http://b"), json!("http://c"), json!(null)),
        (json!("http://a"), json!("http://a.evil"), json!(null)),
        (json!("http://a"), json!("any"), json!(null)),
        (json!("any"), json!("http://c"), json!("*")),
        (json!(null), json!("http://a"), json!(null)),
        (json!("http://a"), json!(null), json!(null)),
        (json!(""), json!(""), json!("")),
    ] {
        for headers in [
            json!({ "headers": { "ORIGIN": origin } }),
            json!({ "multiValueHeaders": { "origin": [origin] } }),
        ] {
            let mut event = event("GET", "/", None);
            event["stageVariables"]["CORS_ORIGINS"] = origins.clone();
            event["headers"] = json!(null);
            event.as_object_mut().unwrap().extend(headers.as_object().unwrap().clone());
            let answer = endpoint.handle(&event, now()).answer;
            assert_eq!(answer["headers"]["Vary"], "Origin");
            let allowed = &answer["headers"]["Access-Control-Allow-Origin"];
            assert_eq!(*allowed, answered, "{origins} {origin}");
        }
    }
}

/// Which route and how it ended; no URL, no key, nothing of the credentials.
#[test]
fn the_log() {
    let endpoint = endpoint(&[]);
    let log = |event: &Value| endpoint.handle(event, now()).log;
    assert_eq!(log(&event("GET", "/", None)), json!({ "requestId": "r1", "route": "GET /", "status": 200 }));
    let refusal =
        json!({ "requestId": "r1", "route": "GET /uploads/{key+}", "status": 403, "error": "NotYours" });
    assert_eq!(log(&event_about("GET", "you/private.txt")), refusal);
}
