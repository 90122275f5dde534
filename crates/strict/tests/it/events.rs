//! The events of buckets, each rule alone.

use serde_json::{Value, json};

use crate::{
    functions::{TRUST, call, create_function, create_role, encoded, iam},
    lambda::refusal,
    running::{HttpResponse, Running},
    settings::{at_once, only, settings_of},
};

const CONFIG: &str = "PUT /2019-09-25/functions/f/event-invoke-config";
const BUCKET: &str = "arn:aws:s3:::failed";

async fn s3(cloud: &Running, request: &str, body: &str) -> HttpResponse {
    cloud.signed_for("eu-west-1", "s3", request, body.to_owned()).await
}

fn said(answer: &HttpResponse) -> String {
    let element = |name: &str| {
        let inner = answer.text.split_once(&format!("<{name}>")).and_then(|(_, it)| it.split_once('<'));
        inner.map_or(String::new(), |it| it.0.to_owned())
    };
    format!("{} {} {}", answer.status.as_u16(), element("Code"), element("Message"))
}

/// A configuration that calls the function `f` for objects that a filter rule matches.
fn notification(function: &str, rule: &str) -> String {
    format!(
        "<NotificationConfiguration><CloudFunctionConfiguration><Id>i</Id><CloudFunction>{function}</CloudFunction>\
         <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule>{rule}</FilterRule></S3Key></Filter>\
         </CloudFunctionConfiguration></NotificationConfiguration>"
    )
}

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:000000000000:function:f";
const RULE: &str = "<Name>prefix</Name><Value>in/</Value>";

async fn with_permission(cloud: &Running) {
    create_role(cloud, "role", TRUST).await;
    create_function(cloud, "f", "role", json!({})).await;
    cloud.create_bucket("uploads").await;
    let permission = json!({
        "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com",
        "SourceArn": "arn:aws:s3:::uploads", "SourceAccount": "000000000000",
    });
    let added = call(cloud, "POST /2015-03-31/functions/f/policy", permission).await;
    assert_eq!(added.status, 201, "{added:?}");
}

#[tokio::test]
async fn a_new_permission_is_not_seen_at_once() {
    let cloud = only("permission_spread").await;
    with_permission(&cloud).await;
    let put = async || said(&s3(&cloud, "PUT /uploads?notification", &notification(FUNCTION, RULE)).await);
    let refused = put().await;
    assert!(refused.starts_with("400 InvalidArgument Unable to validate the following"), "{refused}");
    at_once(&cloud, "permission_spread").await;
    assert_eq!(put().await, "200  ");
}

#[tokio::test]
async fn notifications_that_s3_refuses() {
    let cloud = only("event_checks").await;
    with_permission(&cloud).await;
    let put = async |function: &str, rule: &str| {
        said(&s3(&cloud, "PUT /uploads?notification", &notification(function, rule)).await)
    };
    assert_eq!(put(FUNCTION, RULE).await, "200  ");
    assert!(put(FUNCTION, "<Name>prefix</Name>").await.starts_with("400 MalformedXML"));
    let name = "400 InvalidArgument filter rule name must be either prefix or suffix";
    assert_eq!(put(FUNCTION, "<Name>middle</Name><Value>in/</Value>").await, name);
    assert_eq!(put("no-arn", RULE).await, "400 InvalidArgument The ARN could not be parsed");
}

#[tokio::test]
async fn names_of_filter_rules_read_back() {
    let cloud = only("defaults").await;
    with_permission(&cloud).await;
    assert_eq!(said(&s3(&cloud, "PUT /uploads?notification", &notification(FUNCTION, RULE)).await), "200  ");
    let read = s3(&cloud, "GET /uploads?notification", "").await.text;
    assert!(read.contains("<Name>Prefix</Name>"), "{read}");
}

#[tokio::test]
async fn configurations_that_lambda_refuses() {
    let cloud = only("event_checks").await;
    create_role(&cloud, "role", TRUST).await;
    create_function(&cloud, "f", "role", json!({})).await;
    let refused = "400 InvalidParameterValueException ";
    let nothing = refusal(&call(&cloud, CONFIG, json!({})).await);
    assert!(nothing.starts_with(&format!("{refused}You must specify at least one of")), "{nothing}");

    let to_bucket = json!({ "DestinationConfig": { "OnFailure": { "Destination": BUCKET } } });
    let put = async || refusal(&call(&cloud, CONFIG, to_bucket.clone()).await);
    assert_eq!(put().await, format!("{refused}The destination ARN {BUCKET} is invalid."));
    cloud.create_bucket("failed").await;
    let denied = format!(
        "{refused}The function's execution role does not have permissions to call PutObject on {BUCKET}"
    );
    assert_eq!(put().await, denied);
    put_policy(&cloud).await;
    assert!(put().await.starts_with("200 "));
}

/// Lets the role `role` write into the bucket.
async fn put_policy(cloud: &Running) {
    let allow = json!({ "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::failed/*" });
    let policy = json!({ "Version": "2012-10-17", "Statement": [allow] }).to_string();
    let form = format!("Action=PutRolePolicy&RoleName=role&PolicyName=p&PolicyDocument={}", encoded(&policy));
    let put = iam(cloud, &form).await;
    assert_eq!(put.status, 200, "{put:?}");
}

#[tokio::test]
async fn a_new_policy_of_a_role_is_not_seen_at_once() {
    let cloud = only("iam_propagation").await;
    create_role(&cloud, "role", TRUST).await;
    at_once(&cloud, "iam_propagation").await;
    create_function(&cloud, "f", "role", json!({})).await;
    cloud.create_bucket("failed").await;
    cloud.settings(settings_of("iam_propagation", 10_000.0)).await;
    put_policy(&cloud).await;
    let to_bucket = json!({ "DestinationConfig": { "OnFailure": { "Destination": BUCKET } } });
    let refused = refusal(&call(&cloud, CONFIG, to_bucket.clone()).await);
    assert!(refused.contains("does not have permissions to call PutObject"), "{refused}");
    at_once(&cloud, "iam_propagation").await;
    assert_eq!(call(&cloud, CONFIG, to_bucket).await.status, 200);
}

#[tokio::test]
async fn what_was_left_out_is_not_read_back() {
    let cloud = only("defaults").await;
    create_role(&cloud, "role", TRUST).await;
    create_function(&cloud, "f", "role", json!({})).await;
    let put = call(&cloud, CONFIG, json!({ "MaximumRetryAttempts": 1 })).await.json();
    let read = call(&cloud, &CONFIG.replace("PUT", "GET"), Value::Null).await.json();
    for it in [put, read] {
        assert_eq!(it["MaximumRetryAttempts"], 1);
        assert!(it.get("MaximumEventAgeInSeconds").is_none(), "{it}");
        assert_eq!(it["DestinationConfig"], json!({ "OnSuccess": {}, "OnFailure": {} }));
        assert!(it["FunctionArn"].as_str().unwrap().ends_with(":$LATEST"), "{it}");
    }
}
