//! The signatures against botocore's, made by ../vectors/make.py.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use presign::{
    post_policy::Form,
    sign::{Signer, ToSign},
};
use serde_json::Value;

/// 2026-11-24T03:30:00Z
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_491_000)
}

fn vectors(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn signer(vector: &Value) -> Signer {
    let mut variables = BTreeMap::from([
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("AWS_REGION", text(vector, "region")),
    ]);
    variables.extend(vector["token"].as_str().map(|token| ("AWS_SESSION_TOKEN", token)));
    variables.extend(vector["endpoint"].as_str().map(|endpoint| ("AWS_ENDPOINT_URL", endpoint)));
    let variables = variables.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Signer::read(&variables).unwrap()
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_else(|| panic!("{name} in {vector}"))
}

fn expires(vector: &Value) -> Duration {
    Duration::from_secs(vector["expires"].as_u64().unwrap())
}

#[test]
fn urls() {
    let vectors = vectors(include_str!("../vectors/urls.json"));
    assert!(vectors.len() > 300);
    for vector in &vectors {
        let query = vector["query"].as_array().unwrap().iter();
        let headers = vector["headers"].as_object().unwrap().iter();
        let request = ToSign {
            method: text(vector, "method"),
            bucket: text(vector, "bucket"),
            key: vector["key"].as_str(),
            query: query
                .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap().to_owned()))
                .collect(),
            headers: headers
                .map(|(name, value)| (name.as_str(), value.as_str().unwrap().to_owned()))
                .collect(),
            expires: expires(vector),
        };
        assert_eq!(signer(vector).presign(&request, now()).unwrap(), text(vector, "url"), "{vector}");
    }
}

/// The form's fields are botocore's; its policy says the same in another order, so its signature is another one.
#[test]
fn forms() {
    for vector in &vectors(include_str!("../vectors/forms.json")) {
        let signer = signer(vector);
        let size = |at: usize| vector["size"][at].as_u64().unwrap();
        let form = Form {
            bucket: "my-bucket",
            key: text(vector, "key"),
            content_type: vector["contentType"].as_str(),
            checksum: vector["checksum"].as_str(),
            size: size(0)..=size(1),
            expires: expires(vector),
        };
        let (url, fields) = signer.post(&form, now());
        let botocores = &vector["fields"];
        assert_eq!(url, text(vector, "url").trim_end_matches('/'));
        assert_eq!(policy(&fields), policy(botocores));
        for (name, value) in botocores.as_object().unwrap() {
            if name != "policy" && name != "x-amz-signature" {
                assert_eq!(&fields[name], value, "{name}");
            }
        }
        assert_eq!(fields.as_object().unwrap().len(), botocores.as_object().unwrap().len());
        // Botocore's own policy, signed by us, has botocore's signature.
        let theirs = text(botocores, "policy");
        assert_eq!(signer.signature(theirs, now()), text(botocores, "x-amz-signature"));
        assert_eq!(signer.signature(text(&fields, "policy"), now()), text(&fields, "x-amz-signature"));
    }
}

/// A policy with its conditions as a set.
fn policy(fields: &Value) -> (String, BTreeSet<String>) {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let decoded = BASE64_STANDARD.decode(text(fields, "policy")).unwrap();
    let policy: Value = serde_json::from_slice(&decoded).unwrap();
    let conditions = policy["conditions"].as_array().unwrap().iter().map(ToString::to_string);
    (text(&policy, "expiration").to_owned(), conditions.collect())
}
