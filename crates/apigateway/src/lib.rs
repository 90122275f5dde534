//! API Gateway: the kind `rest_api`.

pub mod rest_api;
