//! The operations of Cognito about app clients.

use stackctl_aws_client::request::operation::{APPLY, LOCATE, LOOK, operations};

use crate::user_pool::operations::{COGNITO, POOLS};

operations! {
    &COGNITO;
    LIST_USER_POOL_CLIENTS = "cognito-idp:ListUserPoolClients": LOCATE ["cognito-idp:ListUserPoolClients"] POOLS;
    DESCRIBE_USER_POOL_CLIENT = "cognito-idp:DescribeUserPoolClient": LOOK ["cognito-idp:DescribeUserPoolClient"] POOLS;
    CREATE_USER_POOL_CLIENT = "cognito-idp:CreateUserPoolClient": APPLY ["cognito-idp:CreateUserPoolClient"] POOLS;
    UPDATE_USER_POOL_CLIENT = "cognito-idp:UpdateUserPoolClient": APPLY ["cognito-idp:UpdateUserPoolClient"] POOLS;
    DELETE_USER_POOL_CLIENT = "cognito-idp:DeleteUserPoolClient": APPLY ["cognito-idp:DeleteUserPoolClient"] POOLS;
}
