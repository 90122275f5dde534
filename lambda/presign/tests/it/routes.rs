//! What each route answers.

use std::collections::BTreeSet;

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
    assert!(url.contains("?If-None-Match=%2A&"), "{url}");
    assert_eq!(query_of(url).len(), 1, "no checksum, no id: {url}");
    let again = granted(&endpoint(&[]), &event("GET", "/", None));
    assert_ne!(again.as_str(), Some(url), "a new key each time");
    let later = granted(&endpoint(&[("URL_EXPIRES", "1h")]), &event("GET", "/", None));
    assert!(later.as_str().unwrap().contains("X-Amz-Expires=3600&"));
    let mut sized = event("GET", "/", None);
    sized["queryStringParameters"] = json!({ "size": "5" });
    let sized = granted(&endpoint(&[("MAX_BYTES", "5")]), &sized);
    assert_eq!(signed(sized.as_str().unwrap()), "content-length%3Bhost", "the size is signed");
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
    assert!(url.contains("/a%20b%2B%C3%BC.png?If-None-Match=%2A&"), "{url}");
    let same = [checksum.to_owned(), text(&wanted, "sha256").to_uppercase()];
    for given in same {
        let mut wanted = wanted.clone();
        wanted["sha256"] = given.into();
        assert_eq!(granted(&endpoint(&[]), &event("POST", "/uploads", Some(wanted)))["headers"], headers);
    }
}

fn policy(form: &Value) -> Value {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let policy = BASE64_STANDARD.decode(text(&form["fields"], "policy")).unwrap();
    serde_json::from_slice(&policy).unwrap()
}

