//! A web page may call what it would call on AWS, and nothing else.
//!
//! The emulator answers every preflight with `*` and does not verify what its root key signs: without this rule, any
//! page that the developer opens could make functions on this machine and run them.

use hyper::Response;

use crate::{
    gateway::{Asked, refused},
    operation::scope,
    upstream::Body,
};

/// Refuses a browser's request for anything but APIs, objects and sign-in.
pub(crate) fn before(asked: &Asked) -> Option<Response<Body>> {
    let header = |name: &str| asked.headers.get(name).and_then(|it| it.to_str().ok());
    let by_a_page = header("origin").is_some() || header("sec-fetch-site").is_some_and(|it| it != "none");
    (by_a_page && !is_for_pages(asked))
        .then(|| refused("the local cloud lets web pages call APIs, objects in buckets and sign-in only"))
}

fn is_for_pages(asked: &Asked) -> bool {
    let name = asked.operation.name.as_deref().unwrap_or_default();
    match asked.operation.service.as_ref() {
        "execute-api" => true,
        "s3" => ["Object", "Part", "Multipart", "Preflight"].iter().any(|it| name.contains(it)),
        // A page signs people in; what is signed with a key is an administrator's.
        "cognito-idp" => scope(&asked.uri, &asked.headers).is_none(),
        _ => false,
    }
}
