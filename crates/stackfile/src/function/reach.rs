//! The objects of a bucket that a function reaches.

use std::collections::BTreeSet;

use super::{builtin::Builtin, source::Source};
use crate::{
    bucket::Bucket,
    grants::{BucketGrants, Grant},
};

/// The operations that a function may do with the objects of a bucket: its grants, and for the built-in presign function
/// what the access rules of the bucket leave of them.
pub fn reach(source: &Source, bucket: &Bucket, granted: &BucketGrants) -> Vec<BucketGrants> {
    if evaluates_access(source) && !bucket.access.is_empty() {
        bucket.access.grants(granted)
    } else {
        let read = granted.read.iter().map(|prefix| BucketGrants {
            prefix: Some(prefix.clone()),
            allow: BTreeSet::from([Grant::Get, Grant::List]),
            read: None,
        });
        std::iter::once(granted.clone()).chain(read).collect()
    }
}

/// Whether a person may do this in a folder of their own, through the function.
pub fn owner_may(source: &Source, bucket: &Bucket, granted: &BucketGrants, verb: Grant) -> bool {
    let has_rule = bucket.access.gives_owner(verb) || bucket.access.is_empty() || !evaluates_access(source);
    granted.allow.contains(&verb) && has_rule
}

/// Whether a function evaluates access rules.
pub fn evaluates_access(source: &Source) -> bool {
    match source {
        Source::Builtin(Builtin::Presign) => true,
        Source::Builtin(Builtin::Webhook) | Source::Package { .. } | Source::Code(_) => false,
    }
}
