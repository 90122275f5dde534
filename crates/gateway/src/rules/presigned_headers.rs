//! S3 refuses x-amz headers that a presigned URL does not sign (S3-45). The emulator obeys them, which would let the
//! holder of a URL for one object copy another.

use hyper::{HeaderMap, Method, Response, StatusCode, Uri, header, header::HeaderValue};
use percent_encoding::percent_decode_str;

use crate::request::{
    body::{Body, full},
    request::CloudRequest,
    url::query,
};

/// Refuses a request with headers that the URL does not sign.
pub(crate) fn before(request: &CloudRequest) -> Option<Response<Body>> {
    let names = not_signed(&request.uri, &request.headers);
    if names.is_empty() || request.method == Method::OPTIONS {
        return None;
    }
    let mut response = Response::new(full(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>There were headers present \
         in the request which were not signed</Message><HeadersNotSigned>{}</HeadersNotSigned></Error>",
        names.join(", ")
    )));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    Some(response)
}

/// The x-amz headers of a request that its presigned URL does not sign; none without such a URL.
fn not_signed<'a>(uri: &Uri, headers: &'a HeaderMap) -> Vec<&'a str> {
    let Some((_, signed)) = query(uri).find(|(name, _)| *name == "X-Amz-SignedHeaders") else {
        return Vec::new();
    };
    let signed = percent_decode_str(signed).decode_utf8_lossy();
    let is_signed = |name: &str| signed.split(';').any(|it| it == name);
    headers.keys().map(|it| it.as_str()).filter(|it| it.starts_with("x-amz-") && !is_signed(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_were_not_signed() {
        let of = |query: &str, header: &'static str| {
            let uri: Uri = format!("/bucket/key{query}").parse().unwrap();
            let header = hyper::header::HeaderName::from_static(header);
            not_signed(&uri, &HeaderMap::from_iter([(header, "x".parse().unwrap())])).join(",")
        };
        let url = "?X-Amz-SignedHeaders=host%3Bx-amz-meta-a";
        assert_eq!([of(url, "x-amz-meta-a"), of(url, "content-type"), of("", "x-amz-meta-b")].concat(), "");
        assert_eq!(of(url, "x-amz-meta-b"), "x-amz-meta-b");
        assert_eq!(of(url, "x-amz-copy-source"), "x-amz-copy-source");
    }
}
