//! The operations of Cognito about user pools, and how Cognito answers.

use std::collections::BTreeSet;

use stackctl_aws_client::request::operation::{
    ANYTHING, APPLY, APPLY_OR_ADOPT, Class, LOCATE, LOOK, Meaning, PLAN_OR_USER, Rate, Scope, Service,
    Target, USER_ALONE, operations,
};
use stackctl_aws_data::tags;
use stackctl_stackfile::user_pool::{UserPool, email::Email};

/// Amazon Cognito user pools.
pub static COGNITO: Service = Service {
    meanings: &[
        Meaning::of("UsernameExistsException", "", Class::Exists),
        Meaning::of("GroupExistsException", "", Class::Exists),
        Meaning::of("ConcurrentModificationException", "", Class::Busy),
        Meaning::of("UserNotFoundException", "", Class::Gone),
    ],
    // COG-40
    rates: |operation| {
        let (of, per_second) = match operation {
            "DescribeUserPool" | "ListUserPools" => ("pools read", 15),
            "CreateUserPool" | "UpdateUserPool" | "DeleteUserPool" => ("pools written", 15),
            "DescribeUserPoolClient" | "ListUserPoolClients" => ("clients read", 15),
            // On one pool.
            "CreateGroup" => ("groups created", 5),
            "DeleteGroup" => ("groups deleted", 5),
            _ => return Vec::new(),
        };
        vec![Rate { of, burst: per_second, per_second: f64::from(per_second) }]
    },
    // COG-113
    hint: |answer| {
        answer.message.contains("daily email limit").then(|| {
            "Cognito itself sends 50 mails a day for an account and region; `email: { from: ADDRESS, identity: ARN }` \
             in the file sends them by SES"
                .to_owned()
        })
    },
    ..Service::new()
};

/// The pools of the region: their ids are random, so stackctl reads the tags of all.
static ANY_POOLS: Target = Target { resources: pools, ..Target::new("AnyPools") };

/// A pool that is being created, with the stack's tag; it has no ARN yet (COG-71).
static NEW_POOLS: Target = Target {
    resources: pools,
    condition: |scope| Some(tags::condition("RequestTag", scope.stack.name.as_str())),
    is_new: true,
    ..Target::new("NewPools")
};

/// The pools with the stack's tag (COG-70).
pub static POOLS: Target = Target {
    resources: pools,
    condition: |scope| Some(tags::condition("ResourceTag", scope.stack.name.as_str())),
    ..Target::new("Pools")
};

/// The pools that others made and the stack uses.
pub static EXISTING_POOLS: Target =
    Target { resources: |scope| existing_pools(scope, |_| true), ..Target::new("ExistingPools") };

/// The pools that others made and in which the stack has app clients of its own.
pub static POOLS_OF_CLIENTS: Target = Target {
    resources: |scope| existing_pools(scope, |it| it.clients.values().any(|it| it.existing.is_none())),
    ..Target::new("PoolsOfClients")
};

fn existing_pools(
    Scope { stack, account, .. }: &Scope<'_>,
    is_meant: fn(&UserPool) -> bool,
) -> BTreeSet<String> {
    let pools = stack.user_pools.values().filter(|it| is_meant(it));
    pools.filter_map(|it| Some(account.user_pool_arn(it.existing.as_ref()?.as_str()).0)).collect()
}

/// The stack's pools, in a stack whose file names second factors.
static POOLS_WITH_MFA: Target = Target {
    resources: |scope| match scope.stack.user_pools.values().any(|it| it.mfa.is_some()) {
        true => pools(scope),
        false => BTreeSet::new(),
    },
    condition: |scope| Some(tags::condition("ResourceTag", scope.stack.name.as_str())),
    ..Target::new("PoolsWithMfa")
};

/// The role with which Cognito sends mails by SES; Cognito makes it on behalf of the caller (COG-115).
static MAIL_ROLE: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let by_ses = stack.user_pools.values().any(|it| matches!(it.email, Some(Email::Ses(_))));
        by_ses
            .then(|| {
                account
                    .service_linked_role_arn(MAIL_SERVICE, "AWSServiceRoleForAmazonCognitoIdpEmailService")
                    .0
            })
            .into_iter()
            .collect()
    },
    condition: |_| Some(("iam:AWSServiceName".to_owned(), MAIL_SERVICE.to_owned())),
    ..Target::new("MailRole")
};

const MAIL_SERVICE: &str = "email.cognito-idp.amazonaws.com";

fn pools(Scope { account, .. }: &Scope<'_>) -> BTreeSet<String> {
    BTreeSet::from([account.any_pool_arn().0])
}

operations! {
    &COGNITO;
    LIST_USER_POOLS = "cognito-idp:ListUserPools": LOCATE ["cognito-idp:ListUserPools"] ANYTHING;
    DESCRIBE_USER_POOL = "cognito-idp:DescribeUserPool": LOCATE ["cognito-idp:DescribeUserPool"] ANY_POOLS;
    LIST_IDENTITY_PROVIDERS = "cognito-idp:ListIdentityProviders": LOOK ["cognito-idp:ListIdentityProviders"] POOLS;
    LIST_USERS = "cognito-idp:ListUsers": PLAN_OR_USER ["cognito-idp:ListUsers"] POOLS USER_ALONE ["cognito-idp:ListUsers"] EXISTING_POOLS;
    CREATE_USER_POOL = "cognito-idp:CreateUserPool": APPLY ["cognito-idp:CreateUserPool", "cognito-idp:TagResource"] NEW_POOLS APPLY ["iam:CreateServiceLinkedRole"] MAIL_ROLE;
    UPDATE_USER_POOL = "cognito-idp:UpdateUserPool": APPLY ["cognito-idp:UpdateUserPool"] POOLS APPLY ["iam:CreateServiceLinkedRole"] MAIL_ROLE;
    GET_USER_POOL_MFA_CONFIG = "cognito-idp:GetUserPoolMfaConfig": LOOK ["cognito-idp:GetUserPoolMfaConfig"] POOLS_WITH_MFA;
    SET_USER_POOL_MFA_CONFIG = "cognito-idp:SetUserPoolMfaConfig": APPLY ["cognito-idp:SetUserPoolMfaConfig"] POOLS_WITH_MFA;
    DELETE_USER_POOL = "cognito-idp:DeleteUserPool": APPLY ["cognito-idp:DeleteUserPool"] POOLS;
    TAG_RESOURCE = "cognito-idp:TagResource": APPLY_OR_ADOPT ["cognito-idp:TagResource"] POOLS;
    UNTAG_RESOURCE = "cognito-idp:UntagResource": APPLY_OR_ADOPT ["cognito-idp:UntagResource"] POOLS;
}
