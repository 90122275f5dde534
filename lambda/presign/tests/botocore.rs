//! The signatures against botocore's, made by vectors/make.py.

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

fn signer(vector: &Value) -> Signer {
    let mut variables = BTreeMap::from([
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("AWS_REGION", vector["region"].as_str().unwrap()),
    ]);
    variables.extend(vector["token"].as_str().map(|token| ("AWS_SESSION_TOKEN", token)));
    variables.extend(vector["endpoint"].as_str().map(|endpoint| ("AWS_ENDPOINT_URL", endpoint)));
    let variables = variables.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Signer::read(&variables).unwrap()
}

fn pairs(object: &Value) -> Vec<(&str, String)> {
    let pairs = object.as_object().unwrap().iter();
    pairs.map(|(name, value)| (name.as_str(), value.as_str().unwrap().to_owned())).collect()
}

/// What comes before the query, and the query's parts in no order: `uploads` and `uploads=` are the same.
fn parts(url: &str) -> (&str, BTreeSet<String>) {
    let (address, query) = url.split_once('?').unwrap();
    (address, query.split('&').map(|part| part.trim_end_matches('=').to_owned()).collect())
}

#[test]
fn urls() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("vectors/urls.json")).unwrap();
    assert!(vectors.len() > 100);
    let mut identical = 0;
    for vector in &vectors {
        let request = ToSign {
            method: vector["method"].as_str().unwrap(),
            bucket: "my-bucket",
            key: vector["key"].as_str(),
            query: pairs(&vector["query"]),
            headers: pairs(&vector["headers"]),
            expires: Duration::from_secs(vector["expires"].as_u64().unwrap()),
        };
        let ours = signer(vector).presign(&request, now()).unwrap();
        let botocores = vector["url"].as_str().unwrap();
        assert_eq!(parts(&ours), parts(botocores), "{}", vector["key"]);
        let plain = vector["token"].is_null() && vector["query"].as_object().unwrap().is_empty();
        if plain {
            assert_eq!(ours, botocores, "byte for byte, where no token changes the order");
            identical += 1;
        }
    }
    assert!(identical >= 60, "{identical}");
}

/// The form's fields are botocore's; its policy says the same in another order, so its signature is another one.
#[test]
fn forms() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("vectors/forms.json")).unwrap();
    for vector in &vectors {
        let signer = signer(vector);
        let form = Form {
            bucket: "my-bucket",
            key: vector["key"].as_str().unwrap(),
            content_type: vector["contentType"].as_str().unwrap(),
            size: vector["size"].as_u64().unwrap(),
            expires: Duration::from_secs(vector["expires"].as_u64().unwrap()),
        };
        let (url, fields) = signer.post(&form, now());
        let botocores = &vector["fields"];
        assert_eq!(format!("{url}/"), vector["url"].as_str().unwrap());
        assert_eq!(policy(&fields), policy(botocores));
        for (name, value) in botocores.as_object().unwrap() {
            if name != "policy" && name != "x-amz-signature" {
                assert_eq!(&fields[name], value, "{name}");
            }
        }
        assert_eq!(fields.as_object().unwrap().len(), botocores.as_object().unwrap().len());
        // Botocore's own policy, signed by us, has botocore's signature.
        let theirs = botocores["policy"].as_str().unwrap();
        assert_eq!(signer.signature(theirs, now()), botocores["x-amz-signature"].as_str().unwrap());
        let ours = fields["policy"].as_str().unwrap();
        assert_eq!(signer.signature(ours, now()), fields["x-amz-signature"].as_str().unwrap());
    }
}

/// A policy with its conditions as a set; `{a: b}` and `["eq", "$a", b]` are the same.
fn policy(fields: &Value) -> (String, BTreeSet<String>) {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let text = BASE64_STANDARD.decode(fields["policy"].as_str().unwrap()).unwrap();
    let policy: Value = serde_json::from_slice(&text).unwrap();
    let conditions = policy["conditions"].as_array().unwrap().iter().map(ToString::to_string);
    (policy["expiration"].as_str().unwrap().to_owned(), conditions.collect())
}
