//! A bucket's CORS rule and lifecycle rules.

use std::collections::BTreeSet;

use crate::{account::Account, tags::Tags};
use stackctl_stackfile::{
    bucket::{Bucket, BucketCors},
    function::reach::reach,
    grants::Grant,
    names::LogicalName,
    origin::Origins,
    stack::Stack,
};

/// The object ownership of every bucket.
pub const OWNERSHIP: &str = "BucketOwnerEnforced";

/// The default encryption of every bucket.
pub const ENCRYPTION: &str = "AES256";

/// The CORS rule of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// Origins, or `*`.
    pub origins: BTreeSet<String>,
    /// Methods.
    pub methods: BTreeSet<String>,
    /// Request headers, or `*`.
    pub headers: BTreeSet<String>,
    /// Response headers that a script may read.
    pub exposed: BTreeSet<String>,
    /// The number of seconds that a browser caches a preflight.
    pub max_age: Option<i32>,
}

/// The tags of a bucket.
pub fn tags(account: &Account, name: &LogicalName, bucket: &Bucket) -> Tags {
    let tags = account.tags(&format!("bucket.{name}"));
    if bucket.events.is_empty() { tags } else { tags.of_events() }
}

/// What all functions may do with the objects of a bucket.
pub fn granted(stack: &Stack, bucket: &LogicalName) -> BTreeSet<Grant> {
    stack
        .functions
        .values()
        .filter_map(|function| {
            let granted = function.buckets.get(bucket)?;
            Some(reach(&function.source, &stack.buckets[bucket], granted))
        })
        .flatten()
        .flat_map(|it| it.allow)
        .collect()
}

/// The CORS rule of a bucket: the methods that functions can sign; PUT if there is no function.
pub fn cors(cors: &BucketCors, grants: &BTreeSet<Grant>) -> Cors {
    let methods = |grant: &Grant| -> &[&str] {
        match grant {
            // A form uploads an object with POST.
            Grant::Put => &["PUT", "POST"],
            Grant::Get => &["GET", "HEAD"],
            Grant::List => &["GET"],
            Grant::Delete => &["DELETE"],
            Grant::Multipart => &["PUT", "POST", "GET", "DELETE"],
        }
    };
    let mut opened: BTreeSet<String> = grants.iter().flat_map(methods).map(|it| (*it).to_owned()).collect();
    if opened.is_empty() {
        opened.insert("PUT".to_owned());
    }
    Cors {
        origins: match &cors.origins {
            Origins::Any => BTreeSet::from(["*".to_owned()]),
            Origins::These(all) => all.iter().map(ToString::to_string).collect(),
        },
        methods: opened,
        headers: cors.headers.clone(),
        // The end of a multipart upload has to send the ETags (S3-22).
        exposed: BTreeSet::from(["ETag".to_owned()]),
        max_age: i32::try_from(cors.max_age.0).ok(),
    }
}

/// What S3 should keep, and when it should delete objects by itself, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifecycle {
    /// Whether S3 keeps older versions of objects.
    pub versioning: bool,
    /// After an object's upload.
    pub expire: Option<u32>,
    /// After the start of a multipart upload that was not finished.
    pub abort_unfinished: u32,
}

/// A lifecycle rule of stackctl's, for all objects of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifecycleRule {
    /// Deletes the parts of uploads that were not finished.
    AbortUnfinished {
        /// Days after the upload's start.
        days: u32,
    },
    /// Deletes objects.
    Expire {
        /// Days after an object's upload; with `versions`, a version as many days after it was replaced.
        days: u32,
        /// Whether older versions are deleted too.
        versions: bool,
    },
    /// Deletes delete markers that hide nothing.
    ExpireMarkers,
}

/// Rules with this prefix of their id are stackctl's.
pub const OWN_RULE: &str = "stackctl-";

impl Lifecycle {
    /// What the file says of a bucket.
    pub fn of(bucket: &Bucket) -> Lifecycle {
        Lifecycle {
            versioning: bucket.versioning,
            expire: bucket.expire.map(|it| it.days()),
            abort_unfinished: bucket.abort_unfinished.days(),
        }
    }

    /// stackctl's rules.
    pub fn rules(self) -> Vec<LifecycleRule> {
        let Lifecycle { versioning, expire, abort_unfinished } = self;
        // A rule of its own: S3 takes no other condition beside it (S3-82).
        let mut all = vec![LifecycleRule::AbortUnfinished { days: abort_unfinished }];
        if let Some(days) = expire {
            all.push(LifecycleRule::Expire { days, versions: versioning });
            if versioning {
                // Expiration alone only hides an object behind a delete marker (S3-83).
                all.push(LifecycleRule::ExpireMarkers);
            }
        }
        all
    }
}

impl LifecycleRule {
    /// The rule's id.
    pub fn id(self) -> String {
        let name = match self {
            LifecycleRule::AbortUnfinished { .. } => "abort-unfinished",
            LifecycleRule::Expire { .. } => "expire",
            LifecycleRule::ExpireMarkers => "expire-markers",
        };
        format!("{OWN_RULE}{name}")
    }
}
