//! The bucket.

use aws_sdk_s3::types as s3;
use stackctl_aws_client::clients::Clients;

use super::Row;
use crate::stacks::lifecycle::{Names, send};

pub const ROWS: &[Row] = &[
    Row(
        "bucket: a website",
        |aws, it| {
            let index = s3::IndexDocument::builder().suffix("index.html").build().unwrap();
            let website = s3::WebsiteConfiguration::builder().index_document(index).build();
            send!(aws.s3.put_bucket_website().bucket(&it.bucket).website_configuration(website));
        },
        &["bucket.uploads: S3 serves it as a website (index index.html)"],
    ),
    Row(
        "bucket: a lifecycle rule",
        |aws, it| {
            let rule = s3::LifecycleRule::builder()
                .id("a day")
                .status(s3::ExpirationStatus::Enabled)
                .filter(s3::LifecycleRuleFilter::builder().build())
                .expiration(s3::LifecycleExpiration::builder().days(1).build());
            let ours = send!(aws.s3.get_bucket_lifecycle_configuration().bucket(&it.bucket)).rules;
            let rules =
                s3::BucketLifecycleConfiguration::builder().set_rules(ours).rules(rule.build().unwrap());
            let put = aws.s3.put_bucket_lifecycle_configuration().bucket(&it.bucket);
            send!(put.lifecycle_configuration(rules.build().unwrap()));
        },
        &["bucket.uploads: S3 deletes or moves its objects by the lifecycle rules a day"],
    ),
    Row(
        "bucket: a notification",
        |aws, it| {
            let queue = s3::QueueConfiguration::builder()
                .queue_arn("arn:aws:sqs:eu-west-1:000000000000:evil")
                .events(s3::Event::from("s3:ObjectCreated:*"));
            let to = s3::NotificationConfiguration::builder().queue_configurations(queue.build().unwrap());
            let put = aws.s3.put_bucket_notification_configuration().bucket(&it.bucket);
            send!(put.notification_configuration(to.build()).skip_destination_validation(true));
        },
        &["bucket.uploads: what happens to its objects is sent to arn:aws:sqs:eu-west-1:000000000000:evil"],
    ),
    Row(
        "bucket: versioning",
        version,
        &[
            "bucket.uploads: S3 keeps what is deleted or overwritten in it (versioning is on, and the file does not ask for it)",
        ],
    ),
    Row(
        "bucket: a replication",
        |aws, it| {
            version(aws, it);
            let to = s3::Destination::builder().bucket(format!("arn:aws:s3:::{}", it.bucket));
            let rule = s3::ReplicationRule::builder()
                .id("all")
                .priority(1)
                .filter(s3::ReplicationRuleFilter::builder().prefix("").build())
                .delete_marker_replication(
                    s3::DeleteMarkerReplication::builder()
                        .status(s3::DeleteMarkerReplicationStatus::Disabled)
                        .build(),
                )
                .status(s3::ReplicationRuleStatus::Enabled)
                .destination(to.build().unwrap());
            let all = s3::ReplicationConfiguration::builder()
                .role("arn:aws:iam::000000000000:role/evil")
                .rules(rule.build().unwrap());
            let put = aws.s3.put_bucket_replication().bucket(&it.bucket);
            send!(put.replication_configuration(all.build().unwrap()));
        },
        &[
            "bucket.uploads: its objects are copied to arn:aws:s3:::exposed-",
            "bucket.uploads: S3 keeps what is deleted or overwritten in it (versioning is on, and the file does not ask for it)",
        ],
    ),
];

fn version(aws: &Clients, it: &Names) {
    let on = s3::VersioningConfiguration::builder().status(s3::BucketVersioningStatus::Enabled).build();
    send!(aws.s3.put_bucket_versioning().bucket(&it.bucket).versioning_configuration(on));
}
