//! The operations of Cognito about app clients.

use stackctl_aws_client::request::operation::{APPLY, LOCATE, LOOK, operations};

use crate::user_pool::operations::{COGNITO, EXISTING_POOLS, POOLS, POOLS_OF_CLIENTS};

operations! {
    &COGNITO;
    LIST_USER_POOL_CLIENTS = "cognito-idp:ListUserPoolClients": LOCATE ["cognito-idp:ListUserPoolClients"] POOLS LOCATE ["cognito-idp:ListUserPoolClients"] POOLS_OF_CLIENTS;
    DESCRIBE_USER_POOL_CLIENT = "cognito-idp:DescribeUserPoolClient": LOOK ["cognito-idp:DescribeUserPoolClient"] POOLS LOOK ["cognito-idp:DescribeUserPoolClient"] EXISTING_POOLS;
    CREATE_USER_POOL_CLIENT = "cognito-idp:CreateUserPoolClient": APPLY ["cognito-idp:CreateUserPoolClient"] POOLS APPLY ["cognito-idp:CreateUserPoolClient"] POOLS_OF_CLIENTS;
    UPDATE_USER_POOL_CLIENT = "cognito-idp:UpdateUserPoolClient": APPLY ["cognito-idp:UpdateUserPoolClient"] POOLS APPLY ["cognito-idp:UpdateUserPoolClient"] POOLS_OF_CLIENTS;
    DELETE_USER_POOL_CLIENT = "cognito-idp:DeleteUserPoolClient": APPLY ["cognito-idp:DeleteUserPoolClient"] POOLS APPLY ["cognito-idp:DeleteUserPoolClient"] POOLS_OF_CLIENTS;
}
