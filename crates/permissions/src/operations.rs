//! The operations that stackctl sends, of every kind of resource and every command.

use stackctl_apigateway::rest_api;
use stackctl_aws_client::{clients, lock, request::operation::Operation};
use stackctl_cognito::{user_pool, user_pool_client, user_pool_group};
use stackctl_lambda::{function, log_group, role, secret};
use stackctl_s3::bucket;

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    let all = [
        clients::operations::OPERATIONS,
        bucket::operations::OPERATIONS,
        role::operations::OPERATIONS,
        function::operations::OPERATIONS,
        log_group::operations::OPERATIONS,
        secret::operations::OPERATIONS,
        user_pool::operations::OPERATIONS,
        user_pool_client::operations::OPERATIONS,
        user_pool_group::operations::OPERATIONS,
        rest_api::operations::OPERATIONS,
        lock::operations::OPERATIONS,
        stackctl_cognito::people::operations::OPERATIONS,
        stackctl_verify::operations::OPERATIONS,
    ];
    all.into_iter().flatten().copied()
}

/// The one with a name, such as `s3:CreateBucket`.
pub fn find(name: &str) -> Option<&'static Operation> {
    all().find(|it| it.name == name)
}

#[cfg(test)]
mod tests;
