//! What each route answers.

use serde_json::{Value, json};

use crate::asking::{ask, endpoint, event, event_about, granted, query_of, signed};

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_else(|| panic!("{name} in {body}"))
}

#[test]
fn the_articles_contract() {
    let body = granted(&endpoint(&[]), &event("GET", "/", None));
    let url = body.as_str().expect("a JSON string");
    let (address, _) = url.split_once('?').unwrap();
    let key = address.strip_prefix("https://my-bucket.s3.eu-west-1.amazonaws.com/uploads/me-1/").unwrap();
    assert_eq!(key.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "a UUID: {key}");
    assert_eq!(key.as_bytes()[14], b'4', "of version 4: {key}");
    assert!(url.contains("X-Amz-Expires=10&"), "{url}");
    assert_eq!(signed(url), "host", "axios sends a type of its own");
    assert!(query_of(url).is_empty(), "no checksum, no id: {url}");
    let again = granted(&endpoint(&[]), &event("GET", "/", None));
    assert_ne!(again.as_str(), Some(url), "a new key each time");
    let later = granted(&endpoint(&[("URL_EXPIRES", "1h")]), &event("GET", "/", None));
    assert!(later.as_str().unwrap().contains("X-Amz-Expires=3600&"));
}

#[test]
fn the_local_clouds_s3() {
    let local = endpoint(&[("AWS_ENDPOINT_URL", "http://127.0.0.1:4599/")]);
    let body = granted(&local, &event("GET", "/", None));
    assert!(body.as_str().unwrap().starts_with("http://127.0.0.1:4599/my-bucket/uploads/me-1/"), "{body}");
    let wanted = json!({ "filename": "a", "contentType": "a/b", "size": 1, "mode": "post" });
    let body = granted(&local, &event("POST", "/uploads", Some(wanted)));
    assert_eq!(body["url"], "http://127.0.0.1:4599/my-bucket");
}

#[test]
fn an_upload() {
    let wanted = json!({ "filename": "a b+ü.png", "contentType": "image/png", "size": 5,
        "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" });
    let body = granted(&endpoint(&[]), &event("POST", "/uploads", Some(wanted.clone())));
    assert_eq!((text(&body, "method"), text(&body, "bucket")), ("PUT", "uploads"));
    assert_eq!(body["maxBytes"], 100 << 20);
    assert_eq!(body["expiresAt"], "2026-11-24T03:35:00Z");
    assert_eq!(body["requestId"], "r1");
    let checksum = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    let headers = json!({ "content-type": "image/png", "x-amz-checksum-sha256": checksum });
    assert_eq!(body["headers"], headers);
    let key = text(&body, "key");
    assert!(key.starts_with("uploads/me-1/") && key.ends_with("/a b+ü.png"), "{key}");
    let url = text(&body, "url");
    assert_eq!(signed(url), "content-length%3Bcontent-type%3Bhost%3Bx-amz-checksum-sha256");
    assert!(url.contains("/a%20b%2B%C3%BC.png?"), "{url}");
    let same = [checksum.to_owned(), text(&wanted, "sha256").to_uppercase()];
    for given in same {
        let mut wanted = wanted.clone();
        wanted["sha256"] = given.into();
        assert_eq!(granted(&endpoint(&[]), &event("POST", "/uploads", Some(wanted)))["headers"], headers);
    }
}

