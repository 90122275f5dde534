//! Names: what the file may call things, and what AWS allows them to be called.

use std::fmt;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// What the file calls the stack: a lower-case letter, then lower-case letters, digits and single hyphens, at most 32.
    StackName;
    /// What the file calls a thing: a lower-case letter, then lower-case letters, digits, `_` and `-`, at most 32.
    LogicalName;
    /// A region of AWS, such as `eu-west-1`.
    RegionName;
    /// The name of a bucket (S3-16).
    BucketName;
    /// The name of a function (LAM-48): 1 to 64 of `[A-Za-z0-9_-]`; its role has the same name.
    FunctionName;
    /// The name of a cargo package or profile.
    PackageName;
    /// The key of an environment variable (LAM-41).
    EnvironmentKey;
    /// The name of a user pool: 1 to 128 characters.
    UserPoolName;
    /// The name of a REST API.
    ApiName;
    /// The name of a stage (AGW-29).
    StageName;
}
