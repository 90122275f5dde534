//! A strict cloud's control path, and what goes wrong on demand.

use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::{Request, body::Bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};

use crate::running::{HttpResponse, Running};

const FORM: &str = "POST /\ncontent-type: application/x-www-form-urlencoded";

/// No rule but what the faults say.
async fn with(faults: Value) -> Running {
    Running::strict(only(faults)).await
}

fn only(faults: Value) -> Value {
    json!({ "rules": { "*": false }, "faults": faults })
}

async fn put_parameter(cloud: &Running, name: &str) -> HttpResponse {
    let body = json!({ "Name": name, "Value": "1", "Type": "String" });
    let target = "POST /\nx-amz-target: AmazonSSM.PutParameter\ncontent-type: application/x-amz-json-1.1";
    cloud.signed("ssm", target, body.to_string()).await
}

/// Whether the request gets no answer at all, and how.
async fn unanswered(cloud: &Running, path: &str) -> String {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let body = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    let request =
        cloud.root("s3", "eu-west-1").header(&cloud.cloud.url, &format!("PUT {path}"), body.as_bytes());
    let headers = request.lines().skip(1).map(|it| it.split_once(": ").unwrap());
    let request = headers
        .fold(Request::put(format!("{}{path}", cloud.cloud.url)), |request, (name, value)| {
            request.header(name, value)
        });
    let request = request.body(Full::from(body)).unwrap();
    let error = client.request(request).await.unwrap_err();
    let mut error: &dyn std::error::Error = &error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[tokio::test]
async fn who_may_say_how_it_behaves() {
    let cloud = Running::strict(json!({})).await;
    for header in ["origin: http://localhost:5173", "sec-fetch-site: same-origin", "host: evil.example"] {
        let answer = cloud.send(&format!("POST /_stackctl/strict\n{header}"), "{}").await;
        assert_eq!(answer.status, 403, "{header}");
    }
    for nonsense in ["", r#"{"rules": {"none": true}}"#, r#"{"time_scale": -1}"#] {
        assert_eq!(cloud.send("POST /_stackctl/strict", nonsense).await.status, 400, "{nonsense}");
    }
    let shown = cloud.settings(json!({ "time_scale": 0.1, "rules": { "rates": false } })).await;
    assert_eq!(shown["settings"]["time_scale"], 0.1);
    assert_eq!(cloud.send("GET /_stackctl/strict", "").await.json(), shown);
}

#[tokio::test]
async fn errors_in_each_services_form() {
    let cloud = with(json!([
        { "on": "iam:GetRole", "effect": "429" },
        { "on": "lambda:ListFunctions", "effect": "500" },
        { "on": "s3:ListBuckets", "effect": "503" },
        { "on": "ssm:PutParameter", "effect": "expired_credentials" },
        { "on": "apigateway:GetRestApis", "effect": "clock_skew" },
        { "on": "apigateway:GetAccount", "effect": "access_denied" },
        { "on": "apigateway:CreateRestApi", "effect":
            { "error": { "status": 429, "code": "LimitExceededException", "message": "Too many <APIs>" } } },
        { "on": "s3:HeadBucket", "effect": "wrong_body" },
    ]))
    .await;
    let throttled = cloud.signed("iam", FORM, "Action=GetRole&RoleName=none").await;
    assert_eq!(throttled.status, 400);
    assert!(throttled.text.contains("<Code>Throttling</Code><Message>Rate exceeded</Message>"));
    let once_only = cloud.signed("iam", FORM, "Action=GetRole&RoleName=none").await;
    assert_eq!(once_only.status, 404);

    let broken = cloud.signed("lambda", "GET /2015-03-31/functions", "").await;
    assert_eq!((broken.status.as_u16(), broken.header("x-amzn-errortype")), (500, "ServiceException"));
    let unavailable = cloud.signed("s3", "GET /", "").await;
    assert_eq!(unavailable.status, 503);
    assert!(unavailable.text.contains("<Code>ServiceUnavailable</Code>"));
    let expired = put_parameter(&cloud, "/a").await;
    assert_eq!(expired.status, 400);
    assert_eq!(expired.json()["__type"], "ExpiredTokenException");
    let skewed = cloud.signed("apigateway", "GET /restapis", "").await;
    assert_eq!(
        (skewed.status.as_u16(), skewed.header("x-amzn-errortype")),
        (403, "InvalidSignatureException")
    );
    let denied = cloud.signed("apigateway", "GET /account", "").await;
    assert!(denied.text.contains("apigateway:GetAccount"), "{denied:?}");
    let limited = cloud.signed("apigateway", "POST /restapis", "{}").await;
    assert_eq!(limited.status, 429);
    assert_eq!(limited.json()["message"], "Too many <APIs>");
    let page = cloud.signed("s3", "HEAD /none", "").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html"));

    let line = cloud.requests().into_iter().find(|it| it["service"] == "lambda").unwrap();
    assert_eq!((&line["fault"], &line["status"]), (&json!("500"), &json!(500)));
}

#[tokio::test]
async fn before_and_after_it_is_done() {
    let cloud = with(json!([
        { "on": "s3:CreateBucket", "effect": "dropped" },
        { "on": "s3:CreateBucket", "when": "after", "effect": "dropped" },
        { "on": "s3:CreateBucket", "containing": "third", "effect": "reset" },
        { "on": "ssm:*", "when": "after", "effect": "500" },
    ]))
    .await;
    assert_eq!(unanswered(&cloud, "/first-bucket").await, "connection closed before message completed");
    assert_eq!(cloud.signed("s3", "HEAD /first-bucket", "").await.status, 404);
    assert_eq!(unanswered(&cloud, "/second-bucket").await, "connection closed before message completed");
    assert_eq!(cloud.signed("s3", "HEAD /second-bucket", "").await.status, 200);
    assert!(unanswered(&cloud, "/third-bucket").await.contains("reset"));
    assert_eq!(cloud.signed("s3", "HEAD /third-bucket", "").await.status, 404);

    assert_eq!(put_parameter(&cloud, "/x").await.status, 500);
    assert_eq!(put_parameter(&cloud, "/x").await.json()["__type"], "ParameterAlreadyExists");
    let faults = cloud.send("GET /_stackctl/strict", "").await.json()["faults"].clone();
    assert_eq!(faults[0], json!({ "matched": 3, "hit": 1 }));
    assert_eq!(faults[3], json!({ "matched": 1, "hit": 1 }));
    let dropped: Vec<_> = cloud.requests().into_iter().filter(|it| it["status"] == 0).collect();
    assert_eq!(dropped.len(), 3);
}

#[tokio::test]
async fn delays() {
    let cloud = with(json!([{ "on": "s3:ListBuckets", "effect": { "delay": 0.3 } }])).await;
    let took = async || {
        let started = Instant::now();
        assert_eq!(cloud.signed("s3", "GET /", "").await.status, 200);
        started.elapsed()
    };
    assert!(took().await >= Duration::from_millis(300));
    assert!(took().await < Duration::from_millis(300));
    let settings = json!({ "rules": { "*": false }, "delay": 0.2 });
    cloud.settings(settings).await;
    let each = took().await;
    assert!(each >= Duration::from_millis(200) && each < Duration::from_millis(390), "{each:?}");
}

#[tokio::test]
async fn nobody_answers_and_the_emulator_is_killed() {
    let cloud = with(json!([
        { "on": "s3:ListBuckets", "effect": "hang" },
        { "on": "ssm:PutParameter", "times": 8, "effect": "kill_emulator" },
    ]))
    .await;
    let hanging = tokio::time::timeout(Duration::from_millis(300), cloud.signed("s3", "GET /", ""));
    assert!(hanging.await.is_err());
    let told = cloud.send("GET /_stackctl/strict", "").await.json();
    assert_eq!(told["faults"][0]["hit"], 1);

    for _ in 0..8 {
        assert_eq!(put_parameter(&cloud, "/y").await.status, 503);
        for _ in 0..400 {
            if cloud.send("GET /_stackctl/health", "").await.status == 200 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
    assert_eq!(put_parameter(&cloud, "/y").await.status, 200);
}
