//! The bucket.

use aws_sdk_lambda::types::{DestinationConfig, OnFailure};
use aws_sdk_s3::types as s3;
use stackctl_aws_client::clients::Clients;

use super::{Names, Row, send};

/// ACLs can't be turned off again before this one is gone.
pub const PUBLIC_ACL: &str = "bucket: a public ACL";

/// An entry of stackctl's that the file does not have, as a run leaves it that ends too early.
pub const EVENT: &str = "bucket: an event that left the file";

pub const ROWS: &[Row] = &[
    Row(
        "bucket: CORS of another form",
        |aws, it| set_cors(aws, it, &["http://evil.example"]),
        &["bucket.uploads: cors.origins, cors.methods, cors.headers, cors.exposed, cors.max_age"],
    ),
    Row(
        "bucket: CORS deleted",
        |aws, it| drop(send!(aws.s3.delete_bucket_cors().bucket(&it.bucket))),
        &["bucket.uploads: cors.origins, cors.methods, cors.headers, cors.exposed, cors.max_age"],
    ),
    Row(
        "bucket: public access allowed",
        |aws, it| drop(send!(aws.s3.delete_public_access_block().bucket(&it.bucket))),
        &["bucket.uploads: public_access"],
    ),
    Row(
        "bucket: policy deleted",
        |aws, it| drop(send!(aws.s3.delete_bucket_policy().bucket(&it.bucket))),
        &["bucket.uploads: policy"],
    ),
    Row(
        "bucket: policy changed",
        |aws, it| {
            let policy = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{}/*"}}]}}"#,
                it.bucket
            );
            send!(aws.s3.put_bucket_policy().bucket(&it.bucket).policy(policy));
        },
        &["bucket.uploads: policy"],
    ),
    Row(
        "bucket: ownership changed",
        |aws, it| {
            let rule = s3::OwnershipControlsRule::builder()
                .object_ownership(s3::ObjectOwnership::ObjectWriter)
                .build()
                .unwrap();
            let controls = s3::OwnershipControls::builder().rules(rule).build().unwrap();
            send!(aws.s3.put_bucket_ownership_controls().bucket(&it.bucket).ownership_controls(controls));
        },
        &["bucket.uploads: ownership"],
    ),
    Row(
        PUBLIC_ACL,
        |aws, it| {
            send!(aws.s3.delete_public_access_block().bucket(&it.bucket));
            let rule = s3::OwnershipControlsRule::builder()
                .object_ownership(s3::ObjectOwnership::ObjectWriter)
                .build()
                .unwrap();
            let controls = s3::OwnershipControls::builder().rules(rule).build().unwrap();
            send!(aws.s3.put_bucket_ownership_controls().bucket(&it.bucket).ownership_controls(controls));
            send!(aws.s3.put_bucket_acl().bucket(&it.bucket).acl(s3::BucketCannedAcl::PublicReadWrite));
        },
        &["bucket.uploads: public_access, ownership"],
    ),
    Row(
        "bucket: policy for anyone",
        |aws, it| {
            send!(aws.s3.delete_public_access_block().bucket(&it.bucket));
            let policy = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{}/*"}}]}}"#,
                it.bucket
            );
            send!(aws.s3.put_bucket_policy().bucket(&it.bucket).policy(policy));
        },
        &["bucket.uploads: public_access, policy"],
    ),
    Row(
        "bucket: encryption changed",
        |aws, it| {
            let default = s3::ServerSideEncryptionByDefault::builder()
                .sse_algorithm(s3::ServerSideEncryption::AwsKms)
                .build()
                .unwrap();
            let rule = s3::ServerSideEncryptionRule::builder()
                .apply_server_side_encryption_by_default(default)
                .build();
            let rules = s3::ServerSideEncryptionConfiguration::builder().rules(rule).build().unwrap();
            send!(
                aws.s3.put_bucket_encryption().bucket(&it.bucket).server_side_encryption_configuration(rules)
            );
        },
        &["bucket.uploads: encryption"],
    ),
    Row(
        "bucket: lifecycle deleted",
        |aws, it| drop(send!(aws.s3.delete_bucket_lifecycle().bucket(&it.bucket))),
        &["bucket.uploads: abort_unfinished"],
    ),
    Row(
        "bucket: lifecycle changed",
        |aws, it| {
            let rule = s3::LifecycleRule::builder()
                .id("stackctl-abort-unfinished")
                .status(s3::ExpirationStatus::Enabled)
                .filter(s3::LifecycleRuleFilter::builder().build())
                .expiration(s3::LifecycleExpiration::builder().days(1).build())
                .build()
                .unwrap();
            let rules = s3::BucketLifecycleConfiguration::builder().rules(rule).build().unwrap();
            send!(
                aws.s3.put_bucket_lifecycle_configuration().bucket(&it.bucket).lifecycle_configuration(rules)
            );
        },
        &["bucket.uploads: abort_unfinished"],
    ),
    Row(
        EVENT,
        |aws, it| {
            let call = s3::LambdaFunctionConfiguration::builder()
                .id("stackctl-created")
                .lambda_function_arn(format!("arn:aws:lambda:eu-west-1:000000000000:function:{}", it.name))
                .events(s3::Event::from("s3:ObjectCreated:*"))
                .build()
                .unwrap();
            let all = s3::NotificationConfiguration::builder().lambda_function_configurations(call).build();
            let put = aws.s3.put_bucket_notification_configuration().bucket(&it.bucket);
            send!(put.notification_configuration(all).skip_destination_validation(true));
            let add = aws.lambda.add_permission().function_name(&it.name).statement_id("stackctl-S3-uploads");
            send!(add.action("lambda:InvokeFunction").principal("s3.amazonaws.com"));
            let failures = it.bucket.replace("-uploads-", "--failed-");
            let failures = OnFailure::builder().destination(format!("arn:aws:s3:::{failures}")).build();
            let config = aws.lambda.put_function_event_invoke_config().function_name(&it.name);
            let config = config.destination_config(DestinationConfig::builder().on_failure(failures).build());
            send!(config.maximum_retry_attempts(2).maximum_event_age_in_seconds(21_600));
        },
        &["function.presign: events.retries, events.age, events.failures", "notification.uploads: delete"],
    ),
    Row(
        "bucket: a tag changed and one added",
        |aws, it| {
            let all = send!(aws.s3.get_bucket_tagging().bucket(&it.bucket)).tag_set;
            let tag = |key: &str, value: &str| s3::Tag::builder().key(key).value(value).build().unwrap();
            let mut all: Vec<s3::Tag> = all.into_iter().filter(|tag| tag.key() != "team").collect();
            all.extend([tag("team", "other"), tag("cost", "1")]);
            let tagging = s3::Tagging::builder().set_tag_set(Some(all)).build().unwrap();
            send!(aws.s3.put_bucket_tagging().bucket(&it.bucket).tagging(tagging));
        },
        &["bucket.uploads: tags.cost, tags.team"],
    ),
    Row(
        "bucket: deleted",
        |aws, it| drop(send!(aws.s3.delete_bucket().bucket(&it.bucket))),
        &[
            "bucket.uploads: create, policy, cors.origins, cors.methods, cors.headers, cors.exposed, cors.max_age, abort_unfinished",
        ],
    ),
];

fn set_cors(aws: &Clients, it: &Names, origins: &[&str]) {
    let rule = s3::CorsRule::builder()
        .allowed_methods("GET")
        .set_allowed_origins(Some(origins.iter().map(ToString::to_string).collect()))
        .build()
        .unwrap();
    let rules = s3::CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    send!(aws.s3.put_bucket_cors().bucket(&it.bucket).cors_configuration(rules));
}
