//! The operations of S3, and how S3 answers.

use std::{collections::BTreeSet, time::Duration};

use stackctl_stackfile::bucket::OnDestroy;

use stackctl_aws_client::request::operation::{
    ANYTHING, APPLY, APPLY_OR_ADOPT, Awaited, Class, LOCATE, LOOK, Meaning, PLAN, Schedule, Scope, Service,
    Target, VERIFY, operations,
};
use stackctl_aws_data::{account::with_prefix, desired::failures};

/// Amazon S3.
pub static S3: Service = Service {
    meanings: &[
        Meaning::of("BucketAlreadyOwnedByYou", "", Class::Exists),
        Meaning::of("OperationAborted", "", Class::Busy),
        Meaning::of("NoSuchBucket", "", Class::Gone),
        Meaning::of("NoSuchUpload", "", Class::Gone).only_for("AbortMultipartUpload"),
        // A permission of a function may not be visible to S3 yet (S3-91).
        Meaning::of("InvalidArgument", UNVALIDATED, Class::NotVisible)
            .only_for("PutBucketNotificationConfiguration"),
        Meaning::of("NoSuchTagSet", "", Class::Gone),
        Meaning::of("NoSuchCORSConfiguration", "", Class::Gone),
        Meaning::of("NoSuchPublicAccessBlockConfiguration", "", Class::Gone),
        Meaning::of("OwnershipControlsNotFoundError", "", Class::Gone),
        Meaning::of("NoSuchBucketPolicy", "", Class::Gone),
        Meaning::of("ServerSideEncryptionConfigurationNotFoundError", "", Class::Gone),
        // S3-60
        Meaning::of("NoSuchWebsiteConfiguration", "", Class::Gone),
        Meaning::of("NoSuchLifecycleConfiguration", "", Class::Gone),
        Meaning::of("ReplicationConfigurationNotFoundError", "", Class::Gone),
    ],
    hint: |answer| {
        let hint = match answer.code.as_str() {
            "BucketAlreadyExists" => {
                "bucket names are unique in the whole world; choose another with `name:`"
            }
            "InvalidArgument" if answer.message.contains(UNVALIDATED) => {
                "S3 checks every entry of a bucket's notifications, also those of others: see with `aws s3api \
                 get-bucket-notification-configuration` whether one names a target that is gone or that S3 may not use"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    },
    ..Service::new()
};

/// A part of S3's text about a target of notifications that does not exist, or that S3 may not use (S3-91).
const UNVALIDATED: &str = "Unable to validate the following destination configurations";

/// The stack's buckets.
static BUCKETS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let own = stack.buckets.iter().filter(|(_, it)| it.existing.is_none());
        let names = own.map(|(name, it)| account.bucket_name(name, it));
        with_prefix(&stack.name, names).iter().map(|it| account.bucket_arn(it).0).collect()
    },
    ..Target::new("Buckets")
};

/// The buckets that others made and the stack uses.
static EXISTING_BUCKETS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let existing = stack.buckets.values().filter_map(|it| it.existing.as_ref());
        existing.map(|it| account.bucket_arn(it.as_str()).0).collect()
    },
    ..Target::new("ExistingBuckets")
};

/// The stack's buckets with versioning.
static VERSIONED_BUCKETS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let versioned = stack.buckets.iter().filter(|(_, it)| it.versioning);
        versioned.map(|(name, it)| account.bucket_arn(&account.bucket_name(name, it)).0).collect()
    },
    ..Target::new("VersionedBuckets")
};

/// The objects of the buckets that destroy empties.
static OBJECTS: Target = Target {
    resources: |scope| {
        let mut all = objects(scope, |it| it == OnDestroy::Empty);
        all.extend(failed_events(scope, "/*"));
        all
    },
    ..Target::new("Objects")
};

/// The bucket of failed events.
static FAILED_EVENTS: Target =
    Target { resources: |scope| failed_events(scope, "").collect(), ..Target::new("FailedEvents") };

