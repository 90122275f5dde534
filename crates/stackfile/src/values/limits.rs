//! The environment variables that limit what a presign function signs.

/// How long a URL lives.
pub(crate) const EXPIRIES: [&str; 2] = ["URL_EXPIRES", "UPLOAD_EXPIRES"];
/// The largest file.
pub(crate) const MAX_BYTES: &str = "MAX_BYTES";
/// The media types.
pub(crate) const CONTENT_TYPES: &str = "CONTENT_TYPES";

/// Whether a variable is named like a limit. Its value is no secret.
pub fn is_limit(variable: &str) -> bool {
    EXPIRIES.contains(&variable) || variable == MAX_BYTES || variable == CONTENT_TYPES
}
