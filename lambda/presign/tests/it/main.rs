//! The function as API Gateway sees it, its signatures as S3 sees them, and its document.

mod access;
mod answered;
mod any_event;
mod asking;
mod botocore;
mod media_types;
mod openapi;
mod refusals;
mod routes;
mod schema;
