//! S3 and what else is read late, as on AWS, each rule alone.

use std::time::Duration;

use serde_json::json;

use crate::{
    running::{HttpResponse, Running},
    settings::{after_a_moment, at_once, only},
};

const CORS: &str = "<CORSConfiguration><CORSRule><AllowedMethod>PUT</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>";

/// A request signed for a region.
async fn s3(cloud: &Running, region: &str, request: &str, body: &str) -> HttpResponse {
    cloud.signed_for(region, "s3", request, body.to_owned()).await
}

fn configuration(region: &str, tags: &str) -> String {
    let constraint = match region {
        "" => String::new(),
        region => format!("<LocationConstraint>{region}</LocationConstraint>"),
    };
    format!("<CreateBucketConfiguration>{constraint}<Tags>{tags}</Tags></CreateBucketConfiguration>")
}

fn code(answer: &HttpResponse) -> String {
    let code = answer.text.split_once("<Code>").and_then(|(_, it)| it.split_once('<')).map_or("", |it| it.0);
    format!("{} {code}", answer.status.as_u16())
}

const TAG: &str = "<Tag><Key>a</Key><Value>b</Value></Tag>";

#[tokio::test]
async fn what_each_region_takes() {
    let cloud = only("bucket_regions").await;
    let create = async |region: &str, name: &str, constraint: &str, tags: &str| {
        code(&s3(&cloud, region, &format!("PUT /{name}"), &configuration(constraint, tags)).await)
    };
    assert_eq!(create("us-east-1", "virginia", "us-east-1", "").await, "400 InvalidLocationConstraint");
    assert_eq!(create("us-east-1", "virginia", "", TAG).await, "200 ");
    assert_eq!(create("us-east-1", "virginia", "", "").await, "200 ");
    assert_eq!(create("us-east-1", "virginia", "", TAG).await, "409 BucketAlreadyOwnedByYou");
    let tags = s3(&cloud, "us-east-1", "GET /virginia?tagging", "").await;
    assert!(tags.text.contains("<Key>a</Key>"), "{tags:?}");

    assert_eq!(create("eu-west-1", "ireland", "", "").await, "400 IllegalLocationConstraintException");
    assert_eq!(
        create("eu-west-1", "ireland", "us-west-2", "").await,
        "400 IllegalLocationConstraintException"
    );
    assert_eq!(create("eu-west-1", "ireland", "eu-west-1", "").await, "200 ");
    assert_eq!(create("eu-west-1", "ireland", "eu-west-1", "").await, "409 BucketAlreadyOwnedByYou");
    assert_eq!(create("eu-west-1", "twice", "eu-west-1", &TAG.repeat(2)).await, "500 InternalError");
}

#[tokio::test]
async fn at_the_endpoint_of_another_region() {
    let cloud = only("bucket_regions").await;
    for (region, endpoint, expected, told) in [
        ("eu-west-1", "eu-west-1", "200 ", "<Tagging"),
        ("us-west-2", "eu-west-1", "301 PermanentRedirect", "must be addressed using the specified endpoint"),
        ("eu-west-1", "us-east-1", "400 AuthorizationHeaderMalformed", "expecting 'eu-west-1'"),
        ("af-south-1", "us-east-1", "400 IllegalLocationConstraintException", "The af-south-1 location"),
        ("us-east-1", "af-south-1", "400 IllegalLocationConstraintException", "The unspecified location"),
    ] {
        let name = format!("{region}-from-{endpoint}");
        let constraint = if region == "us-east-1" { "" } else { region };
        let made = s3(&cloud, region, &format!("PUT /{name}"), &configuration(constraint, TAG)).await;
        assert_eq!(code(&made), "200 ", "{name}");
        let read = s3(&cloud, endpoint, &format!("GET /{name}?tagging"), "").await;
        assert_eq!(code(&read), expected, "{name}");
        assert!(read.text.contains(told), "{name}: {read:?}");
    }
    let list = async || s3(&cloud, "eu-west-1", "GET /?prefix=af-", "").await.text;
    assert!(!list().await.contains("<BucketRegion>"));
    at_once(&cloud, "listed_regions").await;
    let listed = list().await;
    assert!(listed.contains("<BucketRegion>af-south-1</BucketRegion>"), "{listed}");
}

#[tokio::test]
async fn one_write_at_a_time_and_none_after_delete() {
    let cloud = only("bucket_writes").await;
    cloud.create_bucket("busy").await;
    cloud.create_bucket("idle").await;
    let cors = async |bucket: &str| s3(&cloud, "eu-west-1", &format!("PUT /{bucket}?cors"), CORS).await;
    let policy = s3(&cloud, "eu-west-1", "DELETE /busy?publicAccessBlock", "");
    let (first, second, elsewhere) =
        tokio::join!(cors("busy"), after_a_moment(policy), after_a_moment(cors("idle")));
    assert_eq!(
        (code(&first), code(&second), code(&elsewhere)),
        ("200 ".into(), "409 OperationAborted".into(), "200 ".into())
    );
    assert_eq!(code(&cors("busy").await), "200 ");

    let body = configuration("eu-west-1", "");
    assert_eq!(s3(&cloud, "eu-west-1", "DELETE /idle", "").await.status, 204);
    assert_eq!(code(&s3(&cloud, "eu-west-1", "PUT /idle", &body).await), "409 OperationAborted");
    at_once(&cloud, "bucket_writes").await;
    assert_eq!(code(&s3(&cloud, "eu-west-1", "PUT /idle", &body).await), "200 ");
}