#[test]
fn a_form() {
    let mut wanted = json!({ "filename": "a.png", "contentType": "image/png", "size": 5, "mode": "post" });
    let body = granted(&endpoint(&[]), &event("POST", "/uploads", Some(wanted.clone())));
    assert_eq!(body["method"], "POST");
    assert_eq!(body["url"], "https://my-bucket.s3.eu-west-1.amazonaws.com");
    assert_eq!(body["fields"]["key"], body["key"]);
    assert_eq!(body["fields"]["Content-Type"], "image/png");
    assert_eq!(body["fields"]["x-amz-security-token"], "a-token");
    let policy = policy(&body);
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

/// All that `signRequest` of Uppy 6 is called with, and the sizes that the README adds.
#[test]
fn uppys_requests() {
    let key = "uploads/me-1/123/big.bin";
    let cases = [
        (
            json!({ "method": "PUT", "key": "big.bin", "contentType": "text/plain", "size": 7 }),
            vec!["If-None-Match"],
            "content-length%3Bcontent-type%3Bhost",
        ),
        (json!({ "method": "POST", "key": "big.bin", "size": 7 }), vec!["uploads"], "host"),
        (
            json!({ "method": "PUT", "key": key, "uploadId": "u", "partNumber": 3, "size": 7 }),
            vec!["partNumber", "uploadId"],
            "content-length%3Bhost",
        ),
        (json!({ "method": "GET", "key": key, "uploadId": "u" }), vec!["uploadId"], "host"),
        (
            json!({ "method": "GET", "key": key, "uploadId": "u", "partNumberMarker": 1000 }),
            vec!["part-number-marker", "uploadId"],
            "host",
        ),
        (
            json!({ "method": "POST", "key": key, "uploadId": "u", "size": 7 }),
            vec!["uploadId"],
            "host%3Bif-none-match%3Bx-amz-mp-object-size",
        ),
        (json!({ "method": "DELETE", "key": key, "uploadId": "u" }), vec!["uploadId"], "host"),
        (json!({ "method": "DELETE", "key": key }), vec![], "host"),
    ];
    for (wanted, query, headers) in cases {
        let body = granted(&endpoint(&[]), &event("POST", "/sign", Some(wanted.clone())));
        let url = text(&body, "url");
        assert_eq!(query_of(url).into_iter().collect::<Vec<_>>(), query, "{wanted}");
        assert_eq!(signed(url), headers, "{wanted}");
        assert_eq!(body["method"], wanted["method"]);
        let named = body["headers"].as_object().unwrap().keys().map(String::as_str);
        // The browser sends these itself, and lets no script set them.
        let all: BTreeSet<&str> = named.chain(["content-length", "host"]).collect();
        assert!(headers.split("%3B").all(|it| all.contains(it)), "a header for each signed one: {body}");
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
        sign(json!({ "method": "POST", "key": "a", "filename": "b.txt", "contentType": "Text/Plain; a=b",
        "size": 7 }));
    assert!(text(&body, "key").ends_with("/b.txt"), "{body}");
    assert_eq!(body["headers"], json!({ "content-type": "text/plain;a=b" }));
    let of_upload = |method: &str, more: Value| {
        let mut wanted = json!({ "method": method, "key": "uploads/me-1/1/a", "uploadId": "u", "size": 7 });
        wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sign(wanted)
    };
    let part = of_upload("PUT", json!({ "partNumber": 1 }));
    assert_eq!(part["headers"], json!({}), "the browser sends the length itself");
    let complete = of_upload("POST", json!({}));
    assert_eq!(complete["headers"], json!({ "if-none-match": "*", "x-amz-mp-object-size": "7" }));
    let list = of_upload("GET", json!({ "partNumberMarker": 1000 }));
    assert!(text(&list, "url").contains("?uploadId=u&part-number-marker=1000&X-Amz-"), "{list}");
    for (asked, answered) in [(json!(1), 1), (json!(299), 299), (json!(86400), 300), (json!(1e300), 300)] {
        let body = sign(json!({ "method": "POST", "key": "a", "size": 7, "expiresIn": asked }));
        assert!(text(&body, "url").contains(&format!("X-Amz-Expires={answered}&")), "{asked}");
    }
    let body = sign(json!({ "method": "PUT", "key": "a", "mode": "post" }));
    assert_eq!((&body["method"], &body["fields"]["key"]), (&json!("POST"), &body["key"]));
    assert!(body["fields"].get("Content-Type").is_none());
}

/// JSON Schema calls these integers too, and JavaScript's own numbers are written in each of these ways.
#[test]
fn whole_numbers() {
    for size in ["5", "5.0", "5e0", "0.5e1", "50e-1"] {
        let mut event = event("POST", "/uploads", None);
        event["body"] =
            format!(r#"{{"filename": "a", "contentType": "a/b", "size": {size}, "mode": "post"}}"#).into();
        let body = granted(&endpoint(&[]), &event);
        assert_eq!(
            policy(&body)["conditions"].as_array().unwrap().last(),
            Some(&json!(["content-length-range", 5, 5]))
        );
    }
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
    let query = format!("?response-content-disposition={name}&response-content-type=text%2Fplain&");
    assert!(text(&body, "url").contains(&query), "{body}");

    // A name that displays as an image, and a type of the uploader's own.
    for (key, name, kind) in [
        ("uploads/me-1/7/photo-\u{202e}gpj.exe", "photo-gpj.exe", "application%2Foctet-stream"),
        ("uploads/me-1/7/a.html", "a.html", "application%2Foctet-stream"),
        ("uploads/me-1/7/\u{200b}", "file", "application%2Foctet-stream"),
        ("uploads/me-1/7/a.png", "a.png", "image%2Fpng"),
    ] {
        let body = granted(&endpoint, &event_about("GET", key));
        assert_eq!((text(&body, "key"), text(&body, "filename")), (key, name));
        let url = text(&body, "url");
        assert!(url.contains(&format!("&response-content-type={kind}&")), "{url}");
        assert!(!url.split_once('?').unwrap().1.contains("%25E2%2580"), "{url}");
    }
}

#[test]
fn only_a_pdf_is_shown_by_the_browser() {
    let endpoint = endpoint(&[("GRANTS_UPLOADS", "get")]);
    for (name, inline, is_shown) in [
        ("a.PDF", "true", true),
        ("a.pdf", "false", false),
        ("a.html", "true", false),
        ("a.svg", "true", false),
        ("pdf", "true", false),
    ] {
        let mut event = event_about("GET", &format!("uploads/me-1/7/{name}"));
        event["queryStringParameters"] = json!({ "inline": inline });
        let body = granted(&endpoint, &event);
        let url = text(&body, "url");
        let shown = "?response-content-disposition=inline&response-content-type=application%2Fpdf&";
        assert_eq!(url.contains(shown), is_shown, "{name} {inline}: {url}");
        assert_eq!(url.contains("-disposition=attachment"), !is_shown, "{name} {inline}: {url}");
    }
}

/// The end of a new key; S3 would replace `${filename}` by the posted file's name.
#[test]
fn names_of_new_files() {
    for (name, end) in [
        ("photo-\u{202e}gpj.exe", "/photo-gpj.exe"),
        ("a\u{200b}\u{2028}\u{2066}\u{feff}b", "/ab"),
        ("${filename}", "/_{filename}"),
    ] {
        let endpoint = endpoint(&[]);
        let upload = json!({ "filename": name, "contentType": "a/b", "size": 1, "mode": "post" });
        let body = granted(&endpoint, &event("POST", "/uploads", Some(upload)));
        assert!(text(&body["fields"], "key").ends_with(end), "{body}");
        for method in ["PUT", "POST"] {
            let body = json!({ "method": method, "key": name, "size": 1 });
            let body = granted(&endpoint, &event("POST", "/sign", Some(body)));
            assert!(text(&body, "key").ends_with(end), "{body}");
        }
    }
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
        let mut body = json!({ "filename": "a", "contentType": "a/b", "size": 1 });
        body.as_object_mut().unwrap().extend(bucket.as_object().unwrap().clone());
        event("POST", "/uploads", Some(body))
    };
    assert!(url(&wanted(json!({ "bucket": "uploads" }))).starts_with("https://my-bucket."));
    assert!(url(&wanted(json!({ "bucket": "my-photos" }))).starts_with("https://photos."));
    assert!(url(&wanted(json!({}))).starts_with("https://photos."), "the first by name");
    let mut list = event("GET", "/uploads", None);
    assert_eq!(ask(&endpoint, &list).1["error"]["bucket"], "my_photos");
    list["queryStringParameters"] = json!({ "bucket": "uploads" });
    assert!(url(&list).starts_with("https://my-bucket."));
}
