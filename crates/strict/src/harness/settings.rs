//! The settings of a strict cloud: the active rules, the speed of time, the faults.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{harness::faults::Fault, memory::clock::seconds_of};

/// The body of `POST /_stackctl/strict`; what it leaves out is as in the default.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StrictSettings {
    /// The factor from AWS's seconds to real seconds; rates are divided by it.
    pub time_scale: f64,
    /// The least real seconds of a request.
    pub delay: f64,
    /// Requests wait until a wave is let through.
    pub waves: bool,
    /// Whether a rule is active: its own switch, else that of `*`, else on.
    pub rules: BTreeMap<Rule, bool>,
    /// AWS's own seconds, before they are scaled.
    pub seconds: Seconds,
    /// How many requests for a new bucket's configuration find no bucket (S3-06).
    pub new_bucket_misses: u32,
    /// The effect of Cognito's updates on members that they leave out (COG-20).
    pub cognito_updates: CognitoUpdates,
    /// How many mails Cognito itself sends in a day (COG-113).
    pub mails_a_day: usize,
    /// The ARNs of the identities that SES has verified (COG-115); none given: every identity is verified.
    pub verified_identities: Option<Vec<String>>,
    /// The state of the name of a deleted parameter (SSM-05).
    pub deleted_parameters: DeletedParameters,
    /// How many seconds the clock of SSM is ahead of this machine's.
    pub clock_ahead: f64,
    /// Functions made from now on end as Failed (LAM-33).
    pub functions_fail: bool,
    /// Changes the order of lists.
    pub seed: u64,
    /// The faults.
    pub faults: Vec<Fault>,
}

/// One rule, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rule {
    #[serde(rename = "*")]
    All,
    /// A new role, a new trust policy or a new inline policy is not seen by Lambda at once (LAM-01, LAM-78).
    IamPropagation,
    /// Names of roles that differ by their case alone are equal (X-10).
    RoleNames,
    /// A function's variables are for the role that it was given, not for another one of that name (IAM-10, LAM-40).
    RoleIds,
    /// The states Pending and InProgress, and the calls that they refuse (LAM-06, LAM-07, LAM-20, LAM-30, LAM-32).
    FunctionStates,
    /// Input that Lambda refuses (LAM-15, LAM-17, LAM-18, LAM-53, LAM-54).
    FunctionChecks,
    /// One change of a function's policy at a time (LAM-08).
    PermissionOverlap,
    /// A new permission of a function is not seen by S3 at once (S3-91).
    PermissionSpread,
    /// Input that S3 and Lambda refuse for events of buckets (S3-97, LAM-75, LAM-78).
    EventChecks,
    /// Token buckets (AGW-01, COG-40, LAM-50).
    Rates,
    /// One write at a time for each API (AGW-10, AGW-11, AGW-12).
    ApiWrites,
    /// Names that exist, resources in use, and empty APIs (AGW-13, AGW-14, AGW-15).
    ApiConflicts,
    /// A stage serves its deployment, after a delay (AGW-60, AGW-63).
    Deployments,
    /// 500 where the function does not let the API in (LAM-47); only where `deployments` holds.
    InvokePermission,
    /// The rules of CreateBucket in each region, and the answers of other regions (S3-01, S3-03, S3-19).
    BucketRegions,
    /// A list of buckets says in which region each is; some emulators do not (S3-19).
    ListedRegions,
    /// One write at a time for each bucket, and none soon after its delete (S3-04, S3-05).
    BucketWrites,
    /// A new bucket is not seen at once (S3-06).
    NewBuckets,
    /// Input that S3 refuses (S3-02, S3-20, S3-80 to S3-83).
    BucketChecks,
    /// No caller adds, changes or removes tags of AWS's own (S3-26).
    SystemTags,
    /// Updates reset what they leave out (COG-20).
    CognitoUpdates,
    /// One update at a time for each pool (COG-02).
    CognitoOverlap,
    /// Input that Cognito refuses (COG-05, COG-06, COG-09, COG-21, COG-22, COG-52, COG-115).
    CognitoChecks,
    /// Features that the tier of a pool does not have (COG-120).
    CognitoTiers,
    /// The mails of a day (COG-113).
    CognitoMails,
    /// One write at a time for each log group (LOG-02).
    LogOverlap,
    /// Reads of roles, public access blocks, tags, lifecycle rules and versioning return former values (S3-08, S3-12,
    /// S3-86, IAM-06).
    StaleReads,
    /// Defaults read back as AWS reads them (LAM-45, LAM-75, COG-23, AGW-67, S3-92).
    Defaults,
    /// Lists without a defined order are shuffled.
    ListOrder,
}

