//! The local cloud, really run: MiniStack behind the gateway, each test with a cloud of its own.

mod apis;
mod hostile;
mod lifecycle;
mod objects;
mod proxy;
mod running;
mod sign;
mod strict_apis;
mod strict_cognito;
mod strict_faults;
mod strict_iam;
mod strict_lambda;
mod strict_lists;
mod strict_s3;
mod strict_stages;
