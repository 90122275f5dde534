//! Whether a signature of version 4 is the one that a secret key makes.

use hmac::{Hmac, KeyInit, Mac};
use hyper::{HeaderMap, Method, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};
use time::{Date, Duration, Month, OffsetDateTime, Time, UtcDateTime};

use super::signature::Signature;
use crate::request::url::query;

/// Everything but what RFC 3986 calls unreserved.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same, for paths: `/` stays.
const PATH: &AsciiSet = &STRICT.remove(b'/');
/// How far a clock may be off.
const TOLERANCE: Duration = Duration::minutes(15);
/// AWS's longest life of a presigned URL.
const LONGEST: u32 = 7 * 24 * 60 * 60;

const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const STREAMING: &str = "STREAMING-";

/// Why a signature does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Signature,
    Payload,
    Time,
    Expired,
}

/// Whether the hash of the whole body is signed, so that the body is needed to verify.
pub(crate) fn signs_payload(signature: &Signature, headers: &HeaderMap) -> bool {
    match content_sha256(headers) {
        Some(stated) => !is_stream(stated) && stated != UNSIGNED,
        None => !is_presigned_for_s3(signature),
    }
}

/// Verifies a signature; `body` is needed when [`signs_payload`] says so.
pub(crate) fn verify(
    signature: &Signature,
    secret: &str,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    now: OffsetDateTime,
) -> Result<(), Wrong> {
    let payload = match content_sha256(headers) {
        Some(stated) if signs_payload(signature, headers) && stated != sha256(body) => {
            return Err(Wrong::Payload);
        }
        Some(stated) => stated.to_owned(),
        None if is_presigned_for_s3(signature) => UNSIGNED.to_owned(),
        None => sha256(body),
    };
    let canonical = canonical(signature, method, uri, headers, &payload).ok_or(Wrong::Signature)?;
    let Signature { day, region, service, time, .. } = signature;
    let to_sign =
        format!("AWS4-HMAC-SHA256\n{time}\n{day}/{region}/{service}/aws4_request\n{}", sha256(canonical));
    let key = [day.as_str(), region, service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, it| {
            hmac(&key, it).finalize().into_bytes().to_vec()
        });
    let stated = from_hex(&signature.signature).ok_or(Wrong::Signature)?;
    // In constant time.
    hmac(&key, &to_sign).verify_slice(&stated).map_err(|_| Wrong::Signature)?;
    in_time(signature, now)
}

fn in_time(signature: &Signature, now: OffsetDateTime) -> Result<(), Wrong> {
    let signed = read_time(&signature.time).filter(|_| signature.time.starts_with(&signature.day));
    let age = now - signed.ok_or(Wrong::Time)?;
    match signature.expires {
        _ if age < -TOLERANCE => Err(Wrong::Time),
        Some(seconds) if seconds > LONGEST || age > Duration::seconds(seconds.into()) => Err(Wrong::Expired),
        Some(_) => Ok(()),
        None if age > TOLERANCE => Err(Wrong::Time),
        None => Ok(()),
    }
}

/// Reads `20260101T000000Z`.
fn read_time(text: &str) -> Option<OffsetDateTime> {
    let digits = |at: std::ops::Range<usize>| {
        text.get(at).filter(|it| it.bytes().all(|it| it.is_ascii_digit()))?.parse::<u16>().ok()
    };
    if text.len() != 16 || text.get(8..9) != Some("T") || text.get(15..) != Some("Z") {
        return None;
    }
    let small = |at| digits(at)?.try_into().ok();
    let month = Month::try_from(u8::try_from(digits(4..6)?).ok()?).ok()?;
    let date = Date::from_calendar_date(digits(0..4)?.into(), month, small(6..8)?).ok()?;
    let time = Time::from_hms(small(9..11)?, small(11..13)?, small(13..15)?).ok()?;
    Some(UtcDateTime::new(date, time).into())
}

/// The canonical request; none when a header that is signed is not there.
fn canonical(
    signature: &Signature,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    payload: &str,
) -> Option<String> {
    let mut pairs: Vec<(String, String)> = query(uri)
        .filter(|(name, _)| !(signature.expires.is_some() && *name == "X-Amz-Signature"))
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut signed = String::new();
    for name in signature.signed_headers.split(';') {
        let values: Option<Vec<String>> = headers.get_all(name).iter().map(one_space).collect();
        let values = values.filter(|it| !it.is_empty())?;
        signed += &format!("{name}:{}\n", values.join(","));
    }
    // A signature that is good for any host and any time is none.
    let names = || signature.signed_headers.split(';');
    let has = |name: &str| names().any(|it| it == name);
    if !has("host") || signature.expires.is_none() && !has("x-amz-date") {
        return None;
    }
    let path = path(uri.path(), &signature.service);
    let (query, names) = (pairs.join("&"), &signature.signed_headers);
    Some(format!("{method}\n{path}\n{query}\n{signed}\n{names}\n{payload}"))
}

/// S3 signs the path that is sent. The other services sign it without dots and empty segments, and encode it again.
fn path(sent: &str, service: &str) -> String {
    if service == "s3" {
        return sent.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    for segment in sent.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            other => kept.push(other),
        }
    }
    let end = if sent.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    percent_encode(format!("/{}{end}", kept.join("/")).as_bytes(), PATH).to_string()
}

/// A part of a query, encoded in the one way that is signed.
fn encoded(sent: &str) -> String {
    let clear: Vec<u8> = percent_decode_str(sent).collect();
    percent_encode(&clear, STRICT).to_string()
}

/// A header's value without spaces around it, and single ones in it.
fn one_space(value: &hyper::header::HeaderValue) -> Option<String> {
    let text = str::from_utf8(value.as_bytes()).ok()?;
    Some(text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

fn content_sha256(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-content-sha256").map(|it| it.to_str().unwrap_or_default())
}

/// A stream in chunks: each may have a signature of its own, and the first signs none of them.
fn is_stream(stated: &str) -> bool {
    stated.starts_with(STREAMING)
}

fn is_presigned_for_s3(signature: &Signature) -> bool {
    signature.expires.is_some() && signature.service == "s3"
}

fn hmac(key: &[u8], text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
    mac.update(text.as_bytes());
    mac
}

fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|it| u8::from_str_radix(str::from_utf8(it).ok().filter(|it| it.len() == 2)?, 16).ok())
        .collect()
}