/// The records in the bucket of failed events.
static FAILURES: Target =
    Target { resources: |scope| failed_events(scope, "/*").collect(), ..Target::new("Failures") };

/// The buckets of a stack with events: functions that they call may write into any.
static BUCKETS_OF_EVENTS: Target = Target {
    resources: |scope| match failures::is_needed(scope.stack) {
        true => (BUCKETS.resources)(scope),
        false => BTreeSet::new(),
    },
    ..Target::new("BucketsOfEvents")
};

/// The objects of buckets with events.
static OBJECTS_OF_EVENTS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let buckets = stack.buckets.iter().filter(|(_, it)| !it.events.is_empty());
        let arns = buckets.map(|(name, it)| account.bucket_arn(&account.bucket_name(name, it)));
        arns.map(|it| format!("{it}/*")).collect()
    },
    ..Target::new("ObjectsOfEvents")
};

/// The objects of all buckets.
static ANY_OBJECTS: Target =
    Target { resources: |scope| objects(scope, |_| true), ..Target::new("AnyObjects") };

fn objects(Scope { stack, account, .. }: &Scope<'_>, is_meant: fn(OnDestroy) -> bool) -> BTreeSet<String> {
    let buckets = stack.buckets.iter().filter(|(_, it)| is_meant(it.on_destroy));
    let arns = buckets.map(|(name, it)| format!("{}/*", account.bucket_arn(&account.bucket_name(name, it))));
    arns.collect()
}

/// The ARN of the bucket of failed events with this end, where the stack has the bucket.
fn failed_events(
    Scope { stack, account, .. }: &Scope<'_>,
    end: &'static str,
) -> impl Iterator<Item = String> {
    let arn = account.bucket_arn(&failures::bucket_name(account));
    failures::is_needed(stack).then(|| format!("{arn}{end}")).into_iter()
}

/// S3-06.
pub const BUCKET_SEEN: Awaited = Awaited {
    for_what: "the bucket to appear",
    not_before: Duration::ZERO,
    schedule: Schedule::new(100, 1_000, 120),
    hint: Some("S3 accepted the bucket and does not show it; run the command again"),
};