#[test]
fn a_form() {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let mut wanted = json!({ "filename": "a.png", "contentType": "image/png", "size": 5, "mode": "post" });
    let body = granted(&endpoint(&[]), &event("POST", "/uploads", Some(wanted.clone())));
    assert_eq!(body["method"], "POST");
    assert_eq!(body["url"], "https://my-bucket.s3.eu-west-1.amazonaws.com");
    assert_eq!(body["fields"]["key"], body["key"]);
    assert_eq!(body["fields"]["Content-Type"], "image/png");
    assert_eq!(body["fields"]["x-amz-security-token"], "a-token");
    let policy = BASE64_STANDARD.decode(text(&body["fields"], "policy")).unwrap();
    let policy: Value = serde_json::from_slice(&policy).unwrap();
    assert_eq!(policy["expiration"], body["expiresAt"]);
    let conditions = policy["conditions"].as_array().unwrap();
    for condition in [
        json!(["content-length-range", 5, 5]),
        json!({ "bucket": "my-bucket" }),
        json!({ "key": body["key"] }),
        json!({ "Content-Type": "image/png" }),
    ] {
        assert!(conditions.contains(&condition), "{condition} in {policy}");
    }
    wanted["sha256"] = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=".into();
    let body = granted(&endpoint(&[]), &event("POST", "/uploads", Some(wanted.clone())));
    assert_eq!(body["fields"]["x-amz-checksum-sha256"], wanted["sha256"]);
}

/// All that `signRequest` of Uppy 6 is called with.
#[test]
fn uppys_requests() {
    let key = "uploads/me-1/123/big.bin";
    let cases = [
        (
            json!({ "method": "PUT", "key": "big.bin", "contentType": "text/plain" }),
            vec![],
            "content-type%3Bhost",
        ),
        (json!({ "method": "POST", "key": "big.bin" }), vec!["uploads"], "host"),
        (
            json!({ "method": "PUT", "key": key, "uploadId": "u", "partNumber": 3 }),
            vec!["partNumber", "uploadId"],
            "host",
        ),
        (json!({ "method": "GET", "key": key, "uploadId": "u" }), vec!["uploadId"], "host"),
        (json!({ "method": "POST", "key": key, "uploadId": "u" }), vec!["uploadId"], "host"),
        (json!({ "method": "DELETE", "key": key, "uploadId": "u" }), vec!["uploadId"], "host"),
        (json!({ "method": "DELETE", "key": key }), vec![], "host"),
    ];
    for (wanted, query, headers) in cases {
        let body = granted(&endpoint(&[]), &event("POST", "/sign", Some(wanted.clone())));
        let url = text(&body, "url");
        assert_eq!(query_of(url).into_iter().collect::<Vec<_>>(), query, "{wanted}");
        assert_eq!(signed(url), headers, "{wanted}");
        assert_eq!(body["method"], wanted["method"]);
        let named: Vec<&String> = body["headers"].as_object().unwrap().keys().collect();
        assert_eq!(named.len(), headers.matches("%3B").count(), "a header for each signed one: {body}");
        // A new file gets a new key under its own name; what follows is about the key that was given.
        let is_new = wanted["key"] == "big.bin";
        assert_eq!(body["key"] != key, is_new, "{wanted}");
        assert!(text(&body, "key").starts_with("uploads/me-1/"), "{wanted}");
        assert!(text(&body, "key").ends_with("/big.bin"), "{wanted}");
    }
}

#[test]
fn signing_what_more_is_told() {
    let sign = |wanted: Value| granted(&endpoint(&[]), &event("POST", "/sign", Some(wanted)));
    let body =
        sign(json!({ "method": "POST", "key": "a", "filename": "b.txt", "contentType": "text/plain" }));
    assert!(text(&body, "key").ends_with("/b.txt"), "{body}");
    assert_eq!(body["headers"], json!({ "content-type": "text/plain" }));
    let part =
        json!({ "method": "PUT", "key": "uploads/me-1/1/a", "uploadId": "u", "partNumber": 1, "size": 7 });
    let body = sign(part);
    assert_eq!(signed(text(&body, "url")), "content-length%3Bhost");
    assert_eq!(body["headers"], json!({}), "the browser sends the length itself");
    for (asked, answered) in [(json!(null), 300), (json!(1), 1), (json!(299), 299), (json!(86400), 300)] {
        let body = sign(json!({ "method": "POST", "key": "a", "expiresIn": asked }));
        assert!(text(&body, "url").contains(&format!("X-Amz-Expires={answered}&")), "{asked}");
    }
    let body = sign(json!({ "method": "PUT", "key": "a", "mode": "post" }));
    assert_eq!((&body["method"], &body["fields"]["key"]), (&json!("POST"), &body["key"]));
    assert!(body["fields"].get("Content-Type").is_none());
}

