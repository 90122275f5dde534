//! The signature of a request, read from its header or its query. A signature that is not exactly version 4 is refused:
//! the emulator is less strict, and might read another signature from it than the gateway.

use hyper::{
    HeaderMap, Uri,
    header::{self, HeaderValue},
};
use percent_encoding::percent_decode_str;

use crate::request::url::query;

/// A signature of version 4, not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    pub access_key: String,
    /// Year, month and day, in the scope.
    pub day: String,
    pub region: String,
    pub service: String,
    /// In lower case, as they are signed.
    pub signed_headers: String,
    /// In hexadecimal digits.
    pub signature: String,
    /// As in `20260101T000000Z`.
    pub time: String,
    /// The session token of temporary credentials.
    pub token: Option<String>,
    /// How many seconds a presigned URL lives; none in a header.
    pub expires: Option<u32>,
}

/// Why a signature can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("Signature Version 2 is not supported, use Signature Version 4")]
    Version2,
    #[error("the request is signed in its header and in its query")]
    Twice,
    #[error("the Authorization header is no signature of version 4")]
    Header,
    #[error("the X-Amz-* parameters of the query are no signature of version 4")]
    Query,
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The parameters of a presigned URL, in the order in which [`from_query`] takes them.
const PARAMETERS: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
];

/// Reads the signature of a request, if it has one.
pub(crate) fn read(uri: &Uri, headers: &HeaderMap) -> Result<Option<Signature>, Malformed> {
    let names = || query(uri).map(|(name, _)| decoded(name));
    if names().any(|it| it.eq_ignore_ascii_case("AWSAccessKeyId")) {
        return Err(Malformed::Version2);
    }
    let is_parameter = |name: &str| PARAMETERS.iter().any(|it| it.eq_ignore_ascii_case(name));
    let from_query = match names().any(|it| is_parameter(&it)) {
        true => Some(from_query(uri)?),
        false => None,
    };
    let mut of_aws = headers.get_all(header::AUTHORIZATION).iter().filter(|it| is_of_aws(it));
    match (of_aws.next(), from_query) {
        (None, from_query) => Ok(from_query),
        (Some(_), Some(_)) => Err(Malformed::Twice),
        (Some(value), None) if of_aws.next().is_none() => from_header(value, headers).map(Some),
        (Some(_), None) => Err(Malformed::Header),
    }
}

/// Whether an Authorization header is, or may be taken for, one of AWS's schemes.
pub(crate) fn is_of_aws(value: &HeaderValue) -> bool {
    let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let scheme = text.trim_start().split(|it: char| !it.is_ascii_alphanumeric()).next().unwrap_or_default();
    scheme.starts_with("aws") || ["credential=", "signature="].iter().any(|it| text.contains(it))
}

fn from_header(value: &HeaderValue, headers: &HeaderMap) -> Result<Signature, Malformed> {
    let text = value.to_str().map_err(|_| Malformed::Header)?;
    if text.starts_with("AWS ") {
        return Err(Malformed::Version2);
    }
    let fields = text.strip_prefix(ALGORITHM).and_then(|it| it.strip_prefix(' ')).ok_or(Malformed::Header)?;
    let mut found = [None; 3];
    for field in fields.split(',') {
        let (name, value) = field.trim_matches(' ').split_once('=').ok_or(Malformed::Header)?;
        let at = ["Credential", "SignedHeaders", "Signature"].iter().position(|it| *it == name);
        let place = &mut found[at.ok_or(Malformed::Header)?];
        if place.replace(value).is_some() {
            return Err(Malformed::Header);
        }
    }
    let [Some(credential), Some(signed_headers), Some(signature)] = found else {
        return Err(Malformed::Header);
    };
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let time = text("x-amz-date").ok_or(Malformed::Header)?;
    let token = text("x-amz-security-token").map(str::to_owned);
    whole(credential, signed_headers, signature, time, token, None).ok_or(Malformed::Header)
}

fn from_query(uri: &Uri) -> Result<Signature, Malformed> {
    let mut found = [const { None }; PARAMETERS.len()];
    for (name, value) in query(uri) {
        let clear = decoded(name);
        let Some(at) = PARAMETERS.iter().position(|it| it.eq_ignore_ascii_case(&clear)) else { continue };
        // Another spelling or a second value: the emulator might read another value than the gateway.
        if name != PARAMETERS[at] || value.contains('+') || found[at].replace(decoded(value)).is_some() {
            return Err(Malformed::Query);
        }
    }
    let [
        Some(algorithm),
        Some(credential),
        Some(time),
        Some(expires),
        Some(signed_headers),
        Some(signature),
        token,
    ] = found
    else {
        return Err(Malformed::Query);
    };
    let expires = expires.parse().ok().filter(|_| algorithm == ALGORITHM).ok_or(Malformed::Query)?;
    whole(&credential, &signed_headers, &signature, &time, token, Some(expires)).ok_or(Malformed::Query)
}

