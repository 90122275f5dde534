//! The purpose of the stack: with only the printed outputs, a user signs in and uploads, and no one else can.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::types::MessageActionType;
use libtest_mimic::Trial;
use serde_json::Value;
use ureq::http::{Method, Request};

use crate::{
    harness::{
        cloud::{Cloud, console, wait_for},
        program::WorkingCopy,
        srp::{Person, Tokens},
        trial::trial,
    },
    stacks::lifecycle::STACK,
};

const PAGE: &str = "http://localhost:5173";
const OTHER_PAGE: &str = "http://localhost:3000";
const FOREIGN_PAGE: &str = "http://evil.example";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("flow::sign_in_and_upload", move || {
        let copy = cloud.working_copy("flow", &STACK.replace("URL_EXPIRES: 10s", "URL_EXPIRES: 3s"));
        copy.apply();
        let outputs = copy.outputs();
        let tokens = first_sign_in(&copy, cloud, &outputs);
        refusals(&outputs, &tokens);
        origins(&outputs, &tokens);
        upload(&copy, cloud, &outputs, &tokens);
        misuse(&outputs, &tokens);
    })]
}

/// An HTTP server's answer.
pub struct Answer {
    pub status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub fn send(method: Method, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = agent.run(request.body(body).unwrap()).unwrap();
    let headers = response.headers().iter();
    Answer {
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: response.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap(),
    }
}

pub fn text<'a>(outputs: &'a Value, name: &str) -> &'a str {
    outputs[name].as_str().unwrap_or_else(|| panic!("outputs without {name}: {outputs}"))
}

/// A person made by an administrator must change the password first.
pub fn first_sign_in(copy: &WorkingCopy, cloud: &Cloud, outputs: &Value) -> Tokens {
    let aws = console(copy, &cloud.url);
    let pool = text(outputs, "user_pool_id");
    let person = Person { cognito: &aws.cognito, pool, client: text(outputs, "client_id"), name: "ada" };
    wait_for(async {
        let made = aws
            .cognito
            .admin_create_user()
            .user_pool_id(pool)
            .username("ada")
            .temporary_password("Temporary-1")
            .message_action(MessageActionType::Suppress)
            .send();
        made.await.unwrap();
        person.sign_in("wrong-Password-1", None).await.unwrap_err();
        assert_eq!(
            person.sign_in("Temporary-1", None).await.unwrap_err(),
            "challenged: NEW_PASSWORD_REQUIRED"
        );
        let tokens = person.sign_in("Temporary-1", Some("Lovelace-1815")).await.unwrap();
        person.sign_in("Temporary-1", None).await.unwrap_err();
        assert!(!tokens.access.is_empty());
        person.sign_in("Lovelace-1815", None).await.unwrap()
    })
}

