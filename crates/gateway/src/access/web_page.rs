//! The requests that a web page may send: those that it would send to AWS. These are calls of an API, objects by
//! presigned URLs of a role's session or by a form, and the operations that sign a user in.
//!
//! The list names what is allowed, and holds for the parsed request. It also holds for requests that a browser sends
//! without a preflight, such as those for images and forms.

use hyper::{HeaderMap, Method, Response, header, header::HeaderValue};

use super::signature::Signature;
use crate::request::{
    body::{Body, full},
    operation::Invocation,
    request::CloudRequest,
    url::host,
};

/// Why a page is refused.
pub(crate) const REFUSAL: &str =
    "the local cloud lets web pages call APIs, objects in buckets and sign-in only, and never with a key";

/// The operations of user pools that need no signature, by AWS's model of the service.
pub(crate) const SIGN_IN: [&str; 32] = [
    "AssociateSoftwareToken",
    "ChangePassword",
    "CompleteWebAuthnRegistration",
    "ConfirmDevice",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "DeleteUser",
    "DeleteUserAttributes",
    "DeleteWebAuthnCredential",
    "ForgetDevice",
    "ForgotPassword",
    "GetDevice",
    "GetTokensFromRefreshToken",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GetUserAuthFactors",
    "GlobalSignOut",
    "InitiateAuth",
    "ListDevices",
    "ListWebAuthnCredentials",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SetUserMFAPreference",
    "SetUserSettings",
    "SignUp",
    "StartWebAuthnRegistration",
    "UpdateAuthEventFeedback",
    "UpdateDeviceStatus",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
];

/// The operations that a presigned URL allows a page, if the role may do them; and that a bucket's policy may allow
/// everyone.
pub(crate) const OF_OBJECTS: [&str; 12] = [
    "AbortMultipartUpload",
    "CompleteMultipartUpload",
    "CreateMultipartUpload",
    "DeleteObject",
    "GetObject",
    "HeadObject",
    "ListMultipartUploads",
    "ListObjects",
    "ListObjectsV2",
    "ListParts",
    "PutObject",
    "UploadPart",
];

/// The headers that the SDKs and Amplify send with a sign-in, besides those that any page may send.
const HEADERS_OF_SIGN_IN: [&str; 9] = [
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "cache-control",
    "content-type",
    // The SDK of 2017 sends a digest of the body, though it signs nothing.
    "x-amz-content-sha256",
    "x-amz-target",
    "x-amz-user-agent",
    "x-amzn-client-id",
    "x-amzn-trace-id",
];

/// Whether a page in a browser sent the request, or may have sent it. Images and forms have no Origin; browsers before
/// 2023 may send no Sec-Fetch-Site. An address that the user typed has neither.
pub(crate) fn is_from_a_page(headers: &HeaderMap) -> bool {
    let has = |name: &str| headers.contains_key(name);
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let is_browser = text("user-agent").is_some_and(|it| it.starts_with("Mozilla/"));
    match text("sec-fetch-site") {
        _ if ["origin", "referer", "access-control-request-method"].into_iter().any(has) => true,
        Some("none") => false,
        // Node.js sends Sec-Fetch-Mode only.
        site => is_browser || site.is_some(),
    }
}

/// Whether a page may send the request. The caller of this function checks who signed it.
pub(crate) fn is_allowed(request: &CloudRequest, signature: Option<&Signature>) -> bool {
    if request.has_action {
        return false;
    }
    match (request.operation.service.as_ref(), signature) {
        ("execute-api", None) => request.invocation().is_some_and(|it| is_plain(it, &request.headers)),
        _ if !is_this_machine(&request.headers) => false,
        ("cognito-idp", None) => is_sign_in(request),
        ("s3", None) if request.method == Method::OPTIONS => {
            is_preflight_of_sign_in(request) || is_preflight_of_object(request)
        }
        ("s3", Some(_)) if request.method == Method::OPTIONS => is_preflight_of_object(request),
        ("s3", None) => is_form(request),
        ("s3", Some(signature)) => is_presigned(request, signature),
        _ => false,
    }
}

/// Whether the parts of an API call are plain words, which the emulator reads in the same way as the gateway.
fn is_plain(invocation: Invocation<'_>, headers: &HeaderMap) -> bool {
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_$".contains(&it))
    };
    let names_the_api = || {
        let rest = host(headers).split_once(".execute-api.").map(|(_, rest)| without_port(rest));
        rest.and_then(|it| it.strip_suffix("localhost"))
            .is_some_and(|it| it.is_empty() || it.strip_suffix('.').is_some_and(is_word))
    };
    is_word(invocation.api) && is_word(invocation.stage) && (is_this_machine(headers) || names_the_api())
}