#[test]
fn ones_own_files() {
    let endpoint = endpoint(&[]);
    let mut list = event("GET", "/uploads", None);
    let body = granted(&endpoint, &list);
    assert_eq!(body["prefix"], "uploads/me-1/");
    assert!(text(&body, "url").contains("?list-type=2&prefix=uploads%2Fme-1%2F&X-Amz-"), "{body}");
    list["queryStringParameters"] = json!({ "continuationToken": "a+b=", "maxKeys": "7" });
    let body = granted(&endpoint, &list);
    assert!(text(&body, "url").contains("&continuation-token=a%2Bb%3D&max-keys=7&"), "{body}");

    let key = "uploads/me-1/7/φ 1+\".txt";
    for given in
        [key, "me-1/7/φ 1+\".txt", "me-1/7/%CF%86%201%2B%22.txt", "uploads%2Fme-1%2F7%2F%CF%86 1+\".txt"]
    {
        for method in ["GET", "DELETE"] {
            let body = granted(&endpoint, &event_about(method, given));
            assert_eq!(text(&body, "key"), key, "{method} {given}");
        }
    }
    let body = granted(&endpoint, &event_about("GET", key));
    assert_eq!(body["filename"], "φ 1+\".txt");
    // attachment; filename="_ 1+_.txt"; filename*=UTF-8''φ 1+".txt
    let name = "attachment%3B%20filename%3D%22_%201%2B_.txt%22%3B%20filename%2A%3DUTF-8%27%27%25CF%2586%25201%252B%2522.txt";
    assert!(text(&body, "url").contains(&format!("?response-content-disposition={name}&")), "{body}");
}

/// Behind `/{proxy+}` the path tells the route.
#[test]
fn one_route_for_all() {
    let endpoint = endpoint(&[]);
    for (method, path, found) in [
        ("GET", "/uploads", true),
        ("GET", "/uploads/", true),
        ("GET", "/uploads/me-1/7/a%20b.txt", true),
        ("DELETE", "/uploads/uploads/me-1/7/a", true),
        ("GET", "/elsewhere", false),
        ("PUT", "/uploads/me-1/7/a", false),
    ] {
        let mut event = event(method, "/{proxy+}", None);
        event["path"] = path.into();
        event["pathParameters"] = json!({ "proxy": path.trim_start_matches('/') });
        let (status, body) = ask(&endpoint, &event);
        assert_eq!(status, if found { 200 } else { 404 }, "{method} {path} {body}");
    }
}

#[test]
fn several_buckets() {
    let endpoint = endpoint(&[("BUCKET_MY_PHOTOS", "photos"), ("GRANTS_MY_PHOTOS", "put")]);
    let url = |event: &Value| granted(&endpoint, event)["url"].as_str().unwrap_or_default().to_owned();
    let wanted = |bucket: Value| {
        let body = json!({ "filename": "a", "contentType": "a/b", "size": 1, "bucket": bucket });
        event("POST", "/uploads", Some(body))
    };
    assert!(url(&wanted(json!("uploads"))).starts_with("https://my-bucket."));
    assert!(url(&wanted(json!("my-photos"))).starts_with("https://photos."));
    assert!(url(&wanted(json!(null))).starts_with("https://photos."), "the first by name");
    let mut list = event("GET", "/uploads", None);
    assert_eq!(ask(&endpoint, &list).1["error"]["bucket"], "my_photos");
    list["queryStringParameters"] = json!({ "bucket": "uploads" });
    assert!(url(&list).starts_with("https://my-bucket."));
}
