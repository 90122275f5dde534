//! Requests that the gateway forwards, refuses and logs.

use expect_test::expect;
use serde_json::Value;

use crate::running::Running;

#[tokio::test]
async fn answers_and_refuses() {
    let cloud = Running::new().await;
    let health = cloud.send("GET /_stackctl/health", "").await.json();
    assert_eq!(health["status"], "ok");
    for path in ["/_ministack/reset", "/%5Fministack/reset", "//_ministack/reset", "/_ministack/config"] {
        assert_eq!(cloud.send(&format!("POST {path}"), "").await.status, 403, "{path}");
    }
    assert_eq!(cloud.send("GET /\nhost: evil.example", "").await.status, 403);
    let from_a_page =
        cloud.signed("lambda", "POST /2015-03-31/functions\norigin: https://evil.example", "{}").await;
    assert_eq!(from_a_page.status, 403);
    let from_an_image = cloud.signed("iam", "GET /?Action=ListUsers\nsec-fetch-site: cross-site", "").await;
    assert_eq!(from_an_image.status, 403);
    cloud.create_bucket("local").await;
    let page = "origin: https://evil.example";
    for request in ["GET /local/key", "PUT /local/key", "DELETE /local/key", "POST /local?delete"] {
        assert_eq!(cloud.signed("s3", &format!("{request}\n{page}"), "").await.status, 403, "{request}");
    }
    for path in ["/_ministack/lambda-code/f", "/_stackctl/strict"] {
        assert_eq!(cloud.send(&format!("GET {path}\n{page}"), "").await.status, 403, "{path}");
    }
    // Only a layer has such a path.
    assert_eq!(cloud.send("POST /_stackctl/strict", "{}").await.status, 404);
    let rebound = "GET /_stackctl/health\nhost: evil.example";
    assert_eq!(cloud.send(rebound, "").await.status, 403);
}

#[tokio::test]
async fn a_policy_that_asks_for_tls_holds_as_on_aws() {
    let cloud = Running::new().await;
    cloud.create_bucket("tls-only").await;
    assert_eq!(cloud.signed("s3", "PUT /tls-only/key", "hello").await.status, 200);
    assert_eq!(cloud.signed("s3", "DELETE /tls-only?publicAccessBlock", "").await.status, 204);
    let policy = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::tls-only/*",
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::tls-only/*"}]}"#;
    assert_eq!(cloud.signed("s3", "PUT /tls-only?policy", policy).await.status, 204);
    let read = cloud.send("GET /tls-only/key", "").await;
    assert_eq!((read.status.as_u16(), read.text.as_str()), (200, "hello"));
}

#[tokio::test]
async fn a_bucket_has_an_owner() {
    let cloud = Running::new().await;
    cloud.create_bucket("owned").await;
    let get = "GET /owned?cors\nx-amz-expected-bucket-owner";
    assert_eq!(cloud.signed("s3", &format!("{get}: 000000000000"), "").await.status, 404);
    let refused = cloud.signed("s3", &format!("{get}: 210987654321"), "").await;
    assert!(refused.status == 403 && refused.text.contains("<Code>AccessDenied</Code>"), "{refused:?}");
}

#[tokio::test]
async fn large_bodies_pass() {
    let cloud = Running::new().await;
    cloud.create_bucket("large").await;
    let body = vec![b'x'; 30 << 20];
    assert_eq!(cloud.signed("s3", "PUT /large/object", body).await.status, 200);
    let head = cloud.signed("s3", "HEAD /large/object", "").await;
    assert_eq!((head.status.as_u16(), head.header("content-length")), (200, "31457280"));
}

#[tokio::test]
async fn every_request_is_a_line() {
    let cloud = Running::new().await;
    cloud.create_bucket("lines").await;
    cloud.signed("s3", "PUT /lines?tagging&x=secret", "secret").await;
    let form = "POST /\ncontent-type: application/x-www-form-urlencoded; charset=utf-8";
    cloud.signed("iam", form, "Action=GetRole&RoleName=none&Version=2010-05-08").await;
    cloud.signed("apigateway", "GET /restapis", "").await;
    cloud.send("POST /_aws/execute-api/none/production/files", "secret").await;
    let lines: Vec<String> = cloud
        .requests()
        .iter()
        .map(|it| {
            let text = |name: &str| it[name].as_str().unwrap_or("?").to_owned();
            let write = if it["write"] == true { "write" } else { "read" };
            assert!(it["milliseconds"].is_f64() && it["time"].as_str().unwrap().ends_with('Z'));
            format!(
                "{} {} {} {} {} {write}",
                text("service"),
                text("operation"),
                it["status"],
                text("method"),
                text("path")
            )
        })
        .collect();
    expect![[r#"
        s3 CreateBucket 200 PUT /lines write
        s3 PutBucketTagging 400 PUT /lines write
        iam GetRole 404 POST / read
        apigateway GetRestApis 200 GET /restapis read
        execute-api POST /files 404 POST /_aws/execute-api/none/production/files write"#]]
    .assert_eq(&lines.join("\n"));
    let log = std::fs::read_to_string(&cloud.cloud.requests).unwrap();
    assert!(!log.contains("secret"));
    assert!(cloud.requests().iter().all(Value::is_object));
}

#[tokio::test]
async fn regions_are_apart() {
    let cloud = Running::new().await;
    let put = r#"{"Name": "/x", "Value": "1", "Type": "String"}"#;
    cloud.call("ssm", "AmazonSSM.PutParameter", serde_json::from_str(put).unwrap()).await;
    let get = "POST /\nx-amz-target: AmazonSSM.GetParameter\ncontent-type: application/x-amz-json-1.1";
    assert_eq!(cloud.signed_for("us-west-2", "ssm", get, r#"{"Name": "/x"}"#).await.status, 400);
}
