//! The document of the presign endpoint against the running one: each operation, through API Gateway.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    endpoint::{
        flow::{first_sign_in, send, text},
        schema::problems,
    },
    harness::{cloud::Cloud, trial::trial},
};

/// The page's own stack has every route and every grant.
const STACK: &str = include_str!("../../../web/stack.yaml");
const DOCUMENT: &str = include_str!("../../../lambda/presign/openapi.yaml");

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("contract::the_document_is_kept", move || {
        let copy = cloud.working_copy("contract", &STACK.replace("stack: upload-page", "stack: NAME"));
        copy.apply();
        let outputs = copy.outputs();
        let token = first_sign_in(&copy, cloud, &outputs).id;
        let document: Value = serde_yaml::from_str(DOCUMENT).unwrap();
        let ask = |method: Method, path: &str, body: Option<Value>, token: Option<&str>| {
            let mut headers = vec![("Origin", "http://localhost:5173"), ("Content-Type", "application/json")];
            headers.extend(token.map(|token| ("Authorization", token)));
            let url = format!("{}{path}", text(&outputs, "endpoint"));
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            let answer = send(method, &url, &headers, body.as_bytes());
            assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:5173"), "{path}");
            (answer.status, serde_json::from_str::<Value>(&answer.text()).unwrap())
        };
        let upload = json!({ "filename": "a b.txt", "contentType": "text/plain", "size": 1 });
        let (_, made) = ask(Method::POST, "/uploads", Some(upload.clone()), Some(&token));
        let key = made["key"].as_str().unwrap().replace(' ', "%20");
        let file = format!("/uploads/{}", key.strip_prefix("uploads/").unwrap());
        let form = json!({ "filename": "a.txt", "contentType": "text/plain", "size": 1, "mode": "post" });
        let error = &document["components"]["schemas"]["Refusal"];
        let cases = [
            ("/", Method::GET, "", None),
            ("/uploads", Method::POST, "/uploads", Some(upload)),
            ("/uploads", Method::POST, "/uploads", Some(form)),
            ("/uploads", Method::GET, "/uploads", None),
            ("/uploads/{key}", Method::GET, file.as_str(), None),
            ("/uploads/{key}", Method::DELETE, file.as_str(), None),
            ("/sign", Method::POST, "/sign", Some(json!({ "method": "POST", "key": "a", "size": 1 }))),
        ];
        for (place, method, path, body) in cases {
            let operation = &document["paths"][place][method.as_str().to_lowercase()];
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            let (status, answer) = ask(method.clone(), path, body, Some(&token));
            assert_eq!(
                (status, problems(&document, schema, &answer)),
                (200, vec![]),
                "{method} {path}: {answer}"
            );
            let (status, answer) = ask(method, path, None, None);
            assert_eq!((status, problems(&document, error, &answer)), (401, vec![]), "{path}: {answer}");
        }
        let (status, refused) = ask(Method::GET, "/uploads/somebody/1/a.txt", None, Some(&token));
        assert_eq!((status, problems(&document, error, &refused)), (403, vec![]), "{refused}");
    })]
}
