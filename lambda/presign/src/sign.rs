//! Presigned URLs (S3-40 to S3-47): the signature is aws-sigv4's, with the two settings that S3 wants otherwise.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but what RFC 3986 calls unreserved.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same, for keys: `/` stays.
const PATH: &AsciiSet = &STRICT.remove(b'/');

/// Who signs, and for which S3.
#[derive(Debug)]
pub struct Signer {
    pub(crate) credentials: Credentials,
    pub(crate) region: String,
    /// Another S3 than AWS's, such as the local cloud's.
    endpoint: Option<String>,
}

/// A request to be signed.
#[derive(Debug, Clone)]
pub struct ToSign<'a> {
    /// The method.
    pub method: &'a str,
    /// The bucket.
    pub bucket: &'a str,
    /// The key; none: the bucket itself.
    pub key: Option<&'a str>,
    /// The query, in any order.
    pub query: Vec<(&'a str, String)>,
    /// Headers that must be sent just so, beside `host`; names in lower case.
    pub headers: Vec<(&'a str, String)>,
    /// How long the URL works.
    pub expires: Duration,
}

impl Signer {
    /// Reads the credentials, the region and the endpoint that Lambda gives.
    ///
    /// # Errors
    /// The variable that is missing.
    pub fn read(variables: &BTreeMap<String, String>) -> Result<Signer, String> {
        let get = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
        let need = |name: &str| get(name).ok_or_else(|| format!("{name} is not set"));
        let (id, secret) = (need("AWS_ACCESS_KEY_ID")?, need("AWS_SECRET_ACCESS_KEY")?);
        let endpoint = get("AWS_ENDPOINT_URL_S3").or_else(|| get("AWS_ENDPOINT_URL"));
        Ok(Signer {
            credentials: Credentials::new(id, secret, get("AWS_SESSION_TOKEN"), None, "lambda"),
            region: need("AWS_REGION")?,
            endpoint: endpoint.map(|it| it.trim_end_matches('/').to_owned()),
        })
    }

    /// The address of a bucket, without a `/` at its end, and its host: the region's own (S3-24).
    pub(crate) fn address(&self, bucket: &str) -> (String, String) {
        let host = match &self.endpoint {
            Some(endpoint) => {
                let host = endpoint.split_once("://").map_or(endpoint.as_str(), |(_, host)| host);
                return (format!("{endpoint}/{bucket}"), host.to_owned());
            }
            None => format!("s3.{}.{}", self.region, self.suffix()),
        };
        // The certificate covers one label: a bucket with a dot stands in the path (S3-16).
        if bucket.contains('.') {
            return (format!("https://{host}/{bucket}"), host);
        }
        let host = format!("{bucket}.{host}");
        (format!("https://{host}"), host)
    }

    fn suffix(&self) -> &'static str {
        match self.region.split('-').next() {
            Some("cn") => "amazonaws.com.cn",
            Some("eusc") => "amazonaws.eu",
            _ => "amazonaws.com",
        }
    }

    /// The presigned URL.
    ///
    /// # Errors
    /// What the signer says; none is known for what this function sends it.
    pub fn presign(&self, request: &ToSign<'_>, now: SystemTime) -> Result<String, String> {
        let ToSign { method, bucket, key, query, headers, expires } = request;
        let (address, host) = self.address(bucket);
        let mut url = match key {
            Some(key) => format!("{address}/{}", utf8_percent_encode(key, PATH)),
            None if address.ends_with(bucket) => address,
            None => format!("{address}/"),
        };
        let pairs: Vec<String> = query.iter().map(|(name, value)| pair(name, value)).collect();
        if !pairs.is_empty() {
            url += &format!("?{}", pairs.join("&"));
        }
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(*expires);
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        // The default leaves out headers that a proxy could change; what is listed here is meant.
        settings.excluded_headers = None;
        let identity: Identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("s3")
            .time(now)
            .settings(settings)
            .build()
            .map_err(|error| error.to_string())?;
        let all = std::iter::once(("host", host.as_str()));
        let all = all.chain(headers.iter().map(|(name, value)| (*name, value.as_str())));
        let signable = SignableRequest::new(method, url.as_str(), all, SignableBody::UnsignedPayload)
            .map_err(|error| error.to_string())?;
        let (instructions, _) =
            sign(signable, &parameters.into()).map_err(|error| error.to_string())?.into_parts();
        let signature: Vec<String> =
            instructions.params().iter().map(|(name, value)| pair(name, value)).collect();
        let joint = if pairs.is_empty() { '?' } else { '&' };
        Ok(format!("{url}{joint}{}", signature.join("&")))
    }
}

/// A name and a value of a query.
fn pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, STRICT), utf8_percent_encode(value, STRICT))
}

/// The value of a `Content-Disposition` that saves a file under its own name, whatever letters it has (RFC 6266).
pub fn attachment(file_name: &str) -> String {
    let plain: String = file_name
        .chars()
        .map(|it| if it.is_ascii_graphic() && it != '"' && it != '\\' || it == ' ' { it } else { '_' })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(file_name, STRICT))
}
