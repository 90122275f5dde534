//! The causes of an error.

use std::error::Error;

/// The messages of the causes of `error`, the nearest first.
pub fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut below = error.source();
    let mut texts = Vec::new();
    while let Some(cause) = below {
        texts.push(cause.to_string());
        below = cause.source();
    }
    texts
}
