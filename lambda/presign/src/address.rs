//! Where a bucket is reached: at the region's own S3, or at another S3 such as the local cloud's.

/// An S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// AWS's, in a region.
    Region(String),
    /// Another one, at this URL without a `/` at its end; buckets stand in the path.
    Endpoint(String),
}

/// A bucket's URL, without a `/` at its end, and the `Host` that a client sends there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The URL.
    pub url: String,
    /// The host, with its port where it is not the scheme's own.
    pub host: String,
    /// Whether the bucket stands in the path.
    pub in_path: bool,
}

impl Place {
    /// The address of a bucket. In AWS it is the region's own host, never one that redirects (S3-24).
    pub fn of(&self, bucket: &str) -> Address {
        let region = match self {
            Place::Endpoint(endpoint) => {
                return Address {
                    url: format!("{endpoint}/{bucket}"),
                    host: host(endpoint).to_owned(),
                    in_path: true,
                };
            }
            Place::Region(region) => region,
        };
        let regional = format!("s3.{region}.{}", suffix(region));
        // The certificate covers one label: a bucket with a dot stands in the path (S3-16).
        if bucket.contains('.') {
            return Address { url: format!("https://{regional}/{bucket}"), host: regional, in_path: true };
        }
        let host = format!("{bucket}.{regional}");
        Address { url: format!("https://{host}"), host, in_path: false }
    }
}

fn suffix(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "amazonaws.com.cn",
        Some("eusc") => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}

/// A client leaves out the port that its scheme has anyway.
fn host(endpoint: &str) -> &str {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("https", endpoint));
    let host = rest.split('/').next().unwrap_or(rest);
    let own = if scheme == "http" { ":80" } else { ":443" };
    host.strip_suffix(own).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_partition() {
        for (region, bucket, url) in [
            ("eu-west-1", "b", "https://b.s3.eu-west-1.amazonaws.com"),
            ("us-east-1", "b", "https://b.s3.us-east-1.amazonaws.com"),
            ("us-gov-west-1", "b", "https://b.s3.us-gov-west-1.amazonaws.com"),
            ("cn-north-1", "b", "https://b.s3.cn-north-1.amazonaws.com.cn"),
            ("eusc-de-east-1", "b", "https://b.s3.eusc-de-east-1.amazonaws.eu"),
            ("eu-west-1", "a.b", "https://s3.eu-west-1.amazonaws.com/a.b"),
        ] {
            assert_eq!(Place::Region(region.to_owned()).of(bucket).url, url);
        }
    }

    #[test]
    fn of_another_s3() {
        for (endpoint, host) in [
            ("http://127.0.0.1:4566", "127.0.0.1:4566"),
            ("http://localhost:80", "localhost"),
            ("https://s3.example:443", "s3.example"),
            ("https://s3.example:80/below", "s3.example:80"),
        ] {
            let address = Place::Endpoint(endpoint.to_owned()).of("b");
            assert_eq!((address.url, address.host.as_str()), (format!("{endpoint}/b"), host));
        }
    }
}
