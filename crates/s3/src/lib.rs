//! S3: the kind `bucket`, with its contents and lifecycle.

pub mod bucket;
