//! Parts of a request's URL and headers: the host, the query, and the scope of the signature.

use hyper::{HeaderMap, Uri, header};

/// The host that a request names.
pub fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

/// The credential scope of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The id of the key that signed it.
    pub access_key: &'a str,
    /// The region that it is signed for.
    pub region: &'a str,
    /// The signing name of the service.
    pub service: &'a str,
}

/// The credential scope of a signed request, from its header or its query.
pub fn scope<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<Scope<'a>> {
    let from_header = headers
        .get(header::AUTHORIZATION)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.strip_prefix("AWS4-HMAC-SHA256 "))
        .and_then(|it| it.split(',').find_map(|part| part.trim().strip_prefix("Credential=")))
        .and_then(|it| read_scope(it, "/"));
    from_header.or_else(|| {
        let credential =
            query(uri).find_map(|(name, value)| (name == "X-Amz-Credential").then_some(value))?;
        read_scope(credential, "%2F").or_else(|| read_scope(credential, "/"))
    })
}

fn read_scope<'a>(credential: &'a str, slash: &str) -> Option<Scope<'a>> {
    let mut parts = credential.split(slash);
    let (access_key, _day, region, service) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some(Scope { access_key, region, service })
}

/// The query's names and values, still encoded.
pub fn query(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter(|it| !it.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The bucket that a request of S3 is for, in the host or in the path; empty if there is none.
pub fn bucket<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> &'a str {
    let in_path = || uri.path().trim_start_matches('/').split('/').next().unwrap_or_default();
    bucket_in_host(headers).unwrap_or_else(in_path)
}

/// The bucket that the host names: `bucket.s3.…` or `bucket.localhost`.
pub(crate) fn bucket_in_host(headers: &HeaderMap) -> Option<&str> {
    let host = host(headers);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let bucket = name.strip_suffix(".localhost").filter(|it| *it != "s3")?;
    Some(bucket.split_once(".s3").map_or(bucket, |(bucket, _)| bucket))
}
