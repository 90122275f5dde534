//! The operations of Cognito about users.

use stackctl_aws_client::request::operation::{USER, USER_ALONE, operations};

use crate::user_pool::operations::{COGNITO, POOLS};

operations! {
    &COGNITO;
    ADMIN_CREATE_USER = "cognito-idp:AdminCreateUser": USER ["cognito-idp:AdminCreateUser"] POOLS;
    ADMIN_GET_USER = "cognito-idp:AdminGetUser": USER ["cognito-idp:AdminGetUser"] POOLS;
    ADMIN_SET_USER_PASSWORD = "cognito-idp:AdminSetUserPassword": USER_ALONE ["cognito-idp:AdminSetUserPassword"] POOLS;
    ADMIN_ADD_USER_TO_GROUP = "cognito-idp:AdminAddUserToGroup": USER_ALONE ["cognito-idp:AdminAddUserToGroup"] POOLS;
    ADMIN_REMOVE_USER_FROM_GROUP = "cognito-idp:AdminRemoveUserFromGroup": USER_ALONE ["cognito-idp:AdminRemoveUserFromGroup"] POOLS;
    ADMIN_RESET_USER_PASSWORD = "cognito-idp:AdminResetUserPassword": USER_ALONE ["cognito-idp:AdminResetUserPassword"] POOLS;
    ADMIN_DELETE_SOFTWARE_TOKEN = "cognito-idp:AdminDeleteSoftwareToken": USER_ALONE ["cognito-idp:AdminDeleteSoftwareToken"] POOLS;
    ADMIN_ENABLE_USER = "cognito-idp:AdminEnableUser": USER_ALONE ["cognito-idp:AdminEnableUser"] POOLS;
    ADMIN_DISABLE_USER = "cognito-idp:AdminDisableUser": USER_ALONE ["cognito-idp:AdminDisableUser"] POOLS;
    ADMIN_USER_GLOBAL_SIGN_OUT = "cognito-idp:AdminUserGlobalSignOut": USER_ALONE ["cognito-idp:AdminUserGlobalSignOut"] POOLS;
    ADMIN_DELETE_USER = "cognito-idp:AdminDeleteUser": USER ["cognito-idp:AdminDeleteUser"] POOLS;
}
