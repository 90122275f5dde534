//! The operations of Cognito about users.

use stackctl_aws_client::request::operation::{USER, USER_ALONE, operations};

use crate::user_pool::operations::{COGNITO, POOLS};

operations! {
    &COGNITO;
    ADMIN_CREATE_USER = "cognito-idp:AdminCreateUser": USER ["cognito-idp:AdminCreateUser"] POOLS;
    ADMIN_GET_USER = "cognito-idp:AdminGetUser": USER ["cognito-idp:AdminGetUser"] POOLS;
    ADMIN_SET_USER_PASSWORD = "cognito-idp:AdminSetUserPassword": USER_ALONE ["cognito-idp:AdminSetUserPassword"] POOLS;
    ADMIN_DELETE_USER = "cognito-idp:AdminDeleteUser": USER ["cognito-idp:AdminDeleteUser"] POOLS;
}
