//! S3 refuses who takes a bucket for another account's (S3-18); the emulator does not ask.

use hyper::Response;

use crate::{
    refusal::Refusal,
    request::{body::Body, request::Asked},
};

/// The emulator's one account.
const ACCOUNT: &str = "000000000000";

/// Refuses what names another owner.
pub(crate) fn before(asked: &Asked) -> Option<Response<Body>> {
    let named = asked.headers.get("x-amz-expected-bucket-owner")?;
    (named != ACCOUNT).then(|| Refusal::new(403, "AccessDenied", "Access Denied").response("s3"))
}
