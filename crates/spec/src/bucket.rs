//! A private bucket that browsers may PUT into.

use std::collections::BTreeSet;

use crate::{names::BucketName, origin::Origins, units::Seconds};

/// A private bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name in AWS, when it is not the computed one.
    pub name: Option<BucketName>,
    /// Who may reach it from a browser; none: nobody.
    pub cors: Option<BucketCors>,
    /// What `destroy` does with objects in it.
    pub on_destroy: OnDestroy,
}

/// CORS of a bucket. Which methods it opens follows from the grants of the stack's functions, PUT when there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketCors {
    /// Pages that may reach the bucket.
    pub origins: Origins,
    /// Request headers a page may send (`*`: any). Default: any.
    pub headers: BTreeSet<String>,
    /// How long a browser may keep the answer of a preflight. Default: 5 minutes.
    pub max_age: Seconds,
}

/// What `destroy` does with a bucket that has objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDestroy {
    /// `refuse`: it stays, and destroy says so. The default.
    #[default]
    Refuse,
    /// `empty`: every object and version is deleted, then the bucket.
    Empty,
    /// `keep`: the bucket stays, silently and on purpose.
    Keep,
}
