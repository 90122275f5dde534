//! The exposures of a bucket: settings of others that publish its objects, send them elsewhere, or delete them.

use aws_sdk_s3::types::{
    BucketVersioningStatus, LifecycleRule, NotificationConfiguration, ReplicationRule, WebsiteConfiguration,
};
use stackctl_aws_client::{
    clients::Clients,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::cli::Cli;
use stackctl_engine::Exposure;

use crate::kinds::bucket::operations;

/// The settings of a bucket that stackctl does not manage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Added {
    /// The website configuration.
    pub website: Option<WebsiteConfiguration>,
    /// The rules by which objects are deleted or moved.
    pub lifecycle: Vec<LifecycleRule>,
    /// The targets of its event notifications.
    pub notifications: Option<NotificationConfiguration>,
    /// Whether S3 keeps deleted and overwritten objects.
    pub versioned: bool,
    /// The targets of replication.
    pub replication: Vec<ReplicationRule>,
}

/// The exposures of the bucket with this name.
pub fn of(bucket: &str, added: &Added, cli: &Cli) -> Vec<Exposure> {
    let Added { website, lifecycle, notifications, versioned, replication } = added;
    let mut all = Vec::new();
    let mut open = |what: String, verb: &str, more: &[&str]| {
        let words: Vec<&str> = ["s3api", verb, "--bucket", bucket].iter().chain(more).copied().collect();
        all.push(Exposure { what, close: cli.command(&words) });
    };
    if let Some(website) = website {
        let shown = match (website.redirect_all_requests_to(), website.index_document()) {
            (Some(to), _) => format!("all requests go to {}", to.host_name()),
            (None, Some(index)) => format!("index {}", index.suffix()),
            (None, None) => "without an index".to_owned(),
        };
        open(format!("S3 serves it as a website ({shown})"), "delete-bucket-website", &[]);
    }
    if !replication.is_empty() {
        let to: Vec<&str> =
            replication.iter().filter_map(|it| it.destination()).map(|it| it.bucket()).collect();
        open(format!("its objects are copied to {}", to.join(", ")), "delete-bucket-replication", &[]);
    }
    let targets = notifications.as_ref().map(targets).unwrap_or_default();
    if !targets.is_empty() {
        open(
            format!("what happens to its objects is sent to {}", targets.join(", ")),
            "put-bucket-notification-configuration",
            &["--notification-configuration", "{}"],
        );
    }
    if !lifecycle.is_empty() {
        let rules: Vec<&str> = lifecycle.iter().map(|it| it.id().unwrap_or("without an id")).collect();
        open(
            format!("S3 deletes or moves its objects by the lifecycle rules {}", rules.join(", ")),
            "delete-bucket-lifecycle",
            &[],
        );
    }
    if *versioned {
        open(
            "S3 keeps what is deleted or overwritten in it (versioning is on)".to_owned(),
            "put-bucket-versioning",
            &["--versioning-configuration", "Status=Suspended"],
        );
    }
    all
}

fn targets(it: &NotificationConfiguration) -> Vec<&str> {
    let functions = it.lambda_function_configurations().iter().map(|it| it.lambda_function_arn());
    let queues = it.queue_configurations().iter().map(|it| it.queue_arn());
    let topics = it.topic_configurations().iter().map(|it| it.topic_arn());
    let bridge = it.event_bridge_configuration().map(|_| "EventBridge");
    functions.chain(queues).chain(topics).chain(bridge).collect()
}

