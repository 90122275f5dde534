//! The operations of S3 that check and remove the uploads of a verification.

use std::time::Duration;

use crate::{
    kinds::bucket::operations::{ANY_OBJECTS, S3},
    request::operation::{Awaited, Schedule, VERIFY, operations},
};

/// What was just changed has spread by then, as far as `verify` waits for it (S3-23, AGW-63).
pub const SPREAD: Awaited = Awaited {
    for_what: "what was changed to reach every server",
    not_before: Duration::ZERO,
    schedule: Schedule::new(1_000, 1_000, 6),
    hint: None,
};

/// A stage that takes few requests, as far as `verify` waits for it.
pub const STAGE_TAKES_MORE: Awaited = Awaited {
    for_what: "the stage to take more requests",
    not_before: Duration::ZERO,
    schedule: Schedule::new(1_000, 1_000, 15),
    hint: None,
};

operations! {
    &S3;
    GET_OBJECT = "s3:GetObject": VERIFY ["s3:GetObject"] ANY_OBJECTS;
    DELETE_OBJECT = "s3:DeleteObject": VERIFY ["s3:DeleteObject"] ANY_OBJECTS;
}
