//! Roles and functions for tests.

use std::time::Duration;

use serde_json::{Value, json};

use crate::running::{HttpResponse, Running};

pub const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;

/// A zip with a function that answers `called`.
pub const ZIP: &str = "UEsDBBQAAAAAAAAAIVwdnfsECgAAAAoAAAAJAAAAYm9vdHN0cmFwIyEvYmluL3NoClBLAwQUAAAAAAAAACFcQy18/U4AAABOAAAACAAAAGluZGV4LnB5ZGVmIGhhbmRsZXIoZXZlbnQsIGNvbnRleHQpOgogICAgcmV0dXJuIHsic3RhdHVzQ29kZSI6IDIwMCwgImJvZHkiOiAiY2FsbGVkIn0KUEsBAhQDFAAAAAAAAAAhXB2d+wQKAAAACgAAAAkAAAAAAAAAAAAAAO0BAAAAAGJvb3RzdHJhcFBLAQIUAxQAAAAAAAAAIVxDLXz9TgAAAE4AAAAIAAAAAAAAAAAAAACkATEAAABpbmRleC5weVBLBQYAAAAAAgACAG0AAAClAAAAAAA=";

pub async fn iam(cloud: &Running, form: &str) -> HttpResponse {
    let request = "POST /\ncontent-type: application/x-www-form-urlencoded";
    cloud.signed("iam", request, format!("{form}&Version=2010-05-08")).await
}

pub fn encoded(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}

pub async fn create_role(cloud: &Running, name: &str, trust: &str) {
    let form = format!("Action=CreateRole&RoleName={name}&AssumeRolePolicyDocument={}", encoded(trust));
    assert_eq!(iam(cloud, &form).await.status, 200);
}

pub async fn create_function(cloud: &Running, name: &str, role: &str, variables: Value) -> HttpResponse {
    let body = json!({
        "FunctionName": name,
        "Role": format!("arn:aws:iam::000000000000:role/{role}"),
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Code": { "ZipFile": ZIP },
        "Environment": { "Variables": variables },
    });
    cloud.signed("lambda", "POST /2015-03-31/functions", body.to_string()).await
}

pub async fn call(cloud: &Running, request: &str, body: Value) -> HttpResponse {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    cloud.signed("lambda", request, body).await
}

pub async fn configuration(cloud: &Running, name: &str) -> Value {
    call(cloud, &format!("GET /2015-03-31/functions/{name}/configuration"), Value::Null).await.json()
}

/// The configuration once the emulator's own half second is over.
pub async fn settled(cloud: &Running, name: &str) -> Value {
    for _ in 0..400 {
        let it = configuration(cloud, name).await;
        if it["State"] != "Pending" && it["LastUpdateStatus"] != "InProgress" {
            return it;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it does not settle");
}