/// Reads the settings; a bucket that does not exist has none.
///
/// # Errors
/// The errors of S3.
pub async fn read(bucket: &str, clients: &Clients) -> Result<Added, AwsError> {
    let s3 = &clients.s3;
    let (website, lifecycle, notifications, versioned) = tokio::join!(
        wait::read(&operations::GET_BUCKET_WEBSITE, || s3.get_bucket_website().bucket(bucket).send()),
        wait::read(&operations::GET_BUCKET_LIFECYCLE_CONFIGURATION, || s3
            .get_bucket_lifecycle_configuration()
            .bucket(bucket)
            .send()),
        wait::read(&operations::GET_BUCKET_NOTIFICATION_CONFIGURATION, || s3
            .get_bucket_notification_configuration()
            .bucket(bucket)
            .send()),
        wait::read(&operations::GET_BUCKET_VERSIONING, || s3.get_bucket_versioning().bucket(bucket).send()),
    );
    // For an unset configuration, some operations return an error and others an empty answer (S3-60).
    let website = if_there(website)?.map(|it| {
        WebsiteConfiguration::builder()
            .set_redirect_all_requests_to(it.redirect_all_requests_to)
            .set_index_document(it.index_document)
            .build()
    });
    let notifications = if_there(notifications)?.map(|it| {
        NotificationConfiguration::builder()
            .set_lambda_function_configurations(it.lambda_function_configurations)
            .set_queue_configurations(it.queue_configurations)
            .set_topic_configurations(it.topic_configurations)
            .set_event_bridge_configuration(it.event_bridge_configuration)
            .build()
    });
    let versioned = if_there(versioned)?.and_then(|it| it.status) == Some(BucketVersioningStatus::Enabled);
    // Replication needs versioning (S3-61).
    let replication = match versioned {
        false => Vec::new(),
        true => {
            let ask = || s3.get_bucket_replication().bucket(bucket).send();
            let found = if_there(wait::read(&operations::GET_BUCKET_REPLICATION, ask).await)?;
            found.and_then(|it| it.replication_configuration).map(|it| it.rules).unwrap_or_default()
        }
    };
    let lifecycle = if_there(lifecycle)?.and_then(|it| it.rules).unwrap_or_default();
    Ok(Added { website, lifecycle, notifications, versioned, replication })
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{
        Destination, Event, EventBridgeConfiguration, ExpirationStatus, IndexDocument, QueueConfiguration,
        RedirectAllRequestsTo, ReplicationRuleStatus,
    };
    use expect_test::{Expect, expect};

    use super::*;

    fn check(added: &Added, expected: Expect) {
        let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
        let lines = of("demo-uploads", added, &cli).into_iter();
        let lines: Vec<String> =
            lines.map(|Exposure { what, close }| format!("{what}\n  {close}\n")).collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn nothing() {
        check(&Added::default(), expect![[""]]);
        let empty = NotificationConfiguration::builder().build();
        check(&Added { notifications: Some(empty), ..Added::default() }, expect![[""]]);
    }

    #[test]
    fn each_with_the_command_that_closes_it() {
        let index = IndexDocument::builder().suffix("index.html").build().unwrap();
        let rule = LifecycleRule::builder().id("a day").status(ExpirationStatus::Enabled).build().unwrap();
        let queue = QueueConfiguration::builder()
            .queue_arn("arn:aws:sqs:eu-west-1:1:jobs")
            .events(Event::from("s3:ObjectCreated:*"))
            .build()
            .unwrap();
        let notifications = NotificationConfiguration::builder()
            .queue_configurations(queue)
            .event_bridge_configuration(EventBridgeConfiguration::builder().build())
            .build();
        let to = Destination::builder().bucket("arn:aws:s3:::evil").build().unwrap();
        let copied = ReplicationRule::builder()
            .destination(to)
            .status(ReplicationRuleStatus::Enabled)
            .build()
            .unwrap();
        let added = Added {
            website: Some(WebsiteConfiguration::builder().index_document(index).build()),
            lifecycle: vec![rule],
            notifications: Some(notifications),
            versioned: true,
            replication: vec![copied],
        };
        check(
            &added,
            expect![[r#"
            S3 serves it as a website (index index.html)
              aws s3api delete-bucket-website --bucket demo-uploads --region eu-west-1
            its objects are copied to arn:aws:s3:::evil
              aws s3api delete-bucket-replication --bucket demo-uploads --region eu-west-1
            what happens to its objects is sent to arn:aws:sqs:eu-west-1:1:jobs, EventBridge
              aws s3api put-bucket-notification-configuration --bucket demo-uploads --notification-configuration '{}' --region eu-west-1
            S3 deletes or moves its objects by the lifecycle rules a day
              aws s3api delete-bucket-lifecycle --bucket demo-uploads --region eu-west-1
            S3 keeps what is deleted or overwritten in it (versioning is on)
              aws s3api put-bucket-versioning --bucket demo-uploads --versioning-configuration Status=Suspended --region eu-west-1
        "#]],
        );
        let to = RedirectAllRequestsTo::builder().host_name("evil.example").build().unwrap();
        let website = Some(WebsiteConfiguration::builder().redirect_all_requests_to(to).build());
        check(
            &Added { website, ..Added::default() },
            expect![[r#"
            S3 serves it as a website (all requests go to evil.example)
              aws s3api delete-bucket-website --bucket demo-uploads --region eu-west-1
        "#]],
        );
    }
}
