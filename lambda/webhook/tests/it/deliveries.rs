//! What a receiver gets, and what its answers lead to.

use std::{net::TcpListener, thread, time::Duration};

use serde_json::Value;
use webhook::{message::messages, secrets::Secrets};

use crate::server::{OK, Request, SECRET, Server, event, function, invoke};

const KEY: &str = "uploads/8d7f/c0/a.png";

/// The statuses that the log has, and whether the invocation succeeded.
fn outcome(answers: &[&str; 3], seconds: u64) -> (bool, Vec<Request>, Vec<Value>) {
    let (ssm, receiver) = (Server::ssm(SECRET), Server::start(*answers));
    let webhook = function(&format!("{}/hook?a=b", receiver.url), &ssm.url);
    let (result, log) = invoke(&webhook, &event(&[KEY]), seconds);
    (result.is_ok(), receiver.requests(), log)
}

#[test]
fn a_request_is_signed() {
    let (ok, requests, log) = outcome(&[OK, OK, OK], 30);
    assert!(ok);
    let [Request { line, headers, body, at: _ }] = requests.as_slice() else { panic!("{requests:?}") };
    let expected = &messages(&event(&[KEY]), &["uploads/{sub}/".to_owned()])[0];
    assert_eq!(line, "POST /hook?a=b HTTP/1.1");
    assert_eq!((&headers["webhook-id"], body), (&expected.id, &expected.body));
    assert_eq!(headers["content-type"], "application/json");
    assert!(headers["user-agent"].starts_with("stackctl-webhook/"));
    let timestamp: u64 = headers["webhook-timestamp"].parse().unwrap();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    assert!(now - 20 <= timestamp && timestamp <= now, "{timestamp}");
    let signature = Secrets::read(SECRET).unwrap().sign(&expected.id, timestamp, body);
    assert_eq!(headers["webhook-signature"], signature);
    let [line] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!((&line["id"], &line["status"]), (&expected.id.as_str().into(), &204.into()));
    assert!(!format!("{log:?}").contains("hook?") && !format!("{log:?}").contains("8d7f"), "{log:?}");
}

/// The id and the body are the same in each attempt.
#[test]
fn a_failure_is_tried_again() {
    let (ok, requests, log) = outcome(&["500 No\n\n", "", OK], 60);
    assert!(ok, "{log:?}");
    assert_eq!(requests.len(), 3);
    for other in &requests[1..] {
        assert_eq!(other.headers["webhook-id"], requests[0].headers["webhook-id"]);
        assert_eq!(other.body, requests[0].body);
    }
    let gap = |n: usize| requests[n].at - requests[n - 1].at;
    assert!(gap(1) >= Duration::from_secs(1) && gap(2) >= Duration::from_secs(5), "{requests:?}");
    assert_eq!((&log[0]["error"], &log[2]["attempt"]), (&"the receiver answered 500".into(), &3.into()));
    assert!(log[1]["error"].as_str().unwrap().starts_with("no response"), "{log:?}");
}

/// Lambda invokes the function again after an error.
#[test]
fn the_last_failure_fails_the_invocation() {
    let check = |answer: &str| {
        let (ssm, receiver) = (Server::ssm(SECRET), Server::start([answer]));
        let (result, _) = invoke(&function(&receiver.url, &ssm.url), &event(&[KEY]), 60);
        let status = answer.split(' ').next().unwrap();
        assert!(result.unwrap_err().ends_with(&format!(": the receiver answered {status}")), "{answer}");
        assert_eq!(receiver.requests().len(), 3, "{answer}");
        // No redirect is followed.
        assert!(receiver.requests().iter().all(|it| it.line == "POST / HTTP/1.1"));
    };
    thread::scope(|scope| {
        for answer in ["500 No\n\n", "302 Found\nlocation: /other\n\n", "404 No\n\n"] {
            scope.spawn(move || check(answer));
        }
    });
}

#[test]
fn gone_is_final() {
    let (ok, requests, _) = outcome(&["410 Gone\n\n", OK, OK], 60);
    assert!(!ok);
    assert_eq!(requests.len(), 1);
}

#[test]
fn a_pause_that_the_receiver_asks_for() {
    let (ok, requests, _) = outcome(&["429 Later\nretry-after: 3\n\n", OK, OK], 60);
    assert!(ok);
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(3), "{requests:?}");
    // One that is longer than the invocation ends it at once.
    for seconds in ["60", "18446744073709551615"] {
        let (ok, requests, _) = outcome(&[&format!("503 Later\nretry-after: {seconds}\n\n"), OK, OK], 30);
        assert!(!ok && requests.len() == 1, "{requests:?}");
    }
}

/// The invocation ends before Lambda would end it.
#[test]
fn an_invocation_without_time_has_one_attempt() {
    let (ok, requests, _) = outcome(&["500 No\n\n", OK, OK], 2);
    assert!(!ok && requests.len() == 1, "{requests:?}");
}

#[test]
fn a_receiver_that_does_not_answer() {
    let (ssm, receiver) = (Server::ssm(SECRET), TcpListener::bind("127.0.0.1:0").unwrap());
    let url = format!("http://{}", receiver.local_addr().unwrap());
    let (result, _) = invoke(&function(&url, &ssm.url), &event(&[KEY]), 3);
    assert!(result.unwrap_err().contains("no response within"));
}

#[test]
fn each_record_is_a_message() {
    let (ssm, receiver) = (Server::ssm(SECRET), Server::start([OK, "410 Gone\n\n", OK]));
    let (result, _) = invoke(&function(&receiver.url, &ssm.url), &event(&["a", "b", "c"]), 60);
    let ids: Vec<String> = messages(&event(&["a", "b", "c"]), &[]).into_iter().map(|it| it.id).collect();
    let requests = receiver.requests();
    assert_eq!(requests.iter().map(|it| it.headers["webhook-id"].clone()).collect::<Vec<_>>(), ids);
    assert_eq!(result, Err(format!("{}: the receiver answered 410", ids[1])));
}

/// A name is resolved once, and the address that was checked is used.
#[test]
fn private_addresses_are_refused() {
    for host in ["localhost", "127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[fd00::1]"] {
        let ssm = Server::ssm(SECRET);
        let variables = [
            ("WEBHOOK_URL", format!("https://{host}/hook")),
            ("WEBHOOK_SECRET", "/s".to_owned()),
            ("AWS_ENDPOINT_URL_SSM", ssm.url.clone()),
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ];
        let webhook = webhook::Webhook::new(variables.map(|(name, value)| (name.to_owned(), value)));
        let (result, log) = invoke(&webhook, &event(&[KEY]), 30);
        assert!(result.unwrap_err().contains("is not a public address"), "{host}");
        assert_eq!(log.len(), 1, "{host}");
    }
}

#[test]
fn what_is_no_event_of_s3_sends_nothing() {
    let (ssm, receiver) = (Server::ssm(SECRET), Server::start([OK]));
    let webhook = function(&receiver.url, &ssm.url);
    for event in [Value::Null, serde_json::json!({ "Event": "s3:TestEvent" })] {
        assert_eq!(invoke(&webhook, &event, 30), (Ok(()), Vec::new()));
    }
    assert!(receiver.requests().is_empty() && ssm.requests().is_empty());
}

#[test]
fn a_function_without_settings() {
    let webhook = webhook::Webhook::new([]);
    let (result, log) = invoke(&webhook, &event(&[KEY]), 30);
    assert_eq!(result, Err("WEBHOOK_URL is not set".to_owned()));
    assert_eq!(log[0]["message"], "WEBHOOK_URL is not set");
}
