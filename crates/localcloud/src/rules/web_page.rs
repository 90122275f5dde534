//! A web page may call what it would call on AWS, and nothing else.
//!
//! The emulator answers every preflight with `*` and does not verify what its root key signs: without this rule, any
//! page that the developer opens could make functions on this machine and run them.

use hyper::{HeaderMap, Response};

use crate::{
    gateway::{Asked, refused},
    operation::scope,
    upstream::Body,
};

/// Refuses a browser's request for anything but APIs, objects and sign-in.
pub(crate) fn refuse(asked: &Asked) -> Option<Response<Body>> {
    (is_from_a_page(&asked.headers) && !is_for_pages(asked))
        .then(|| refused("the local cloud lets web pages call APIs, objects in buckets and sign-in only"))
}

/// Whether a page in a browser sent it, and not somebody by hand or a tool.
pub(crate) fn is_from_a_page(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    header("origin").is_some() || header("sec-fetch-site").is_some_and(|it| it != "none")
}

fn is_for_pages(asked: &Asked) -> bool {
    let name = asked.operation.name.as_deref().unwrap_or_default();
    match asked.operation.service.as_ref() {
        "execute-api" => true,
        // What begins with `_` is the emulator's own; a page signs nothing itself, and has no URL of the root key's.
        "s3" => {
            !asked.uri.path().starts_with("/_")
                && asked.root_region().is_none()
                && ["Object", "Part", "Multipart", "Preflight"].iter().any(|it| name.contains(it))
        }
        // A page signs people in; what is signed with a key is an administrator's.
        "cognito-idp" => scope(&asked.uri, &asked.headers).is_none(),
        _ => false,
    }
}