fn is_sign_in(request: &CloudRequest) -> bool {
    let name = request.operation.name.as_deref().unwrap_or_default();
    let content_type = request.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    request.method == Method::POST
        && request.uri.path() == "/"
        && request.uri.query().is_none()
        && content_type.is_some_and(|it| it.starts_with("application/x-amz-json-"))
        && SIGN_IN.contains(&name)
}

/// Whether the request is the preflight of a sign-in.
fn is_preflight_of_sign_in(request: &CloudRequest) -> bool {
    let text = |name: &str| request.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let mut names =
        text("access-control-request-headers").split(',').map(|it| it.trim().to_ascii_lowercase());
    request.method == Method::OPTIONS
        && request.uri.path() == "/"
        && request.uri.query().is_none()
        && text("access-control-request-method") == "POST"
        && names.clone().any(|it| it == "x-amz-target")
        && names.all(|it| HEADERS_OF_SIGN_IN.contains(&it.as_str()))
}

/// The answer to the preflight of a sign-in, which any page may send, as on AWS.
pub(crate) fn preflight(request: &CloudRequest) -> Option<Response<Body>> {
    if !is_preflight_of_sign_in(request) {
        return None;
    }
    let mut answer = Response::new(full(""));
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    if let Some(names) = request.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    Some(answer)
}

/// Whether the request is the preflight of an object, which the bucket's CORS rules answer.
fn is_preflight_of_object(request: &CloudRequest) -> bool {
    bucket_and_key(request.uri.path()).is_some()
}

/// Whether the request is a form that puts an object into a bucket. The bucket's policy and the form's signature
/// decide whether it may.
fn is_form(request: &CloudRequest) -> bool {
    let content_type = request.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    request.method == Method::POST
        && request.uri.query().is_none()
        && bucket_and_key(request.uri.path()).is_some_and(|(_, key)| key.is_empty())
        && content_type.is_some_and(|it| it.starts_with("multipart/form-data;"))
}

/// Whether the request uses a presigned URL of a role's session.
fn is_presigned(request: &CloudRequest, signature: &Signature) -> bool {
    let name = request.operation.name.as_deref().unwrap_or_default();
    let is_session = signature.access_key.starts_with("ASIA") && signature.token.is_some();
    is_session
        && signature.expires.is_some()
        && signature.service == "s3"
        && bucket_and_key(request.uri.path()).is_some()
        && OF_OBJECTS.contains(&name)
}

/// The parts of an object's path, where the first one may be a bucket's name.
fn bucket_and_key(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix('/')?;
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let is_name = (3..=63).contains(&bucket.len())
        && bucket.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || b".-".contains(&it));
    is_name.then_some((bucket, key))
}

/// Whether the host names this machine, and no bucket or service.
fn is_this_machine(headers: &HeaderMap) -> bool {
    let name = without_port(host(headers));
    name == "localhost"
        || name == "[::1]"
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|it| it.is_loopback())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_page(header: &str) -> bool {
        let headers = header.lines().map(|it| it.split_once(": ").unwrap());
        let headers = headers
            .map(|(name, value)| (name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap()));
        is_from_a_page(&headers.collect())
    }

    #[test]
    fn pages_and_others() {
        for page in [
            "origin: https://evil.example",
            "origin: null",
            "sec-fetch-site: cross-site",
            "sec-fetch-site: same-origin",
            "sec-fetch-site: none\norigin: https://evil.example",
            "referer: https://evil.example/",
            "access-control-request-method: GET",
            "user-agent: Mozilla/5.0 (an old browser)",
        ] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "user-agent: aws-cli/2.0",
            "accept: */*",
            "sec-fetch-mode: cors\nuser-agent: node",
            "sec-fetch-site: none\nsec-fetch-mode: navigate\nuser-agent: Mozilla/5.0",
        ] {
            assert!(!is_page(other), "{other}");
        }
    }

    #[test]
    fn names_of_buckets() {
        assert_eq!(bucket_and_key("/uploads/a/b"), Some(("uploads", "a/b")));
        assert_eq!(bucket_and_key("/uploads"), Some(("uploads", "")));
        for path in
            ["/", "/_aws/x", "/%5Faws/x", "//uploads/x", "/Uploads/x", "/ab/x", "uploads/x", "/a%2Fb/c"]
        {
            assert_eq!(bucket_and_key(path), None, "{path}");
        }
    }
}