operations! {
    &S3;
    LIST_BUCKETS = "s3:ListBuckets": LOCATE ["s3:ListAllMyBuckets"] ANYTHING;
    GET_BUCKET_TAGGING = "s3:GetBucketTagging": LOCATE ["s3:GetBucketTagging"] BUCKETS;
    // Only of buckets that others made (S3-65).
    HEAD_BUCKET = "s3:HeadBucket": LOOK ["s3:ListBucket"] EXISTING_BUCKETS;
    GET_BUCKET_CORS = "s3:GetBucketCors": LOOK ["s3:GetBucketCORS"] BUCKETS LOOK ["s3:GetBucketCORS"] EXISTING_BUCKETS;
    GET_PUBLIC_ACCESS_BLOCK = "s3:GetPublicAccessBlock": LOOK ["s3:GetBucketPublicAccessBlock"] BUCKETS;
    GET_BUCKET_OWNERSHIP_CONTROLS = "s3:GetBucketOwnershipControls": LOOK ["s3:GetBucketOwnershipControls"] BUCKETS;
    GET_BUCKET_ENCRYPTION = "s3:GetBucketEncryption": LOOK ["s3:GetEncryptionConfiguration"] BUCKETS;
    GET_BUCKET_POLICY = "s3:GetBucketPolicy": LOOK ["s3:GetBucketPolicy"] BUCKETS;
    GET_BUCKET_WEBSITE = "s3:GetBucketWebsite": LOOK ["s3:GetBucketWebsite"] BUCKETS;
    GET_BUCKET_LIFECYCLE_CONFIGURATION = "s3:GetBucketLifecycleConfiguration": LOOK ["s3:GetLifecycleConfiguration"] BUCKETS;
    GET_BUCKET_NOTIFICATION_CONFIGURATION = "s3:GetBucketNotificationConfiguration": LOOK ["s3:GetBucketNotification"] BUCKETS;
    GET_BUCKET_VERSIONING = "s3:GetBucketVersioning": LOOK ["s3:GetBucketVersioning"] BUCKETS;
    // Only for buckets with versioning (S3-61).
    GET_BUCKET_REPLICATION = "s3:GetBucketReplication": LOOK ["s3:GetReplicationConfiguration"] BUCKETS;
    LIST_OBJECT_VERSIONS = "s3:ListObjectVersions": PLAN ["s3:ListBucketVersions"] BUCKETS;
    LIST_MULTIPART_UPLOADS = "s3:ListMultipartUploads": PLAN ["s3:ListBucketMultipartUploads"] BUCKETS;
    // CreateBucket sets the tags.
    CREATE_BUCKET = "s3:CreateBucket": APPLY ["s3:CreateBucket", "s3:TagResource"] BUCKETS;
    // A bucket whose only tags were the stack's is released.
    DELETE_BUCKET_TAGGING = "s3:DeleteBucketTagging": APPLY_OR_ADOPT ["s3:PutBucketTagging"] BUCKETS;
    PUT_BUCKET_TAGGING = "s3:PutBucketTagging": APPLY_OR_ADOPT ["s3:PutBucketTagging"] BUCKETS;
    PUT_PUBLIC_ACCESS_BLOCK = "s3:PutPublicAccessBlock": APPLY ["s3:PutBucketPublicAccessBlock"] BUCKETS;
    PUT_BUCKET_ACL = "s3:PutBucketAcl": APPLY ["s3:PutBucketAcl"] BUCKETS;
    PUT_BUCKET_OWNERSHIP_CONTROLS = "s3:PutBucketOwnershipControls": APPLY ["s3:PutBucketOwnershipControls"] BUCKETS;
    PUT_BUCKET_ENCRYPTION = "s3:PutBucketEncryption": APPLY ["s3:PutEncryptionConfiguration"] BUCKETS;
    PUT_BUCKET_POLICY = "s3:PutBucketPolicy": APPLY ["s3:PutBucketPolicy"] BUCKETS;
    PUT_BUCKET_CORS = "s3:PutBucketCors": APPLY ["s3:PutBucketCORS"] BUCKETS;
    PUT_BUCKET_VERSIONING = "s3:PutBucketVersioning": APPLY ["s3:PutBucketVersioning"] VERSIONED_BUCKETS;
    PUT_BUCKET_LIFECYCLE_CONFIGURATION = "s3:PutBucketLifecycleConfiguration": APPLY ["s3:PutLifecycleConfiguration"] BUCKETS;
    PUT_BUCKET_NOTIFICATION_CONFIGURATION = "s3:PutBucketNotificationConfiguration": APPLY ["s3:PutBucketNotification"] BUCKETS;
    DELETE_BUCKET_CORS = "s3:DeleteBucketCors": APPLY ["s3:PutBucketCORS"] BUCKETS;
    DELETE_BUCKET = "s3:DeleteBucket": APPLY ["s3:DeleteBucket"] BUCKETS;
    DELETE_OBJECTS = "s3:DeleteObjects": APPLY ["s3:DeleteObject", "s3:DeleteObjectVersion"] OBJECTS;
    ABORT_MULTIPART_UPLOAD = "s3:AbortMultipartUpload": APPLY ["s3:AbortMultipartUpload"] OBJECTS;
    LIST_OBJECTS_V2 = "s3:ListObjectsV2": PLAN ["s3:ListBucket"] FAILED_EVENTS VERIFY ["s3:ListBucket"] BUCKETS_OF_EVENTS;
    // `verify --events` uploads an object.
    PUT_OBJECT = "s3:PutObject": VERIFY ["s3:PutObject"] OBJECTS_OF_EVENTS;
    GET_OBJECT = "s3:GetObject": VERIFY ["s3:GetObject"] ANY_OBJECTS PLAN ["s3:GetObject"] FAILURES;
    DELETE_OBJECT = "s3:DeleteObject": VERIFY ["s3:DeleteObject"] ANY_OBJECTS;
}