/// How long things take on AWS.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Seconds {
    /// Until Lambda sees a new role (IAM-08).
    pub iam_propagation: f64,
    /// How long a new function is Pending (LAM-31).
    pub function_pending: f64,
    /// How long an update of a function is InProgress.
    pub function_update: f64,
    /// Until a deployment reaches its stage (AGW-63).
    pub deployment: f64,
    /// Until a deleted bucket's name can be used again (S3-05).
    pub bucket_reuse: f64,
    /// How long the name of a deleted parameter is not free (SSM-05).
    pub parameter_reuse: f64,
    /// How old a stale read is; 0 is none.
    pub stale_age: f64,
    /// Until S3 sees a new permission of a function (S3-91).
    pub permission_seen: f64,
    /// The least duration of a write that excludes others, so that concurrent writes overlap.
    pub write_takes: f64,
}

/// The effect of an update on members that it leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CognitoUpdates {
    /// All of them are reset, as AWS documents.
    Documented,
    /// Some of them are reset, as was measured.
    Measured,
}

/// The state of the name of a parameter for a while after its deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeletedParameters {
    /// It is free at once.
    Gone,
    /// It is free at once, and a parameter that is created then is deleted at the end.
    DeletedAgain,
    /// It can't be created, though it can't be read.
    StillThere,
}

impl Default for StrictSettings {
    fn default() -> StrictSettings {
        StrictSettings {
            time_scale: 1.0,
            delay: 0.0,
            waves: false,
            rules: BTreeMap::new(),
            seconds: Seconds::default(),
            new_bucket_misses: 2,
            cognito_updates: CognitoUpdates::Documented,
            mails_a_day: 50,
            verified_identities: None,
            deleted_parameters: DeletedParameters::Gone,
            clock_ahead: 0.0,
            functions_fail: false,
            seed: 1,
            faults: Vec::new(),
        }
    }
}

impl Default for Seconds {
    fn default() -> Seconds {
        Seconds {
            iam_propagation: 8.0,
            function_pending: 3.0,
            function_update: 1.5,
            deployment: 10.0,
            bucket_reuse: 10.0,
            parameter_reuse: 30.0,
            stale_age: 0.0,
            permission_seen: 2.0,
            write_takes: 0.05,
        }
    }
}

impl StrictSettings {
    pub(crate) fn has(&self, rule: Rule) -> bool {
        self.rules.get(&rule).or_else(|| self.rules.get(&Rule::All)).copied().unwrap_or(true)
    }

    /// AWS's seconds as they pass here.
    pub(crate) fn scaled(&self, seconds: f64) -> Duration {
        seconds_of(seconds * self.time_scale)
    }

    /// The problem of settings that are not valid.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let Seconds {
            iam_propagation,
            function_pending,
            function_update,
            deployment,
            bucket_reuse,
            parameter_reuse,
            stale_age,
            permission_seen,
            write_takes,
        } = self.seconds;
        let seconds = [
            self.time_scale,
            self.delay,
            iam_propagation,
            function_pending,
            function_update,
            deployment,
            bucket_reuse,
            parameter_reuse,
            stale_age,
            permission_seen,
            write_takes,
        ];
        let make_sense =
            seconds.iter().all(|it| it.is_finite() && *it >= 0.0) && self.clock_ahead.is_finite();
        (!make_sense).then_some("a time is negative or not a number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> StrictSettings {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_switch_counts_more_than_all() {
        assert!(settings("{}").has(Rule::Rates));
        let some = settings(r#"{"rules": {"*": false, "rates": true}}"#);
        assert!(some.has(Rule::Rates) && !some.has(Rule::Deployments));
        assert!(!settings(r#"{"rules": {"rates": false}}"#).has(Rule::Rates));
        assert!(serde_json::from_str::<StrictSettings>(r#"{"rules": {"rate": true}}"#).is_err());
    }

    #[test]
    fn unless_told_it_is_as_on_aws() {
        let settings = settings("{}");
        let told = serde_json::to_value(settings.seconds).unwrap();
        let expected = serde_json::json!({
            "iam_propagation": 8.0,
            "function_pending": 3.0,
            "function_update": 1.5,
            "deployment": 10.0,
            "bucket_reuse": 10.0,
            "parameter_reuse": 30.0,
            "stale_age": 0.0,
            "permission_seen": 2.0,
            "write_takes": 0.05,
        });
        assert_eq!(told, expected);
        assert_eq!((settings.time_scale, settings.new_bucket_misses), (1.0, 2));
        assert_eq!((settings.deleted_parameters, settings.clock_ahead), (DeletedParameters::Gone, 0.0));
        assert_eq!((settings.cognito_updates, settings.functions_fail), (CognitoUpdates::Documented, false));
        assert!(settings.has(Rule::All) && settings.has(Rule::RoleIds));
    }

    #[test]
    fn time_is_scaled() {
        let settings = settings(r#"{"time_scale": 0.1, "seconds": {"iam_propagation": 7}}"#);
        assert_eq!(settings.scaled(settings.seconds.iam_propagation), Duration::from_millis(700));
        assert_eq!(settings.scaled(1e300), Duration::from_secs(100_000_000));
    }
}
