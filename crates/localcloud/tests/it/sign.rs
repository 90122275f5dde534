//! Requests signed by the signer of AWS's own SDK, so that the gateway's verification meets another opinion.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use stackctl_localcloud::RootKey;

/// Who signs, and for what.
#[derive(Debug, Clone)]
pub struct Signer {
    pub access_key: String,
    pub secret: String,
    pub token: Option<String>,
    pub service: String,
    pub region: String,
    pub now: SystemTime,
}

impl Signer {
    pub fn root(key: &RootKey, service: &str, region: &str) -> Signer {
        Signer {
            access_key: key.access_key_id.clone(),
            secret: key.secret_access_key.clone(),
            token: None,
            service: service.to_owned(),
            region: region.to_owned(),
            now: SystemTime::now(),
        }
    }

    /// `METHOD path`, then headers, one a line: with the headers of the signature.
    pub fn header(&self, url: &str, request: &str, body: &[u8]) -> String {
        let mut settings = self.settings();
        if self.service == "s3" {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let (headers, _) = self.signed(settings, url, request, SignableBody::Bytes(body));
        let lines = headers.iter().map(|(name, value)| format!("\n{name}: {value}"));
        format!("{request}{}", lines.collect::<String>())
    }

    /// The same as a presigned URL.
    pub fn presigned(&self, url: &str, request: &str, seconds: u64) -> String {
        let mut settings = self.settings();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(seconds));
        settings.excluded_headers = None;
        let (_, parameters) = self.signed(settings, url, request, SignableBody::UnsignedPayload);
        let (first, headers) = request.split_once('\n').unwrap_or((request, ""));
        let encoded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let pairs: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mark = if first.contains('?') { '&' } else { '?' };
        format!("{first}{mark}{}\n{headers}", pairs.join("&")).trim_end().to_owned()
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        settings
    }

    #[expect(clippy::type_complexity, reason = "two lists of names and values")]
    fn signed(
        &self,
        settings: SigningSettings,
        url: &str,
        request: &str,
        body: SignableBody<'_>,
    ) -> (Vec<(String, String)>, Vec<(String, String)>) {
        let mut lines = request.lines();
        let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
        let mut headers: Vec<(&str, &str)> = lines.map(|it| it.split_once(": ").unwrap()).collect();
        if !headers.iter().any(|(name, _)| *name == "host") {
            headers.push(("host", url.trim_start_matches("http://")));
        }
        let credentials =
            Credentials::new(&self.access_key, &self.secret, self.token.clone(), None, "the tests");
        let identity: Identity = credentials.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(self.now)
            .settings(settings)
            .build()
            .unwrap();
        let uri = format!("{url}{path}");
        let signable = SignableRequest::new(method, uri, headers.into_iter(), body).unwrap();
        let (instructions, _) = sign(signable, &parameters.into()).unwrap().into_parts();
        let headers =
            instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let parameters = instructions
            .params()
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.to_string()))
            .collect();
        (headers, parameters)
    }
}
