//! The operations of IAM, and how IAM answers.

use std::{collections::BTreeSet, time::Duration};

use stackctl_aws_client::request::operation::{
    ADOPT, ANYTHING, APPLY, Awaited, Class, LOOK, Meaning, Schedule, Scope, Service, Target, operations,
};
use stackctl_aws_data::account::{role_path_without_region, with_prefix};

/// IAM.
pub static IAM: Service = Service {
    meanings: &[
        // An account quota.
        Meaning::of("LimitExceeded", "", Class::Final),
        Meaning::of("MalformedPolicyDocument", "Invalid principal in policy", Class::Propagation),
        Meaning::of("EntityAlreadyExists", "", Class::Exists),
        Meaning::of("EntityAlreadyExistsException", "", Class::Exists),
        Meaning::of("ConcurrentModification", "", Class::Busy),
        Meaning::of("ConcurrentModificationException", "", Class::Busy),
        Meaning::of("EntityTemporarilyUnmodifiable", "", Class::Busy),
        Meaning::of("DeleteConflict", "", Class::Busy).only_for("DeleteRole"),
        Meaning::of("DeleteConflictException", "", Class::Busy).only_for("DeleteRole"),
        // A permissions boundary that does not exist (IAM-31).
        Meaning::of("NoSuchEntity", "Scope ARN", Class::Final),
        Meaning::of("NoSuchEntityException", "Scope ARN", Class::Final),
        Meaning::of("NoSuchEntity", "", Class::Gone),
        Meaning::of("NoSuchEntityException", "", Class::Gone),
    ],
    hint: |answer| {
        let hint = "this account has no such policy: create it, or correct `boundary:` in stack.yaml";
        let is_absent = ["NoSuchEntity", "NoSuchEntityException"].contains(&answer.code.as_str());
        (is_absent && answer.message.contains("Scope ARN")).then(|| hint.to_owned())
    },
    ..Service::new()
};

/// Roles at any path: a role that does not exist has no path (IAM-17).
static ROLES_ANYWHERE: Target = Target {
    resources: |scope| {
        let Scope { stack, account, .. } = scope;
        let names = stack.functions.iter().map(|(name, it)| account.function_name(name, it));
        let names = with_prefix(&stack.name, names.map(|it| account.role_name(&it)));
        let any_path = |it: &String| ["", "*/"].map(|path| in_iam(scope, &format!("/{path}{it}")));
        names.iter().flat_map(any_path).chain(roles(scope)).collect()
    },
    ..Target::new("RolesAnywhere")
};

/// The roles that others made and the stack uses, at any path: the file has no path.
static EXISTING_ROLES: Target = Target { resources: existing_roles, ..Target::new("ExistingRoles") };

/// The same, passed to Lambda.
pub static EXISTING_ROLES_FOR_LAMBDA: Target = Target {
    resources: existing_roles,
    condition: |_| Some(("iam:PassedToService".to_owned(), "lambda.amazonaws.com".to_owned())),
    ..Target::new("ExistingRolesForLambda")
};

fn existing_roles(scope: &Scope<'_>) -> BTreeSet<String> {
    let roles = scope.stack.functions.values().filter_map(|it| it.role.as_ref());
    roles.flat_map(|it| ["", "*/"].map(|path| in_iam(scope, &format!("/{path}{}", it.existing)))).collect()
}

static ROLES: Target = Target { resources: roles, ..Target::new("Roles") };

/// Roles, for actions that create them or extend their rights; with a boundary, only roles that have it (IAM-30).
static WIDENING_ROLES: Target = Target {
    resources: new_roles,
    condition: |scope| scope.boundary.map(|it| ("iam:PermissionsBoundary".to_owned(), it.to_string())),
    ..Target::new("WideningRoles")
};

/// Roles that are passed to Lambda. The service has the same name in every partition (assumed, X-14).
pub static ROLES_FOR_LAMBDA: Target = Target {
    resources: new_roles,
    condition: |_| Some(("iam:PassedToService".to_owned(), "lambda.amazonaws.com".to_owned())),
    ..Target::new("RolesForLambda")
};

