//! The operations of Cognito about users.

use stackctl_aws_client::request::operation::{USER, USER_ALONE, operations};

use crate::user_pool::operations::{COGNITO, EXISTING_POOLS, POOLS};

operations! {
    &COGNITO;
    ADMIN_CREATE_USER = "cognito-idp:AdminCreateUser": USER ["cognito-idp:AdminCreateUser"] POOLS USER_ALONE ["cognito-idp:AdminCreateUser"] EXISTING_POOLS;
    ADMIN_GET_USER = "cognito-idp:AdminGetUser": USER ["cognito-idp:AdminGetUser"] POOLS USER_ALONE ["cognito-idp:AdminGetUser"] EXISTING_POOLS;
    ADMIN_SET_USER_PASSWORD = "cognito-idp:AdminSetUserPassword": USER_ALONE ["cognito-idp:AdminSetUserPassword"] POOLS USER_ALONE ["cognito-idp:AdminSetUserPassword"] EXISTING_POOLS;
    ADMIN_ADD_USER_TO_GROUP = "cognito-idp:AdminAddUserToGroup": USER_ALONE ["cognito-idp:AdminAddUserToGroup"] POOLS USER_ALONE ["cognito-idp:AdminAddUserToGroup"] EXISTING_POOLS;
    ADMIN_REMOVE_USER_FROM_GROUP = "cognito-idp:AdminRemoveUserFromGroup": USER_ALONE ["cognito-idp:AdminRemoveUserFromGroup"] POOLS USER_ALONE ["cognito-idp:AdminRemoveUserFromGroup"] EXISTING_POOLS;
    ADMIN_RESET_USER_PASSWORD = "cognito-idp:AdminResetUserPassword": USER_ALONE ["cognito-idp:AdminResetUserPassword"] POOLS USER_ALONE ["cognito-idp:AdminResetUserPassword"] EXISTING_POOLS;
    ADMIN_DELETE_SOFTWARE_TOKEN = "cognito-idp:AdminDeleteSoftwareToken": USER_ALONE ["cognito-idp:AdminDeleteSoftwareToken"] POOLS USER_ALONE ["cognito-idp:AdminDeleteSoftwareToken"] EXISTING_POOLS;
    ADMIN_ENABLE_USER = "cognito-idp:AdminEnableUser": USER_ALONE ["cognito-idp:AdminEnableUser"] POOLS USER_ALONE ["cognito-idp:AdminEnableUser"] EXISTING_POOLS;
    ADMIN_DISABLE_USER = "cognito-idp:AdminDisableUser": USER_ALONE ["cognito-idp:AdminDisableUser"] POOLS USER_ALONE ["cognito-idp:AdminDisableUser"] EXISTING_POOLS;
    ADMIN_USER_GLOBAL_SIGN_OUT = "cognito-idp:AdminUserGlobalSignOut": USER_ALONE ["cognito-idp:AdminUserGlobalSignOut"] POOLS USER_ALONE ["cognito-idp:AdminUserGlobalSignOut"] EXISTING_POOLS;
    ADMIN_DELETE_USER = "cognito-idp:AdminDeleteUser": USER ["cognito-idp:AdminDeleteUser"] POOLS USER_ALONE ["cognito-idp:AdminDeleteUser"] EXISTING_POOLS;
}
