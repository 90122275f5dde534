//! Presigned URLs (S3-40 to S3-47): the signature is aws-sigv4's, with the two settings that differ for S3.

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

use crate::address::{Address, Place};

/// All characters except RFC 3986's unreserved ones.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same for keys, without `/`.
const PATH: &AsciiSet = &STRICT.remove(b'/');

/// The credentials that sign, and the S3 endpoint.
#[derive(Debug)]
pub struct Signer {
    pub(crate) credentials: Credentials,
    pub(crate) region: String,
    pub(crate) place: Place,
}

/// A request to be signed.
#[derive(Debug, Clone)]
pub struct ToSign<'a> {
    /// The method.
    pub method: &'a str,
    /// The bucket.
    pub bucket: &'a str,
    /// The key; none for the bucket itself.
    pub key: Option<&'a str>,
    /// The query.
    pub query: Vec<(&'a str, String)>,
    /// Headers that must be sent with these values, besides `host`; names in lower case.
    pub headers: Vec<(&'a str, String)>,
    /// How long the URL is valid.
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
        let region = need("AWS_REGION")?;
        let endpoint = get("AWS_ENDPOINT_URL_S3").or_else(|| get("AWS_ENDPOINT_URL"));
        let place = match endpoint {
            Some(url) => Place::Endpoint(url.trim_end_matches('/').to_owned()),
            None => Place::Region(region.clone()),
        };
        let credentials = Credentials::new(id, secret, get("AWS_SESSION_TOKEN"), None, "lambda");
        Ok(Signer { credentials, region, place })
    }

    /// The presigned URL.
    ///
    /// # Errors
    /// The signer's errors; none is known for these requests.
    pub fn presign(&self, request: &ToSign<'_>, now: SystemTime) -> Result<String, String> {
        let ToSign { method, bucket, key, query, headers, expires } = request;
        let Address { url, host, in_path } = self.place.of(bucket);
        let mut url = match key {
            Some(key) => format!("{url}/{}", utf8_percent_encode(key, PATH)),
            None if in_path => url,
            None => format!("{url}/"),
        };
        let mut pairs: Vec<String> = query.iter().map(|(name, value)| pair(name, value)).collect();
        let unsigned = if pairs.is_empty() { url.clone() } else { format!("{url}?{}", pairs.join("&")) };
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(*expires);
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        // The default leaves out headers that a proxy could change; all headers listed here are signed.
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
        let signable = SignableRequest::new(method, unsigned, all, SignableBody::UnsignedPayload)
            .map_err(|error| error.to_string())?;
        let (instructions, _) =
            sign(signable, &parameters.into()).map_err(|error| error.to_string())?.into_parts();
        // The signature is the last parameter, as in botocore, so that whole URLs can be compared.
        let (last, first): (Vec<_>, Vec<_>) =
            instructions.params().iter().partition(|(name, _)| *name == "X-Amz-Signature");
        pairs.extend(first.iter().chain(&last).map(|(name, value)| pair(name, value)));
        url.push('?');
        url.push_str(&pairs.join("&"));
        Ok(url)
    }
}

/// A name and a value of a query.
fn pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, STRICT), utf8_percent_encode(value, STRICT))
}

/// The value of a `Content-Disposition` that saves a file under its own name, with any characters (RFC 6266).
pub fn attachment(file_name: &str) -> String {
    let plain: String = file_name
        .chars()
        .map(|it| if it.is_ascii_graphic() && it != '"' && it != '\\' || it == ' ' { it } else { '_' })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(file_name, STRICT))
}
