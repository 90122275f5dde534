//! Versioning, and the lifecycle rules by which S3 deletes objects: stackctl's own beside those of others.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketVersioningStatus, ExpirationStatus, LifecycleExpiration,
    LifecycleRule, LifecycleRuleFilter, NoncurrentVersionExpiration, TransitionDefaultMinimumObjectSize,
};
use serde_json::{Value as Json, json};
use stackctl_aws_client::{
    clients::Clients,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::desired::bucket::{Lifecycle, LifecycleRule as Rule, OWN_RULE};

use crate::bucket::operations;

/// Versioning and the lifecycle rules of a bucket.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// `None` if versioning was never on (S3-62).
    pub versioning: Option<BucketVersioningStatus>,
    /// All lifecycle rules.
    pub rules: Vec<LifecycleRule>,
    /// A setting beside the rules, which each write of the rules sets.
    pub transition_minimum: Option<TransitionDefaultMinimumObjectSize>,
}

impl Kept {
    /// Reads both; a bucket that does not exist has neither.
    ///
    /// # Errors
    /// The errors of S3.
    pub async fn read(bucket: &str, clients: &Clients) -> Result<Kept, AwsError> {
        let s3 = &clients.s3;
        let (versioning, lifecycle) = tokio::join!(
            wait::read(&operations::GET_BUCKET_VERSIONING, || s3
                .get_bucket_versioning()
                .bucket(bucket)
                .send()),
            wait::read(&operations::GET_BUCKET_LIFECYCLE_CONFIGURATION, || s3
                .get_bucket_lifecycle_configuration()
                .bucket(bucket)
                .send()),
        );
        let versioning = if_there(versioning)?.and_then(|it| it.status);
        let lifecycle = if_there(lifecycle)?;
        let transition_minimum =
            lifecycle.as_ref().and_then(|it| it.transition_default_minimum_object_size.clone());
        let rules = lifecycle.and_then(|it| it.rules).unwrap_or_default();
        Ok(Kept { versioning, rules, transition_minimum })
    }

    /// Whether S3 keeps older versions.
    pub fn is_versioned(&self) -> bool {
        self.versioning == Some(BucketVersioningStatus::Enabled)
    }

    /// stackctl's rules.
    pub fn own_rules(&self) -> Vec<LifecycleRule> {
        self.rules.iter().filter(|it| is_own(it)).cloned().collect()
    }

    /// stackctl's rules as the aws CLI takes them; `None` if there are none.
    pub fn own_rules_as_json(&self) -> Option<String> {
        let rules: Vec<Json> = self.own_rules().iter().map(json).collect();
        (!rules.is_empty()).then(|| json!({ "Rules": rules }).to_string())
    }

    /// The rules of others.
    pub fn foreign_rules(&self) -> Vec<&LifecycleRule> {
        self.rules.iter().filter(|it| !is_own(it)).collect()
    }

    /// The rules of others, then those that are desired.
    pub fn with(&self, desired: Lifecycle) -> Vec<LifecycleRule> {
        let foreign = self.foreign_rules().into_iter().cloned().collect::<Vec<_>>();
        // S3 refuses rules of both forms in one configuration (S3-81).
        let is_old_form = foreign.iter().any(|it| old_prefix(it).is_some());
        let own = rules(desired).into_iter().map(|rule| if is_old_form { in_old_form(rule) } else { rule });
        let own = own.collect::<Vec<_>>();
        [foreign, own].concat()
    }
}

/// stackctl's rules as S3 takes them.
pub fn rules(desired: Lifecycle) -> Vec<LifecycleRule> {
    desired.rules().into_iter().map(rule).collect()
}

fn rule(desired: Rule) -> LifecycleRule {
    let rule = LifecycleRule::builder()
        .id(desired.id())
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().build());
    let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
    let rule = match desired {
        Rule::AbortUnfinished { days: after } => {
            let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(days(after));
            rule.abort_incomplete_multipart_upload(abort.build())
        }
        Rule::Expire { days: after, versions } => {
            let older = NoncurrentVersionExpiration::builder().noncurrent_days(days(after)).build();
            rule.expiration(LifecycleExpiration::builder().days(days(after)).build())
                .set_noncurrent_version_expiration(versions.then_some(older))
        }
        Rule::ExpireMarkers => {
            rule.expiration(LifecycleExpiration::builder().expired_object_delete_marker(true).build())
        }
    };
    rule.build().expect("each rule has its status")
}

