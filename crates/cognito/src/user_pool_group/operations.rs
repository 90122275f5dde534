//! The operations of Cognito about groups.

use stackctl_aws_client::request::operation::{APPLY, APPLY_OR_ADOPT, LOCATE, PLAN_OR_USER, operations};

use crate::user_pool::operations::{COGNITO, POOLS};

operations! {
    &COGNITO;
    LIST_GROUPS = "cognito-idp:ListGroups": LOCATE ["cognito-idp:ListGroups"] POOLS;
    LIST_USERS_IN_GROUP = "cognito-idp:ListUsersInGroup": PLAN_OR_USER ["cognito-idp:ListUsersInGroup"] POOLS;
    CREATE_GROUP = "cognito-idp:CreateGroup": APPLY ["cognito-idp:CreateGroup"] POOLS;
    // A group is released.
    UPDATE_GROUP = "cognito-idp:UpdateGroup": APPLY_OR_ADOPT ["cognito-idp:UpdateGroup"] POOLS;
    DELETE_GROUP = "cognito-idp:DeleteGroup": APPLY ["cognito-idp:DeleteGroup"] POOLS;
}
