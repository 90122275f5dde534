//! Conditional writes (S3-50): S3 honours `If-None-Match` in the query of a presigned write like the header, and
//! accepts only `*`. The emulator reads headers only, and compares ETags too.

use hyper::{
    HeaderMap, Response,
    header::{self, HeaderValue},
};
use percent_encoding::percent_decode_str;

use crate::{
    refusal::Refusal,
    request::{body::Body, request::CloudRequest, url::query},
};

/// Moves the condition from the query to the headers, or refuses one that S3 does not know.
pub(crate) fn before(request: &mut CloudRequest) -> Option<Response<Body>> {
    let operation = &request.operation;
    if !operation.is("s3", "PutObject") && !operation.is("s3", "CompleteMultipartUpload") {
        return None;
    }
    let in_query = || {
        let (_, value) = query(&request.uri).find(|(name, _)| name.eq_ignore_ascii_case("if-none-match"))?;
        HeaderValue::from_str(&percent_decode_str(value).decode_utf8_lossy()).ok()
    };
    let is_presigned = query(&request.uri).any(|(name, _)| name == "X-Amz-Signature");
    if is_presigned
        && !request.headers.contains_key(header::IF_NONE_MATCH)
        && let Some(condition) = in_query()
    {
        request.headers.insert(header::IF_NONE_MATCH, condition);
    }
    refuse(&request.headers)
}

fn refuse(headers: &HeaderMap) -> Option<Response<Body>> {
    let condition = headers.get(header::IF_NONE_MATCH)?;
    let is_known = condition == "*" && !headers.contains_key(header::IF_MATCH);
    let message = "A header you provided implies functionality that is not implemented";
    (!is_known).then(|| Refusal::new(501, "NotImplemented", message).response("s3"))
}
