//! Presigned URLs, taken apart: the bucket is in the host or in the path.

use percent_encoding::percent_decode_str;

/// The URL of the object itself.
pub fn object(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

/// The path of a URL, and its host.
fn parts(url: &str) -> (&str, &str) {
    let rest = object(url).split_once("://").map_or("", |(_, rest)| rest);
    rest.split_once('/').unwrap_or((rest, ""))
}

/// Whether the URL is of something in the bucket.
pub fn is_in(url: &str, bucket: &str) -> bool {
    let (host, path) = parts(url);
    let in_host = host.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('.'));
    let in_path = path.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('/'));
    in_host || in_path
}

/// The key that a URL is for.
pub fn key(url: &str, bucket: &str) -> String {
    let (host, path) = parts(url);
    let in_host = host.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('.'));
    let rest = path.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('/')).filter(|_| !in_host);
    percent_decode_str(rest.unwrap_or(path)).decode_utf8_lossy().into_owned()
}

/// The URL that lists a bucket.
pub fn listing(url: &str, bucket: &str) -> String {
    let (host, _) = parts(url);
    let scheme = url.split("://").next().unwrap_or("https");
    match host.strip_prefix(bucket).filter(|rest| rest.starts_with('.')) {
        Some(_) => format!("{scheme}://{host}/?list-type=2"),
        None => format!("{scheme}://{host}/{bucket}?list-type=2"),
    }
}

/// How many seconds a presigned URL works.
pub fn lifetime(url: &str) -> Option<u64> {
    let query = url.split_once('?')?.1;
    query.split('&').find_map(|it| it.strip_prefix("X-Amz-Expires="))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_both_styles() {
        for (url, expected) in [
            (
                "https://b.s3.eu-west-1.amazonaws.com/uploads/a%20b?X-Amz-Expires=10&X-Amz-Date=x",
                Some("uploads/a b"),
            ),
            ("http://127.0.0.1:4599/b/uploads/a%20b?X-Amz-Date=x&X-Amz-Expires=10", Some("uploads/a b")),
            ("https://b.s3.amazonaws.com/b/c?X-Amz-Expires=10", Some("b/c")),
            ("https://bb.s3.amazonaws.com/c?X-Amz-Expires=10", None),
            ("http://127.0.0.1/bb/c?X-Amz-Expires=10", None),
        ] {
            assert_eq!(is_in(url, "b").then(|| key(url, "b")).as_deref(), expected, "{url}");
            assert_eq!(lifetime(url), Some(10), "{url}");
        }
        assert_eq!(lifetime("https://b/c"), None);
        assert_eq!(listing("https://b.s3.x/a?q", "b"), "https://b.s3.x/?list-type=2");
        assert_eq!(listing("http://x:1/b/a?q", "b"), "http://x:1/b?list-type=2");
    }
}
