//! What the events of a bucket mean, and how Lambda calls functions for them.

use stackctl_stackfile::bucket::events::On;

/// How often Lambda tries again after an error of the function.
pub const RETRIES: i32 = 2;

/// For how many seconds Lambda keeps an event while it can't call the function. With 60 there would be no retry (LAM-76).
pub const EVENT_AGE: i32 = 21_600;

/// The names that S3 has for what happens. An object that a lifecycle rule expires is not in `ObjectRemoved` (S3-94).
pub fn names(on: On) -> &'static [&'static str] {
    match on {
        On::Created => &["s3:ObjectCreated:*"],
        On::Deleted => &["s3:LifecycleExpiration:*", "s3:ObjectRemoved:*"],
    }
}