/// Each rule by its id in words; two rules that mean the same have the same words.
pub fn texts(rules: &[LifecycleRule]) -> BTreeMap<String, String> {
    let field =
        |rule: &LifecycleRule| rule.id().unwrap_or_default().trim_start_matches(OWN_RULE).replace('-', "_");
    rules.iter().map(|rule| (field(rule), text(rule))).collect()
}

fn text(rule: &LifecycleRule) -> String {
    let days = |days: i32| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let mut parts = Vec::new();
    if let Some(expiration) = rule.expiration() {
        parts.extend(expiration.days().map(|it| format!("deletes objects {} after their upload", days(it))));
        parts.extend(expiration.date().map(|it| format!("deletes objects on {it}")));
        if expiration.expired_object_delete_marker() == Some(true) {
            parts.push("deletes delete markers that hide nothing".to_owned());
        }
    }
    if let Some(older) = rule.noncurrent_version_expiration() {
        let after = days(older.noncurrent_days().unwrap_or_default());
        let but = older.newer_noncurrent_versions().map(|it| format!(", but the newest {it}"));
        parts.push(format!("deletes versions {after} after they were replaced{}", but.unwrap_or_default()));
    }
    if let Some(abort) = rule.abort_incomplete_multipart_upload() {
        let after = days(abort.days_after_initiation().unwrap_or_default());
        parts.push(format!("deletes the parts of unfinished uploads {after} after their start"));
    }
    let moves = rule.transitions().len() + rule.noncurrent_version_transitions().len();
    if moves > 0 {
        parts.push(format!("moves objects ({moves} transitions)"));
    }
    let prefixes = [rule.filter().and_then(|it| it.prefix()), old_prefix(rule)];
    parts.extend(prefixes.into_iter().flatten().filter(|it| !it.is_empty()).map(|it| format!("below {it}")));
    let has_other_conditions = rule.filter().is_some_and(|it| {
        let sizes = it.object_size_greater_than().or(it.object_size_less_than());
        it.tag().is_some() || it.and().is_some() || sizes.is_some()
    });
    parts.extend(has_other_conditions.then(|| "by a filter".to_owned()));
    if *rule.status() != ExpirationStatus::Enabled {
        parts.push("turned off".to_owned());
    }
    parts.join(", ")
}

/// One of stackctl's rules in the form of the aws CLI.
fn json(rule: &LifecycleRule) -> Json {
    let mut json = json!({
        "ID": rule.id(),
        "Status": rule.status().as_str(),
        "Filter": {},
    });
    if let Some(it) = rule.expiration() {
        json["Expiration"] = match it.days() {
            Some(days) => json!({ "Days": days }),
            None => json!({ "ExpiredObjectDeleteMarker": true }),
        };
    }
    if let Some(it) = rule.noncurrent_version_expiration() {
        json["NoncurrentVersionExpiration"] = json!({ "NoncurrentDays": it.noncurrent_days() });
    }
    if let Some(it) = rule.abort_incomplete_multipart_upload() {
        json["AbortIncompleteMultipartUpload"] = json!({ "DaysAfterInitiation": it.days_after_initiation() });
    }
    json
}

fn is_own(rule: &LifecycleRule) -> bool {
    rule.id().is_some_and(|it| it.starts_with(OWN_RULE))
}

/// The prefix of a rule in the form that S3 had before filters.
#[expect(deprecated, reason = "rules of others may have this form")]
fn old_prefix(rule: &LifecycleRule) -> Option<&str> {
    rule.prefix()
}

#[expect(deprecated, reason = "rules of others may have this form")]
fn in_old_form(mut rule: LifecycleRule) -> LifecycleRule {
    rule.filter = None;
    rule.prefix = Some(String::new());
    rule
}
