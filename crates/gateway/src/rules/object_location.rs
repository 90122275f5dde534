//! The Location of an uploaded object is an encoded URL at the address that the caller used.

use http_body_util::BodyExt;
use hyper::{
    Response, StatusCode,
    header::{self, HeaderValue},
};

use crate::request::{
    body::{Body, full},
    request::CloudRequest,
    url::host,
};

/// Corrects the Location of a finished upload.
pub(crate) async fn after(request: &CloudRequest, response: Response<Body>) -> Response<Body> {
    let address = format!("http://{}", host(&request.headers));
    let here = match request.operation.name.as_deref() {
        Some("CompleteMultipartUpload") => format!("{address}{}", request.uri.path()),
        Some("PostObject") => {
            match response.headers().get(header::LOCATION).and_then(|it| it.to_str().ok()) {
                Some(told) if response.status() != StatusCode::SEE_OTHER => {
                    let key = told.split_once(".s3.amazonaws.com/").map_or("", |(_, key)| key);
                    format!("{address}{}/{key}", request.uri.path().trim_end_matches('/'))
                }
                _ => return response,
            }
        }
        _ => return response,
    };
    let (mut parts, body) = response.into_parts();
    if let (true, Ok(value)) = (parts.headers.contains_key(header::LOCATION), HeaderValue::from_str(&here)) {
        parts.headers.insert(header::LOCATION, value);
    }
    let Ok(body) = body.collect().await.map(|it| it.to_bytes()) else {
        return Response::from_parts(parts, full("")).map(|it| it);
    };
    match str::from_utf8(&body).ok().and_then(|it| with_location(it, &here)) {
        Some(text) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, full(text))
        }
        None => Response::from_parts(parts, full(body)),
    }
}

/// The XML with another Location, if it has one.
fn with_location(xml: &str, location: &str) -> Option<String> {
    let (before, rest) = xml.split_once("<Location>")?;
    let (_, after) = rest.split_once("</Location>")?;
    Some(format!("{before}<Location>{}</Location>{after}", location.replace('&', "&amp;")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_location() {
        assert_eq!(
            with_location("<a><Location>https://x/a b</Location><b/></a>", "http://127.0.0.1:1/b/a%20b&c")
                .unwrap(),
            "<a><Location>http://127.0.0.1:1/b/a%20b&amp;c</Location><b/></a>"
        );
        assert_eq!(with_location("<Error/>", "x"), None);
    }
}
