//! Answers that AWS gave, and what each means.
//!
//! `recorded.json` holds data of LocalStack's snapshots of AWS (tests/aws/services at commit 8b9a79f, Apache-2.0), with
//! the file, the test and the day of each; ids are `X` there. The class of each was added to the data.

use serde::Deserialize;
use stackctl_aws_client::request::{
    operation::{Class, ErrorAnswer},
    retry::{class, hint},
};

use super::operation;

#[derive(Deserialize)]
struct Recorded {
    /// The service, or the operation where the class depends on it.
    operation: String,
    status: u16,
    code: String,
    message: String,
    class: String,
    source: String,
}

#[test]
fn what_aws_answered_is_understood() {
    let all: Vec<Recorded> = serde_json::from_str(include_str!("recorded.json")).unwrap();
    let mut wrong = Vec::new();
    for Recorded { operation: name, status, code, message, class: expected, source } in &all {
        let answer = ErrorAnswer {
            operation: operation(name),
            status: *status,
            code: code.clone(),
            message: message.clone(),
            retry_after: None,
        };
        if code.starts_with("AccessDenied") {
            assert!(hint(&answer).is_some_and(|it| it.contains("may not do")), "{source}");
        }
        let seen = format!("{:?}", class(&answer));
        if seen != *expected {
            wrong.push(format!("{name} {status} {code} {message}: {seen} and not {expected} ({source})"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let classes = [Class::Gone, Class::Exists, Class::Busy, Class::Throttle, Class::Unclear, Class::Final];
    for class in classes.map(|it| format!("{it:?}")) {
        assert!(all.iter().any(|it| it.class == class), "no recorded answer means {class}");
    }
}
