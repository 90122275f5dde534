//! Properties that hold for any input of the gateway. The fuzz targets try them with random input, the tests with the
//! inputs that fuzzing found.

use std::collections::BTreeSet;

use hyper::{
    HeaderMap, Method, Uri,
    header::{HeaderName, HeaderValue},
};
use time::OffsetDateTime;

use crate::{
    access::{signature, verify},
    apis::{
        import::{self, Mode, Present, Step},
        openapi::{self, ImportError},
        vtl::{self, Parameters},
    },
    request::{operation, url},
    rules::id_token::not_an_id_token,
};

/// An OpenAPI document is refused with a reason, or becomes steps that are in a valid order.
pub fn openapi(bytes: &[u8]) {
    match (openapi::read(bytes, false), openapi::read(bytes, true)) {
        (Ok(definition), strictly) => {
            if let Ok(strictly) = strictly {
                assert_eq!(strictly, definition);
            }
            check_steps(&import::plan(&definition, &Present::default(), Mode::Overwrite));
            check_steps(&import::plan(&definition, &Present::default(), Mode::Merge));
        }
        (Err(refusal), strictly) => {
            assert!(!refusal.message().is_empty() && !matches!(refusal, ImportError::Warnings(_)));
            assert_eq!(strictly.err(), Some(refusal));
        }
    }
}

fn check_steps(steps: &[Step]) {
    let mut authorizers = BTreeSet::new();
    let mut resources = BTreeSet::from(["/"]);
    let mut methods = BTreeSet::new();
    let mut responses = BTreeSet::new();
    for step in steps {
        let sound = match step {
            Step::UpdateApi { .. } | Step::PutGatewayResponse { .. } => true,
            Step::CreateAuthorizer { name, .. } => authorizers.insert(name),
            Step::CreateResource { path } => {
                path == "/" || resources.contains(import::split(path).0) && resources.insert(path)
            }
            Step::PutMethod { path, verb, authorizer, .. } => {
                resources.contains(path.as_str())
                    && authorizer.iter().all(|it| authorizers.contains(it))
                    && methods.insert((path, verb))
            }
            Step::PutMethodResponse { path, verb, status, .. } => {
                methods.contains(&(path, verb)) && responses.insert((path, verb, status))
            }
            Step::PutIntegration { path, verb, .. } | Step::PutIntegrationResponse { path, verb, .. } => {
                methods.contains(&(path, verb))
            }
            Step::UpdateAuthorizer { .. }
            | Step::DeleteAuthorizer { .. }
            | Step::DeleteResource { .. }
            | Step::DeleteMethod { .. }
            | Step::DeleteGatewayResponse { .. } => false,
        };
        assert!(sound, "{step:?} in {steps:?}");
    }
}

/// The output of a response template is no longer than a response may be.
pub fn template(text: &str) {
    let header = [("origin".to_owned(), "http://localhost:5173".to_owned())].into();
    let parameters = Parameters { header, ..Parameters::default() };
    if let Ok(rendered) = vtl::render(text, &parameters) {
        assert!(rendered.status.is_none_or(|it| (100..600).contains(&it)));
        let headers = rendered.headers.iter().map(|(name, value)| name.len() + value.len());
        assert!(rendered.body.len() + headers.sum::<usize>() <= 10 << 20);
    }
}

/// A request (`GET /path`, headers, an empty line and a form) is recognised, and its signature's parts stand in its
/// text.
pub fn request(text: &str) {
    let (head, form) = text.split_once("\n\n").map_or((text, None), |(head, form)| (head, Some(form)));
    let mut lines = head.lines();
    let Some((method, uri)) = lines.next().and_then(|it| it.split_once(' ')) else { return };
    let (Ok(method), Ok(uri)) = (method.parse::<Method>(), uri.parse::<Uri>()) else { return };
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|it| it.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            headers.insert(name, value);
        }
    }
    let found = operation::recognise(&method, &uri, &headers, form.map(str::as_bytes));
    let invocation = operation::invocation(&uri, &headers);
    if let Some(invocation) = invocation {
        assert!(
            found.service == "execute-api" && invocation.path.starts_with('/'),
            "{found:?} {invocation:?}"
        );
    }
    if let Some(scope) = url::scope(&uri, &headers) {
        assert!(text.contains(scope.access_key) && text.contains(scope.service));
    }
    let now = OffsetDateTime::UNIX_EPOCH;
    let Ok(Some(signature)) = signature::read(&uri, &headers) else { return };
    // Both parsers read the same key, and random input is never a valid signature.
    assert_eq!(url::scope(&uri, &headers).map(|it| it.access_key), Some(signature.access_key.as_str()));
    assert!(verify::verify(&signature, "secret", &method, &uri, &headers, b"", now).is_err());
}

/// A token is taken for another kind than an id token only when its claims say so.
pub fn token(text: &str) {
    let Ok(value) = text.parse::<HeaderValue>() else { return };
    assert!(not_an_id_token(&value).is_none_or(|claims| claims["token_use"] != "id"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents() {
        for text in [include_str!("apis/openapi/document.json"), "", "[]", "{}", r#"{"openapi":"3.0.1"}"#] {
            openapi(text.as_bytes());
        }
    }

    #[test]
    fn templates() {
        template(include_str!("../../../fuzz/seeds/template/preflight.vm"));
        template(include_str!("../../../fuzz/seeds/template/other.vm"));
    }

    #[test]
    fn requests() {
        for text in [
            include_str!("../../../fuzz/seeds/request/api"),
            include_str!("../../../fuzz/seeds/request/call"),
            include_str!("../../../fuzz/seeds/request/form"),
            include_str!("../../../fuzz/seeds/request/presigned"),
            include_str!("../../../fuzz/seeds/request/signed"),
            include_str!("../../../fuzz/seeds/request/target"),
        ] {
            request(text);
        }
    }

    #[test]
    fn tokens() {
        token(include_str!("../../../fuzz/seeds/token/access"));
        token(include_str!("../../../fuzz/seeds/token/id"));
    }
}
