//! Bodies of requests and answers.

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full, combinators::BoxBody};

/// Why a body breaks off.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// A body that may still be arriving.
pub type Body = BoxBody<Bytes, BoxError>;

/// A body that is complete.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

/// Reads a whole body; `None` when it is longer than `longest` or breaks off.
pub async fn read(mut body: Body, longest: usize) -> Option<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            if bytes.len() + data.len() > longest {
                return None;
            }
            bytes.extend_from_slice(&data);
        }
    }
    Some(bytes.freeze())
}
