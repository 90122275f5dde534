//! Where the secret comes from, and how a new one is noticed.

use std::thread;

use serde_json::{Value, json};

use crate::server::{OK, OTHER, SECRET, Server, event, function, invoke};

/// The number of signatures of each request that arrived.
fn signatures(receiver: &Server) -> Vec<usize> {
    let count = |it: &crate::server::Request| it.headers["webhook-signature"].split(' ').count();
    receiver.requests().iter().map(count).collect()
}

#[test]
fn is_read_once_by_a_signed_request() {
    let (ssm, receiver) = (Server::ssm(&format!("{OTHER}\n{SECRET}")), Server::start([OK]));
    let webhook = function(&receiver.url, &ssm.url);
    for key in ["a", "b"] {
        assert_eq!(invoke(&webhook, &event(&[key]), 30).0, Ok(()));
    }
    assert_eq!(signatures(&receiver), [2, 2]);
    let requests = ssm.requests();
    assert_eq!(requests.len(), 1);
    let body: Value = serde_json::from_str(&requests[0].body).unwrap();
    assert_eq!(body, json!({ "Name": "/stackctl/app/uploads/webhook", "WithDecryption": true }));
    let headers = &requests[0].headers;
    assert_eq!(headers["x-amz-target"], "AmazonSSM.GetParameter");
    assert_eq!(headers["x-amz-security-token"], "token");
    let signature = &headers["authorization"];
    let signed = "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
    assert!(signature.contains("/eu-west-1/ssm/aws4_request") && signature.contains(signed), "{signature}");
}

/// A receiver with the new secret alone refuses what the old one signed, and accepts the next attempt.
#[test]
fn is_read_again_after_a_refusal() {
    let refused = "401 Who\nretry-after: 2\n\n";
    let (ssm, receiver) = (Server::ssm(SECRET), Server::start([OK, refused, OK]));
    let webhook = function(&receiver.url, &ssm.url);
    assert_eq!(invoke(&webhook, &event(&["a"]), 30).0, Ok(()));
    ssm.answer(&Server::parameter(&format!("{OTHER}\n{SECRET}")));
    assert_eq!(invoke(&webhook, &event(&["b"]), 30).0, Ok(()));
    assert_eq!(signatures(&receiver), [1, 1, 2]);
}

/// What was read before stays in use while Systems Manager does not answer.
#[test]
fn of_before_is_used_when_it_cannot_be_read_again() {
    let refused = "403 No\nretry-after: 2\n\n";
    let (ssm, receiver) = (Server::ssm(SECRET), Server::start([OK, refused, OK]));
    let webhook = function(&receiver.url, &ssm.url);
    assert_eq!(invoke(&webhook, &event(&["a"]), 30).0, Ok(()));
    ssm.answer("500 No\n\n");
    assert_eq!(invoke(&webhook, &event(&["b"]), 30).0, Ok(()));
    assert_eq!(ssm.requests().len(), 2);
}

#[test]
fn that_cannot_be_read_fails_the_invocation() {
    let check = |answer: &str, expected: &str| {
        let (ssm, receiver) = (Server::start([answer]), Server::start([OK]));
        let (result, log) = invoke(&function(&receiver.url, &ssm.url), &event(&["a"]), 30);
        let why = result.unwrap_err();
        assert!(why.ends_with(&format!("the secret /stackctl/app/uploads/webhook: {expected}")), "{why}");
        assert_eq!(log.len(), 3);
        assert!(receiver.requests().is_empty());
    };
    let absent = "400 No\n\n{\"__type\":\"ParameterNotFound\"}";
    thread::scope(|scope| {
        for (answer, expected) in [
            (absent, "GetParameter answered 400, ParameterNotFound"),
            ("500 No\n\n", "GetParameter answered 500, no code"),
            ("200 OK\n\n[]", "GetParameter answered no value"),
            ("200 OK\n\n{\"Parameter\":{\"Value\":\"x\"}}", "a secret does not begin with whsec_"),
        ] {
            scope.spawn(move || check(answer, expected));
        }
    });
}
