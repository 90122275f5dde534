//! The exposures of a bucket: settings of others that publish its objects, send them elsewhere, or delete them.

use aws_sdk_s3::types::{ReplicationRule, WebsiteConfiguration};
use stackctl_aws_client::{
    clients::Clients,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    cli::Cli,
    policy::{Policy, open},
};
use stackctl_engine::Exposure;

use super::{lifecycle::Kept, notifications::Notifications};
use crate::bucket::operations;

/// The settings of a bucket that stackctl does not manage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Added {
    /// The website configuration.
    pub website: Option<WebsiteConfiguration>,
    /// Its event notifications; `None` if they were not read.
    pub notifications: Option<Notifications>,
    /// The targets of replication.
    pub replication: Vec<ReplicationRule>,
}

/// The exposures of the bucket with this name; `versioning` says whether the file asks for it.
pub fn of(bucket: &str, kept: &Kept, versioning: bool, added: &Added, cli: &Cli) -> Vec<Exposure> {
    let Added { website, notifications, replication } = added;
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
    let targets = notifications.as_ref().map(Notifications::targets_of_others).unwrap_or_default();
    if let Some(notifications) = notifications.as_ref().filter(|_| !targets.is_empty()) {
        open(
            format!("what happens to its objects is sent to {}", targets.join(", ")),
            "put-bucket-notification-configuration",
            &["--notification-configuration", &notifications.own_as_json()],
        );
    }
    let rules = kept.foreign_rules();
    if !rules.is_empty() {
        let ids: Vec<&str> = rules.iter().map(|it| it.id().unwrap_or("without an id")).collect();
        let what = format!("S3 deletes or moves its objects by the lifecycle rules {}", ids.join(", "));
        match kept.own_rules_as_json() {
            None => open(what, "delete-bucket-lifecycle", &[]),
            Some(own) => {
                let own = ["--lifecycle-configuration", &own];
                open(what, "put-bucket-lifecycle-configuration", &own);
            }
        }
    }
    if kept.is_versioned() && !versioning {
        open(
            "S3 keeps what is deleted or overwritten in it (versioning is on, and the file does not ask for it)"
                .to_owned(),
            "put-bucket-versioning",
            &["--versioning-configuration", "Status=Suspended"],
        );
    }
    all
}

/// The statements of others that let in callers of other accounts.
pub fn of_policy(bucket: &str, policy: &Policy, account: &str, cli: &Cli) -> Vec<Exposure> {
    let all = policy.statements().iter().filter_map(|statement| {
        let who = open::lets_in(statement, account)?;
        let line = Policy::of([statement.clone()]).lines().join("; ");
        let rest = policy.only(|it| it != statement).document();
        let close = cli.command(&["s3api", "put-bucket-policy", "--bucket", bucket, "--policy", &rest]);
        Some(Exposure { what: format!("its policy lets in {who} ({line})"), close })
    });
    all.collect()
}

/// Reads the settings but for replication; a bucket that does not exist has none.
///
/// # Errors
/// The errors of S3.
pub async fn read(bucket: &str, clients: &Clients) -> Result<Added, AwsError> {
    let s3 = &clients.s3;
    let (website, notifications) = tokio::join!(
        wait::read(&operations::GET_BUCKET_WEBSITE, || s3.get_bucket_website().bucket(bucket).send()),
        Notifications::read(bucket, clients),
    );
    // For an unset configuration, some operations return an error and others an empty answer (S3-60).
    let website = if_there(website)?.map(|it| {
        WebsiteConfiguration::builder()
            .set_redirect_all_requests_to(it.redirect_all_requests_to)
            .set_index_document(it.index_document)
            .build()
    });
    Ok(Added { website, notifications: Some(notifications?), replication: Vec::new() })
}

/// Reads the targets of replication, which only a versioned bucket can have (S3-61).
///
/// # Errors
/// The errors of S3.
pub async fn replication(bucket: &str, clients: &Clients) -> Result<Vec<ReplicationRule>, AwsError> {
    let ask = || clients.s3.get_bucket_replication().bucket(bucket).send();
    let found = if_there(wait::read(&operations::GET_BUCKET_REPLICATION, ask).await)?;
    Ok(found.and_then(|it| it.replication_configuration).map(|it| it.rules).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{
        BucketVersioningStatus, Destination, Event, EventBridgeConfiguration, ExpirationStatus,
        IndexDocument, LifecycleRule, NotificationConfiguration, QueueConfiguration, RedirectAllRequestsTo,
        ReplicationRuleStatus,
    };
    use expect_test::{Expect, expect};

    use super::*;

    fn check(kept: &Kept, added: &Added, expected: Expect) {
        let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
        let lines = of("demo-uploads", kept, false, added, &cli).into_iter();
        let lines: Vec<String> =
            lines.map(|Exposure { what, close }| format!("{what}\n  {close}\n")).collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn nothing() {
        check(&Kept::default(), &Added::default(), expect![[""]]);
        let empty = Notifications::default();
        check(&Kept::default(), &Added { notifications: Some(empty), ..Added::default() }, expect![[""]]);
    }

    #[test]
    fn statements_that_let_others_in() {
        let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
        let text = r#"{"Version":"2012-10-17","Statement":[
            {"Sid":"tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"},
            {"Sid":"evil","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}"#;
        let found = of_policy("demo-uploads", &Policy::parse(text).unwrap(), "1", &cli);
        let lines: Vec<String> =
            found.into_iter().map(|Exposure { what, close }| format!("{what}\n  {close}\n")).collect();
        expect![[r#"
            its policy lets in everyone (Allow s3:GetObject on *, Principal {"AWS":["*"]})
              aws s3api put-bucket-policy --bucket demo-uploads --policy '{"Statement":[{"Action":"s3:*","Effect":"Deny","Principal":"*","Resource":"*","Sid":"tls"}],"Version":"2012-10-17"}' --region eu-west-1
        "#]].assert_eq(&lines.concat());
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
            notifications: Some(Notifications(notifications)),
            replication: vec![copied],
        };
        let versioning = Some(BucketVersioningStatus::Enabled);
        let kept = Kept { versioning, rules: vec![rule], ..Kept::default() };
        check(
            &kept,
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
            S3 keeps what is deleted or overwritten in it (versioning is on, and the file does not ask for it)
              aws s3api put-bucket-versioning --bucket demo-uploads --versioning-configuration Status=Suspended --region eu-west-1
        "#]],
        );
        let to = RedirectAllRequestsTo::builder().host_name("evil.example").build().unwrap();
        let website = Some(WebsiteConfiguration::builder().redirect_all_requests_to(to).build());
        check(
            &Kept::default(),
            &Added { website, ..Added::default() },
            expect![[r#"
            S3 serves it as a website (all requests go to evil.example)
              aws s3api delete-bucket-website --bucket demo-uploads --region eu-west-1
        "#]],
        );
    }
}