fn new_roles(scope: &Scope<'_>) -> BTreeSet<String> {
    BTreeSet::from([in_iam(scope, &format!("{}*", scope.account.role_path()))])
}

/// Roles, with those that earlier versions created.
fn roles(scope: &Scope<'_>) -> BTreeSet<String> {
    let Scope { stack, account, .. } = scope;
    let earlier = role_path_without_region(&stack.name);
    let functions = with_prefix(&stack.name, account.function_names(stack));
    let earlier = functions.iter().map(|it| in_iam(scope, &format!("{earlier}{it}")));
    earlier.chain(new_roles(scope)).collect()
}

/// The ARN of a role, from its path on.
fn in_iam(Scope { account, .. }: &Scope<'_>, path: &str) -> String {
    account.role_arn_at(path).0
}

/// IAM-06.
pub const ROLE_SEEN: Awaited = Awaited {
    for_what: "the role to appear",
    not_before: Duration::ZERO,
    schedule: Schedule::new(100, 1_000, 60),
    hint: Some("IAM does not show the new role yet, or another program deleted it; run the command again"),
};

operations! {
    &IAM;
    LIST_ROLES = "iam:ListRoles": LOOK ["iam:ListRoles"] ANYTHING;
    GET_ROLE = "iam:GetRole": LOOK ["iam:GetRole"] ROLES_ANYWHERE LOOK ["iam:GetRole"] EXISTING_ROLES;
    // Of the credentials themselves, `doctor` asks for it without a policy of `stackctl policy`.
    SIMULATE_PRINCIPAL_POLICY = "iam:SimulatePrincipalPolicy": LOOK ["iam:SimulatePrincipalPolicy"] EXISTING_ROLES;
    GET_ROLE_POLICY = "iam:GetRolePolicy": LOOK ["iam:GetRolePolicy"] ROLES_ANYWHERE;
    LIST_ROLE_POLICIES = "iam:ListRolePolicies": LOOK ["iam:ListRolePolicies"] ROLES_ANYWHERE;
    LIST_ATTACHED_ROLE_POLICIES = "iam:ListAttachedRolePolicies": LOOK ["iam:ListAttachedRolePolicies"] ROLES_ANYWHERE;
    // CreateRole sets the tags.
    CREATE_ROLE = "iam:CreateRole": APPLY ["iam:CreateRole"] WIDENING_ROLES APPLY ["iam:TagRole"] ROLES;
    PUT_ROLE_PERMISSIONS_BOUNDARY = "iam:PutRolePermissionsBoundary": APPLY ["iam:PutRolePermissionsBoundary"] WIDENING_ROLES;
    DELETE_ROLE_PERMISSIONS_BOUNDARY = "iam:DeleteRolePermissionsBoundary": APPLY ["iam:DeleteRolePermissionsBoundary"] ROLES;
    UPDATE_ASSUME_ROLE_POLICY = "iam:UpdateAssumeRolePolicy": APPLY ["iam:UpdateAssumeRolePolicy"] WIDENING_ROLES;
    PUT_ROLE_POLICY = "iam:PutRolePolicy": APPLY ["iam:PutRolePolicy"] WIDENING_ROLES;
    DELETE_ROLE_POLICY = "iam:DeleteRolePolicy": APPLY ["iam:DeleteRolePolicy"] ROLES;
    DETACH_ROLE_POLICY = "iam:DetachRolePolicy": APPLY ["iam:DetachRolePolicy"] ROLES;
    TAG_ROLE = "iam:TagRole": APPLY ["iam:TagRole"] ROLES ADOPT ["iam:TagRole"] ROLES_ANYWHERE;
    UNTAG_ROLE = "iam:UntagRole": APPLY ["iam:UntagRole"] ROLES ADOPT ["iam:UntagRole"] ROLES_ANYWHERE;
    DELETE_ROLE = "iam:DeleteRole": APPLY ["iam:DeleteRole"] ROLES;
}
