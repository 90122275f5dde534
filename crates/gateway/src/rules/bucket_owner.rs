//! S3 refuses a request that expects another owner of the bucket (S3-18); the emulator does not check that.

use hyper::Response;

use crate::{
    refusal::Refusal,
    request::{body::Body, request::CloudRequest},
};

/// The emulator's one account.
const ACCOUNT: &str = "000000000000";

/// Refuses a request that names another owner.
pub(crate) fn before(request: &CloudRequest) -> Option<Response<Body>> {
    let named = request.headers.get("x-amz-expected-bucket-owner")?;
    (named != ACCOUNT).then(|| Refusal::new(403, "AccessDenied", "Access Denied").response("s3"))
}