#[tokio::test]
async fn a_new_bucket_is_not_seen_at_once() {
    let cloud = only("new_buckets").await;
    cloud.settings(json!({ "rules": { "*": false, "new_buckets": true }, "new_bucket_misses": 3 })).await;
    cloud.create_bucket("fresh").await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(code(&s3(&cloud, "eu-west-1", "PUT /fresh?cors", CORS).await));
    }
    assert_eq!(answers, ["404 NoSuchBucket", "404 NoSuchBucket", "404 NoSuchBucket", "200 "]);
    assert_eq!(s3(&cloud, "eu-west-1", "HEAD /fresh", "").await.status, 200);
    assert_eq!(s3(&cloud, "eu-west-1", "PUT /fresh/key", "hello").await.status, 200);
}

#[tokio::test]
async fn tags_of_aws_itself() {
    let cloud = only("bucket_checks").await;
    cloud.create_bucket("formed").await;
    let tag = |key: &str, value: &str| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    let put = async |tags: &[String]| {
        let body = format!("<Tagging><TagSet>{}</TagSet></Tagging>", tags.concat());
        s3(&cloud, "eu-west-1", "PUT /formed?tagging", &body).await
    };
    let (own, of_aws) = (tag("a", "b"), tag("aws:x", "1"));
    assert_eq!(code(&put(std::slice::from_ref(&of_aws)).await), "204 ");
    at_once(&cloud, "system_tags").await;
    for (tags, said) in [
        (vec![own.clone()], "cannot be removed by requester"),
        (vec![tag("aws:x", "2")], "cannot be added/updated by requester"),
        (vec![of_aws.clone(), tag("aws:y", "1")], "cannot be added/updated by requester"),
    ] {
        let refused = put(&tags).await;
        assert_eq!(code(&refused), "400 InvalidTag");
        assert!(refused.text.contains(said), "{refused:?}");
    }
    assert_eq!(code(&s3(&cloud, "eu-west-1", "DELETE /formed?tagging", "").await), "400 InvalidTag");
    assert_eq!(code(&put(&[own, of_aws]).await), "204 ");
}

#[tokio::test]
async fn methods_of_cors() {
    let cloud = only("bucket_checks").await;
    cloud.create_bucket("methods").await;
    let wrong = s3(&cloud, "eu-west-1", "PUT /methods?cors", &CORS.replace("PUT", "OPTIONS")).await;
    assert_eq!(code(&wrong), "400 InvalidRequest");
    assert!(wrong.text.contains("Unsupported method is OPTIONS"), "{wrong:?}");
}

/// S3-80, S3-82: the emulator takes both.
#[tokio::test]
async fn rules_of_a_lifecycle() {
    let cloud = only("bucket_checks").await;
    cloud.create_bucket("rules").await;
    let put = async |filter: &str| {
        let body = format!(
            "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status>{filter}\
             <AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>\
             </AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>"
        );
        code(&s3(&cloud, "eu-west-1", "PUT /rules?lifecycle", &body).await)
    };
    assert_eq!(put("").await, "400 MalformedXML");
    let of_tag = put("<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>").await;
    assert_eq!(of_tag, "400 InvalidRequest");
    assert_eq!(put("<Filter></Filter>").await, "200 ");
}

#[tokio::test]
async fn defaults_of_a_bucket() {
    let cloud = only("defaults").await;
    cloud.create_bucket("plain").await;
    let encryption = s3(&cloud, "eu-west-1", "GET /plain?encryption", "").await.text;
    for part in
        ["AES256", "<BucketKeyEnabled>false</BucketKeyEnabled>", "<EncryptionType>SSE-C</EncryptionType>"]
    {
        assert!(encryption.contains(part), "{part}: {encryption}");
    }
    let block = s3(&cloud, "eu-west-1", "GET /plain?publicAccessBlock", "").await.text;
    assert_eq!(block.matches(">true<").count(), 4, "{block}");
    let read = async |what: &str| s3(&cloud, "eu-west-1", &format!("GET /plain?{what}"), "").await;
    assert!(read("ownershipControls").await.text.contains("BucketOwnerEnforced"));
    assert_eq!(code(&read("tagging").await), "404 NoSuchTagSet");
    assert_eq!(code(&read("cors").await), "404 NoSuchCORSConfiguration");
    assert!(!read("versioning").await.text.contains("<Status>"));
    let acl = s3(&cloud, "eu-west-1", "PUT /plain?acl\nx-amz-acl: log-delivery-write", "").await;
    assert_eq!(code(&acl), "400 AccessControlListNotSupported");
}