fn whole(
    credential: &str,
    signed_headers: &str,
    signature: &str,
    time: &str,
    token: Option<String>,
    expires: Option<u32>,
) -> Option<Signature> {
    let parts: Vec<&str> = credential.split('/').collect();
    let &[access_key, day, region, service, "aws4_request"] = parts.as_slice() else { return None };
    let is_word = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || more.contains(it))
    };
    let is_whole = is_word(access_key, "_")
        && is_word(region, "-")
        && is_word(service, "-")
        && is_word(signed_headers, "-;_.")
        && is_word(signature, "")
        && is_word(day, "")
        && is_word(time, "");
    is_whole.then(|| Signature {
        access_key: access_key.to_owned(),
        day: day.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
        signed_headers: signed_headers.to_owned(),
        signature: signature.to_owned(),
        time: time.to_owned(),
        token,
        expires,
    })
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str, authorization: &[&str]) -> Result<Option<Signature>, Malformed> {
        let mut headers = HeaderMap::new();
        for value in authorization {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        headers.insert("x-amz-date", "20260101T000000Z".parse().unwrap());
        read(&format!("/path?{query}").parse().unwrap(), &headers)
    }

    const HEADER: &str = "AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";
    const QUERY: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=KEY%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00";

    #[test]
    fn from_both_places() {
        let header = of("", &[HEADER]).unwrap().unwrap();
        assert_eq!(
            (header.access_key.as_str(), header.service.as_str(), header.expires),
            ("KEY", "s3", None)
        );
        assert_eq!(header.signed_headers, "host;x-amz-date");
        let query = of(QUERY, &[]).unwrap().unwrap();
        assert_eq!((query.access_key.as_str(), query.region.as_str()), ("KEY", "eu-west-1"));
        assert_eq!((query.expires, query.token), (Some(60), None));
    }

    #[test]
    fn what_is_not_aws() {
        for other in ["Bearer eyJ.eyJ.s", "eyJhbGciOi.eyJzdWIi.sig", "Basic YTpi", "e30.e30.AWS4"] {
            assert_eq!(of("a=b", &[other]), Ok(None), "{other}");
        }
    }

    #[test]
    fn what_is_not_exact() {
        for header in [
            "AWS4-HMAC-SHA256 x Credential=test/20260101/eu-west-1/s3/aws4_request",
            "AWS4-HMAC-SHA256\tCredential=test/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0",
            "aws4-hmac-sha256 Credential=test/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0",
            "x Credential=test/20260101/eu-west-1/s3/aws4_request",
            "AWS4-ECDSA-P256-SHA256 Credential=test/20260101/s3/aws4_request, SignedHeaders=host, Signature=0",
            &HEADER.replace("KEY/", "/"),
            &HEADER.replace("/aws4_request", ""),
            &HEADER.replace(", Signature=00", ""),
            &format!("{HEADER}, Credential=KEY/20260101/eu-west-1/s3/aws4_request"),
        ] {
            assert_eq!(of("", &[header]), Err(Malformed::Header), "{header}");
        }
        assert_eq!(of("", &[HEADER, HEADER]), Err(Malformed::Header));
        assert_eq!(of("", &["AWS test:c2ln"]), Err(Malformed::Version2));
        assert_eq!(of("AWSAccessKeyId=test&Signature=x", &[]), Err(Malformed::Version2));
        assert_eq!(of("%41WSAccessKeyId=test", &[]), Err(Malformed::Version2));
        assert_eq!(of(QUERY, &[HEADER]), Err(Malformed::Twice));
        for query in [
            &QUERY.replace("X-Amz-Credential", "x-amz-credential"),
            &QUERY.replace("X-Amz-Credential", "X-Amz-%43redential"),
            &format!("{QUERY}&X-Amz-Credential=test%2F1%2Fa%2Fs3%2Faws4_request"),
            &QUERY.replace("HMAC-SHA256", "ECDSA-P256-SHA256"),
            &QUERY.replace("&X-Amz-Signature=00", ""),
            &QUERY.replace("X-Amz-Expires=60", "X-Amz-Expires=-1"),
            "X-Amz-Security-Token=x",
        ] {
            assert_eq!(of(query, &[]), Err(Malformed::Query), "{query}");
        }
    }
}