/// A request without an id token is refused in a way that a page can read.
fn refusals(outputs: &Value, tokens: &Tokens) {
    let endpoint = text(outputs, "endpoint");
    let (head, signature) = tokens.id.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let tampered = format!("{head}.{other}{}", &signature[1..]);
    let cases = [None, Some("garbage"), Some(tampered.as_str()), Some(tokens.access.as_str())];
    for token in cases {
        let mut headers = vec![("Origin", PAGE)];
        headers.extend(token.map(|token| ("Authorization", token)));
        let answer = send(Method::GET, endpoint, &headers, b"");
        assert_eq!(answer.status, 401, "{token:?}: {}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "{token:?}");
        assert_eq!(serde_json::from_str::<Value>(&answer.text()).unwrap()["message"], "Unauthorized");
    }
}

/// Each page of the list is answered with its own origin; another one with none.
fn origins(outputs: &Value, tokens: &Tokens) {
    let endpoint = text(outputs, "endpoint");
    for (origin, allowed) in [(PAGE, true), (OTHER_PAGE, true), (FOREIGN_PAGE, false)] {
        let asked = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization"),
        ];
        let preflight = send(Method::OPTIONS, endpoint, &asked, b"");
        assert_eq!(preflight.status, 200, "{origin}");
        assert_eq!(preflight.header("access-control-allow-origin"), allowed.then_some(origin), "{origin}");
        assert_eq!(preflight.header("vary"), Some("Origin"), "{origin}");
        let headers = preflight.header("access-control-allow-headers").unwrap().to_lowercase();
        assert!(headers.contains("authorization"), "{headers}");
        let answer = send(Method::GET, endpoint, &[("Origin", origin), ("Authorization", &tokens.id)], b"");
        assert_eq!(answer.status, 200, "{origin}: {}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), allowed.then_some(origin), "{origin}");
    }
}

fn presigned(outputs: &Value, tokens: &Tokens) -> String {
    let answer = send(Method::GET, text(outputs, "endpoint"), &[("Authorization", &tokens.id)], b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let url: String = serde_json::from_str(&answer.text()).expect("a JSON string");
    assert!(url.contains("/uploads/"), "{url}");
    assert!(url.contains("X-Amz-SignedHeaders=host&") || url.ends_with("X-Amz-SignedHeaders=host"), "{url}");
    assert!(!url.to_lowercase().contains("checksum"), "{url}");
    url
}

/// 5 MB from the allowed page arrive byte for byte.
pub fn upload(copy: &WorkingCopy, cloud: &Cloud, outputs: &Value, tokens: &Tokens) {
    let file: Vec<u8> = (0..5 << 20).map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    // As late as can be: it lives for few seconds.
    let url = &presigned(outputs, tokens);
    let asked = [
        ("Origin", PAGE),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    let preflight = send(Method::OPTIONS, url, &asked, b"");
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (200, Some(PAGE)));
    let foreign: Vec<_> = asked
        .iter()
        .map(|(name, value)| (*name, if *name == "Origin" { FOREIGN_PAGE } else { value }))
        .collect();
    assert_eq!(send(Method::OPTIONS, url, &foreign, b"").status, 403);

    let put = |url: &str, kind: &str, body: &[u8]| {
        let put = send(Method::PUT, url, &[("Origin", PAGE), ("Content-Type", kind)], body);
        let allowed = put.header("access-control-allow-origin");
        assert_eq!((put.status, allowed), (200, Some(PAGE)), "{}", put.text());
    };
    put(url, "image/png", &file);
    // The media type that axios sends by default; the emulator takes seconds to read a large file with it.
    put(&presigned(outputs, tokens), "application/x-www-form-urlencoded", b"a=b");
    let aws = console(copy, &cloud.url);
    let key = url.split('?').next().unwrap().split_once("/uploads/").unwrap().1;
    let stored = wait_for(async {
        let object = aws
            .s3
            .get_object()
            .bucket(text(outputs, "bucket"))
            .key(format!("uploads/{key}"))
            .send()
            .await
            .unwrap();
        object.body.collect().await.unwrap().into_bytes()
    });
    assert!(stored == file, "{} bytes instead of {}", stored.len(), file.len());
}

/// Everything that a URL is not for is refused.
fn misuse(outputs: &Value, tokens: &Tokens) {
    let url = presigned(outputs, tokens);
    let object = url.split('?').next().unwrap();
    let refused = |method: Method, url: &str, what: &str| {
        let answer = send(method, url, &[("Origin", PAGE)], b"x");
        assert_eq!(answer.status, 403, "{what}: {}", answer.text());
    };
    refused(Method::PUT, object, "an anonymous PUT");
    let anonymous = send(Method::GET, object, &[], b"");
    assert_eq!(anonymous.status, 403, "an anonymous GET");
    let (before, signature) = url.split_once("X-Amz-Signature=").unwrap();
    let other = if signature.starts_with('a') { 'b' } else { 'a' };
    refused(
        Method::PUT,
        &format!("{before}X-Amz-Signature={other}{}", &signature[1..]),
        "a tampered signature",
    );
    refused(Method::PUT, &url.replace("/uploads/", "/uploads/somebody-else/"), "another key");
    refused(Method::DELETE, &url, "another method");
    let again = presigned(outputs, tokens);
    assert_ne!(object, again.split('?').next().unwrap(), "each URL has a key of its own");
    std::thread::sleep(std::time::Duration::from_secs(4));
    refused(Method::PUT, &again, "an expired URL");
}