#[tokio::test]
async fn reads_answer_what_was() {
    let cloud = only("stale_reads").await;
    let aged =
        |age: f64| json!({ "rules": { "*": false, "stale_reads": true }, "seconds": { "stale_age": age } });
    cloud.settings(aged(600.0)).await;
    cloud.create_bucket("stale").await;
    let tagging = format!("<Tagging><TagSet>{TAG}</TagSet></Tagging>");
    assert_eq!(s3(&cloud, "eu-west-1", "PUT /stale?tagging", &tagging).await.status, 204);
    assert_eq!(s3(&cloud, "eu-west-1", "DELETE /stale?publicAccessBlock", "").await.status, 204);
    let tags = async || code(&s3(&cloud, "eu-west-1", "GET /stale?tagging", "").await);
    let block = async || code(&s3(&cloud, "eu-west-1", "GET /stale?publicAccessBlock", "").await);
    assert_eq!((tags().await, block().await), ("404 NoSuchTagSet".into(), "200 ".into()));
    let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    assert_eq!(s3(&cloud, "eu-west-1", "PUT /stale?versioning", enabled).await.status, 200);
    let is_versioned =
        async || s3(&cloud, "eu-west-1", "GET /stale?versioning", "").await.text.contains("Enabled");
    assert!(!is_versioned().await);

    let iam = async |form: &str| {
        let request = "POST /\ncontent-type: application/x-www-form-urlencoded";
        code(&cloud.signed("iam", request, format!("{form}&Version=2010-05-08&RoleName=role")).await)
    };
    let create = "Action=CreateRole&AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%5D%7D";
    assert_eq!(iam(create).await, "200 ");
    assert_eq!(iam("Action=GetRole").await, "404 NoSuchEntity");
    tokio::time::sleep(Duration::from_millis(150)).await;
    cloud.settings(aged(0.1)).await;
    assert_eq!(iam("Action=GetRole").await, "200 ");
    assert_eq!(
        (tags().await, block().await),
        ("200 ".into(), "404 NoSuchPublicAccessBlockConfiguration".into())
    );
    assert!(is_versioned().await);
}

#[tokio::test]
async fn one_write_at_a_time_to_a_log_group() {
    let cloud = only("log_overlap").await;
    let logs = async |target: &str, body: serde_json::Value| {
        let request =
            format!("POST /\nx-amz-target: Logs_20140328.{target}\ncontent-type: application/x-amz-json-1.1");
        cloud.signed("logs", &request, body.to_string()).await
    };
    assert_eq!(logs("CreateLogGroup", json!({ "logGroupName": "g" })).await.status, 200);
    let retain =
        async || logs("PutRetentionPolicy", json!({ "logGroupName": "g", "retentionInDays": 7 })).await;
    let (first, second) = tokio::join!(retain(), after_a_moment(retain()));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 400));
    assert_eq!(second.json()["__type"], "OperationAbortedException");
    let again = logs("CreateLogGroup", json!({ "logGroupName": "g" })).await;
    assert_eq!(
        (again.status.as_u16(), &again.json()["__type"]),
        (400, &json!("ResourceAlreadyExistsException"))
    );
    // 400 where others say 404 (LOG-01).
    for (target, body) in [
        ("PutRetentionPolicy", json!({ "logGroupName": "none", "retentionInDays": 7 })),
        ("DeleteLogGroup", json!({ "logGroupName": "none" })),
    ] {
        let missing = logs(target, body).await;
        assert_eq!(
            (missing.status.as_u16(), &missing.json()["__type"]),
            (400, &json!("ResourceNotFoundException")),
            "{target}"
        );
    }
}

#[tokio::test]
async fn tags_come_in_changing_order() {
    let cloud = only("list_order").await;
    cloud.create_bucket("tagged").await;
    let tags = |it: u8| format!("<Tag><Key>k{it}</Key><Value>v</Value></Tag>");
    let body = format!("<Tagging><TagSet>{}</TagSet></Tagging>", (0..6).map(tags).collect::<String>());
    assert_eq!(s3(&cloud, "eu-west-1", "PUT /tagged?tagging", &body).await.status, 204);
    let mut orders = std::collections::BTreeSet::new();
    for _ in 0..8 {
        let read = s3(&cloud, "eu-west-1", "GET /tagged?tagging", "").await.text;
        let keys = read.split("<Key>").skip(1).filter_map(|it| it.split('<').next()).collect::<Vec<_>>();
        assert_eq!(keys.len(), 6, "{read}");
        orders.insert(keys.concat());
    }
    assert!(orders.len() > 3, "{orders:?}");
}
