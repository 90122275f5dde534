//! S3 requires an object's length in a header (S3-58); the emulator does not.

use hyper::{Response, header};

use crate::{
    refusal::Refusal,
    request::{body::Body, request::CloudRequest},
};

/// Refuses an object, or a part of one, that comes without its length.
pub(crate) fn before(request: &CloudRequest) -> Option<Response<Body>> {
    let stores = ["PutObject", "UploadPart"].contains(&request.operation.name.as_deref().unwrap_or_default());
    if !stores || request.headers.contains_key(header::CONTENT_LENGTH) {
        return None;
    }
    let refusal = if request.headers.contains_key(header::TRANSFER_ENCODING) {
        let text = "A header you provided implies functionality that is not implemented";
        Refusal::new(501, "NotImplemented", text)
    } else {
        Refusal::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
    };
    Some(refusal.response("s3"))
}
