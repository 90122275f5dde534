//! S3 wants to know an object's length beforehand (S3-58); the emulator reads until the end.

use hyper::{Response, header};

use crate::{
    refusal::Refusal,
    request::{body::Body, request::Asked},
};

/// Refuses an object, or a part of one, that comes without its length.
pub(crate) fn before(asked: &Asked) -> Option<Response<Body>> {
    let stores = ["PutObject", "UploadPart"].contains(&asked.operation.name.as_deref().unwrap_or_default());
    if !stores || asked.headers.contains_key(header::CONTENT_LENGTH) {
        return None;
    }
    let refusal = if asked.headers.contains_key(header::TRANSFER_ENCODING) {
        let text = "A header you provided implies functionality that is not implemented";
        Refusal::new(501, "NotImplemented", text)
    } else {
        Refusal::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
    };
    Some(refusal.response("s3"))
}
