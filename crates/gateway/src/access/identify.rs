//! Finds who sends a request, and whether it may: the root key, another key, a web page, or an anonymous caller.
//!
//! An anonymous caller may do what AWS allows one. A web page may do less, since a page that a developer opens is an
//! attacker of the local cloud: `web_page.rs` has the list. The gateway tells the emulator who sends a request; the
//! emulator itself ensures that only the root key has the root's rights (`callers.py` of `localcloud`).

use std::borrow::Cow;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use super::{
    caller::Caller,
    root_key::RootKey,
    signature::{self, Signature},
    verify::{self, Wrong, signs_payload},
    web_page,
};
use crate::{
    refusal::Refusal,
    request::{operation::Operation, request::CloudRequest},
};

/// Headers that both the gateway and the emulator read. The emulator might read the second of two.
const ONLY_ONCE: [&str; 8] = [
    "authorization",
    "content-length",
    "content-type",
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-target",
];

/// Finds who sends the request, or refuses it.
pub(crate) async fn identify(request: &mut CloudRequest, root: Option<&RootKey>) -> Result<Caller, Refusal> {
    if let Some(twice) = ONLY_ONCE.iter().find(|it| request.headers.get_all(**it).iter().count() > 1) {
        return Err(Refusal::new(400, "InvalidRequest", format!("there are several headers {twice}")));
    }
    let signature = signature::read(&request.uri, &request.headers)
        .map_err(|why| Refusal::new(403, "IncompleteSignature", why.to_string()))?;
    if web_page::is_from_a_page(&request.headers) {
        let is_root = |it: &Signature| root.is_some_and(|root| it.access_key == root.access_key_id);
        let signature = signature.as_ref();
        return match web_page::is_allowed(request, signature) && !signature.is_some_and(is_root) {
            true => Ok(Caller::Page),
            false => Err(Refusal::new(403, "AccessDenied", web_page::REFUSAL)),
        };
    }
    // In front of another emulator, nothing is checked.
    let Some(root) = root else { return Ok(Caller::Root) };
    match signature {
        None if is_for_anybody(&request.operation, request.uri.path()) => Ok(Caller::Anyone),
        None => Err(unsigned(&request.operation)),
        Some(signature) if signature.access_key == root.access_key_id => {
            verify_root(request, &signature, root).await.map(|()| Caller::Root)
        }
        Some(signature) if is_issued(&signature.access_key) => Ok(Caller::Key),
        Some(_) => Err(unknown_key(&request.operation)),
    }
}

/// Whether AWS accepts the request without a signature, where the API, the pool or the bucket allows it.
fn is_for_anybody(operation: &Operation, path: &str) -> bool {
    let name = operation.name.as_deref().unwrap_or_default();
    match operation.service.as_ref() {
        "execute-api" => true,
        "cognito-idp" => name == "GetWellKnown" || web_page::SIGN_IN.contains(&name),
        // The emulator's internal paths begin with `_`, which no bucket's name does.
        "s3" => {
            let of_buckets = web_page::OF_OBJECTS.contains(&name)
                || ["HeadBucket", "PostObject", "Preflight"].contains(&name);
            of_buckets && !decoded(path).trim_start_matches('/').starts_with('_')
        }
        _ => false,
    }
}

/// Whether the key has the form of those that the emulator issues. The emulator decides whether it exists.
fn is_issued(access_key: &str) -> bool {
    access_key.len() >= 16 && ["AKIA", "ASIA"].iter().any(|it| access_key.starts_with(it))
}

async fn verify_root(
    request: &mut CloudRequest,
    signature: &Signature,
    root: &RootKey,
) -> Result<(), Refusal> {
    let body = match signs_payload(signature, &request.headers) {
        true => request
            .read_whole()
            .await
            .ok_or_else(|| Refusal::new(400, "IncompleteBody", "The body broke off before its end."))?,
        false => Bytes::new(),
    };
    let (method, uri, headers) = (&request.method, &request.uri, &request.headers);
    let verified = verify::verify(
        signature,
        &root.secret_access_key,
        method,
        uri,
        headers,
        &body,
        OffsetDateTime::now_utc(),
    );
    verified.map_err(|wrong| refusal(wrong, &request.operation))
}

fn refusal(wrong: Wrong, operation: &Operation) -> Refusal {
    let is_s3 = operation.service == "s3";
    let (code, message) = match wrong {
        Wrong::Signature if is_s3 || is_query(operation) => ("SignatureDoesNotMatch", MISMATCH),
        Wrong::Signature => ("InvalidSignatureException", MISMATCH),
        Wrong::Payload => {
            let text = "The provided 'x-amz-content-sha256' header does not match what was computed.";
            return Refusal::new(400, "XAmzContentSHA256Mismatch", text);
        }
        Wrong::Time if is_s3 => ("RequestTimeTooSkewed", SKEWED),
        Wrong::Time if is_query(operation) => ("SignatureDoesNotMatch", SKEWED),
        Wrong::Time => ("InvalidSignatureException", SKEWED),
        Wrong::Expired if is_s3 => ("AccessDenied", "Request has expired"),
        Wrong::Expired => ("InvalidSignatureException", "Signature expired"),
    };
    Refusal::new(403, code, message)
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
                        Check your AWS Secret Access Key and signing method: `stackctl local env` prints the \
                        local cloud's root key.";
const SKEWED: &str =
    "Signature expired: the difference between the request time and the current time is too large.";

fn unsigned(operation: &Operation) -> Refusal {
    let code = match operation.service.as_ref() {
        "s3" => "AccessDenied",
        _ if is_query(operation) => "MissingAuthenticationToken",
        _ => "MissingAuthenticationTokenException",
    };
    Refusal::new(403, code, "Request is missing Authentication Token")
}

fn unknown_key(operation: &Operation) -> Refusal {
    let code = match operation.service.as_ref() {
        "s3" => "InvalidAccessKeyId",
        _ if is_query(operation) => "InvalidClientTokenId",
        _ => "UnrecognizedClientException",
    };
    let text = "The security token included in the request is invalid: the local cloud has no such key. \
                `stackctl local env` prints its root key.";
    Refusal::new(403, code, text)
}

fn is_query(operation: &Operation) -> bool {
    ["iam", "sts", "query"].contains(&operation.service.as_ref())
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}
