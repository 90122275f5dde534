//! The sections of the file whose entries have names.

/// A kind of thing that has a map of its own in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Bucket,
    Function,
    UserPool,
    Api,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Bucket, Kind::Function, Kind::UserPool, Kind::Api];

    /// Its key in the file.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Kind::Bucket => "buckets",
            Kind::Function => "functions",
            Kind::UserPool => "user_pools",
            Kind::Api => "apis",
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Bucket => "bucket",
            Kind::Function => "function",
            Kind::UserPool => "user pool",
            Kind::Api => "API",
        }
    }

    pub(crate) fn with_article(self) -> &'static str {
        match self {
            Kind::Bucket => "a bucket",
            Kind::Function => "a function",
            Kind::UserPool => "a user pool",
            Kind::Api => "an API",
        }
    }
}
