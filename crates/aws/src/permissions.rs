//! Which permissions each operation needs, on what: one table, and the IAM policies that follow from it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stackctl_stackfile::{bucket::OnDestroy, names::PolicyArn, stack::Stack};

use crate::{
    account::{Account, log_group_name, role_path_without_region},
    tags,
};

/// What a policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To apply and to destroy, and all that needs less.
    Apply,
    /// To plan.
    Plan,
    /// To read outputs.
    Outputs,
    /// To add, list and remove users.
    User,
    /// To verify: to make users and objects, and to take them away again.
    Verify,
}

/// What an operation is done to; each is one statement of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum On {
    /// What IAM can't limit: lists of everything, and what has no id yet.
    Anything,
    Buckets,
    /// The objects of the buckets that destroy empties.
    Objects,
    /// The objects of all buckets.
    AnyObjects,
    /// Roles wherever they are: a role that does not exist has no path (IAM-17).
    RolesAnywhere,
    Roles,
    /// Roles, where they are made or may do more than before; with a boundary, only those that have it (IAM-30).
    WideningRoles,
    /// Roles, given to Lambda.
    RolesForLambda,
    Functions,
    LogGroups,
    /// The pools of the region: their ids are random, and the tags tell which is the stack's.
    AnyPools,
    /// A pool that is being made, with the stack's tag; it has no ARN yet (COG-71).
    NewPools,
    /// The pools with the stack's tag (COG-70).
    Pools,
    /// The list of the APIs of the region: their ids are random.
    ApiList,
    /// An API that is being made, with the stack's tag.
    NewApis,
    /// The APIs with the stack's tag, and all that is part of them (AGW-70).
    Apis,
    /// The tags of the APIs and stages of the region; the API itself is asked about too (AGW-69).
    ApiTags,
    Lock,
}

/// One row: the operation as it is named when it is sent, what sends it, the IAM actions, on what.
struct Row(&'static str, &'static [Purpose], &'static [&'static str], On);

const ALL: &[Purpose] = &[Purpose::Apply, Purpose::Plan, Purpose::Outputs, Purpose::User, Purpose::Verify];
const LOOK: &[Purpose] = &[Purpose::Apply, Purpose::Plan, Purpose::Verify];
const PLAN: &[Purpose] = &[Purpose::Apply, Purpose::Plan];
const PLAN_OR_USER: &[Purpose] = &[Purpose::Apply, Purpose::Plan, Purpose::User];
const APPLY: &[Purpose] = &[Purpose::Apply];
const USER: &[Purpose] = &[Purpose::User, Purpose::Verify];
const VERIFY: &[Purpose] = &[Purpose::Verify];

/// Several rows of an operation are several things that it needs.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    Row("sts:GetCallerIdentity", ALL, &["sts:GetCallerIdentity"], On::Anything),

    Row("s3:ListBuckets", ALL, &["s3:ListAllMyBuckets"], On::Anything),
    Row("s3:GetBucketTagging", ALL, &["s3:GetBucketTagging"], On::Buckets),
    Row("s3:GetBucketCors", LOOK, &["s3:GetBucketCORS"], On::Buckets),
    Row("s3:GetPublicAccessBlock", LOOK, &["s3:GetBucketPublicAccessBlock"], On::Buckets),
    Row("s3:GetBucketOwnershipControls", LOOK, &["s3:GetBucketOwnershipControls"], On::Buckets),
    Row("s3:GetBucketEncryption", LOOK, &["s3:GetEncryptionConfiguration"], On::Buckets),
    Row("s3:GetBucketPolicy", LOOK, &["s3:GetBucketPolicy"], On::Buckets),
    Row("s3:GetBucketWebsite", LOOK, &["s3:GetBucketWebsite"], On::Buckets),
    Row("s3:GetBucketLifecycleConfiguration", LOOK, &["s3:GetLifecycleConfiguration"], On::Buckets),
    Row("s3:GetBucketNotificationConfiguration", LOOK, &["s3:GetBucketNotification"], On::Buckets),
    Row("s3:GetBucketVersioning", LOOK, &["s3:GetBucketVersioning"], On::Buckets),
    // Of a bucket with versioning alone (S3-61).
    Row("s3:GetBucketReplication", LOOK, &["s3:GetReplicationConfiguration"], On::Buckets),
    Row("s3:ListObjectVersions", PLAN, &["s3:ListBucketVersions"], On::Buckets),
    Row("s3:ListMultipartUploads", PLAN, &["s3:ListBucketMultipartUploads"], On::Buckets),
    // A bucket is born with its tags.
    Row("s3:CreateBucket", APPLY, &["s3:CreateBucket", "s3:TagResource"], On::Buckets),
    Row("s3:PutBucketTagging", APPLY, &["s3:PutBucketTagging"], On::Buckets),
    Row("s3:PutPublicAccessBlock", APPLY, &["s3:PutBucketPublicAccessBlock"], On::Buckets),
    Row("s3:PutBucketAcl", APPLY, &["s3:PutBucketAcl"], On::Buckets),
    Row("s3:PutBucketOwnershipControls", APPLY, &["s3:PutBucketOwnershipControls"], On::Buckets),
    Row("s3:PutBucketEncryption", APPLY, &["s3:PutEncryptionConfiguration"], On::Buckets),
    Row("s3:PutBucketPolicy", APPLY, &["s3:PutBucketPolicy"], On::Buckets),
    Row("s3:PutBucketCors", APPLY, &["s3:PutBucketCORS"], On::Buckets),
    Row("s3:DeleteBucketCors", APPLY, &["s3:PutBucketCORS"], On::Buckets),
    Row("s3:DeleteBucket", APPLY, &["s3:DeleteBucket"], On::Buckets),
    Row("s3:DeleteObjects", APPLY, &["s3:DeleteObject", "s3:DeleteObjectVersion"], On::Objects),
    Row("s3:AbortMultipartUpload", APPLY, &["s3:AbortMultipartUpload"], On::Objects),
    Row("s3:GetObject", VERIFY, &["s3:GetObject"], On::AnyObjects),
    Row("s3:DeleteObject", VERIFY, &["s3:DeleteObject"], On::AnyObjects),

    Row("iam:ListRoles", LOOK, &["iam:ListRoles"], On::Anything),
    Row("iam:GetRole", LOOK, &["iam:GetRole"], On::RolesAnywhere),
    Row("iam:GetRolePolicy", LOOK, &["iam:GetRolePolicy"], On::RolesAnywhere),
    Row("iam:ListRolePolicies", LOOK, &["iam:ListRolePolicies"], On::RolesAnywhere),
    Row("iam:ListAttachedRolePolicies", LOOK, &["iam:ListAttachedRolePolicies"], On::RolesAnywhere),
    Row("iam:CreateRole", APPLY, &["iam:CreateRole"], On::WideningRoles),
    // A role is born with its tags.
    Row("iam:CreateRole", APPLY, &["iam:TagRole"], On::Roles),
    Row("iam:PutRolePermissionsBoundary", APPLY, &["iam:PutRolePermissionsBoundary"], On::WideningRoles),
    Row("iam:DeleteRolePermissionsBoundary", APPLY, &["iam:DeleteRolePermissionsBoundary"], On::Roles),
    Row("iam:UpdateAssumeRolePolicy", APPLY, &["iam:UpdateAssumeRolePolicy"], On::WideningRoles),
    Row("iam:PutRolePolicy", APPLY, &["iam:PutRolePolicy"], On::WideningRoles),
    Row("iam:DeleteRolePolicy", APPLY, &["iam:DeleteRolePolicy"], On::Roles),
    Row("iam:DetachRolePolicy", APPLY, &["iam:DetachRolePolicy"], On::Roles),
    Row("iam:TagRole", APPLY, &["iam:TagRole"], On::Roles),
    Row("iam:UntagRole", APPLY, &["iam:UntagRole"], On::Roles),
    Row("iam:DeleteRole", APPLY, &["iam:DeleteRole"], On::Roles),

    // Tags are in the answer only for those who may list them (LAM-52).
    Row("lambda:GetFunction", LOOK, &["lambda:GetFunction", "lambda:ListTags"], On::Functions),
    Row("lambda:GetPolicy", LOOK, &["lambda:GetPolicy"], On::Functions),
    Row("lambda:ListFunctionUrlConfigs", LOOK, &["lambda:ListFunctionUrlConfigs"], On::Functions),
    // Of the region: IAM can't limit it (LAM-61).
    Row("lambda:ListEventSourceMappings", LOOK, &["lambda:ListEventSourceMappings"], On::Anything),
    Row("lambda:CreateFunction", APPLY, &["lambda:CreateFunction", "lambda:TagResource"], On::Functions),
    // A role that is given away (IAM-18).
    Row("lambda:CreateFunction", APPLY, &["iam:PassRole"], On::RolesForLambda),
    Row("lambda:UpdateFunctionCode", APPLY, &["lambda:UpdateFunctionCode"], On::Functions),
    Row("lambda:UpdateFunctionConfiguration", APPLY, &["lambda:UpdateFunctionConfiguration"], On::Functions),
    Row("lambda:UpdateFunctionConfiguration", APPLY, &["iam:PassRole"], On::RolesForLambda),
    Row("lambda:AddPermission", APPLY, &["lambda:AddPermission"], On::Functions),
    Row("lambda:RemovePermission", APPLY, &["lambda:RemovePermission"], On::Functions),
    Row("lambda:TagResource", APPLY, &["lambda:TagResource"], On::Functions),
    Row("lambda:UntagResource", APPLY, &["lambda:UntagResource"], On::Functions),
    Row("lambda:DeleteFunction", APPLY, &["lambda:DeleteFunction"], On::Functions),

    Row("logs:DescribeLogGroups", LOOK, &["logs:DescribeLogGroups"], On::Anything),
    Row("logs:ListTagsForResource", LOOK, &["logs:ListTagsForResource"], On::LogGroups),
    Row("logs:CreateLogGroup", APPLY, &["logs:CreateLogGroup", "logs:TagResource"], On::LogGroups),
    Row("logs:PutRetentionPolicy", APPLY, &["logs:PutRetentionPolicy"], On::LogGroups),
    Row("logs:TagResource", APPLY, &["logs:TagResource"], On::LogGroups),
    Row("logs:UntagResource", APPLY, &["logs:UntagResource"], On::LogGroups),
    Row("logs:DeleteLogGroup", APPLY, &["logs:DeleteLogGroup"], On::LogGroups),

    Row("cognito-idp:ListUserPools", ALL, &["cognito-idp:ListUserPools"], On::Anything),
    Row("cognito-idp:DescribeUserPool", ALL, &["cognito-idp:DescribeUserPool"], On::AnyPools),
    Row("cognito-idp:ListUserPoolClients", ALL, &["cognito-idp:ListUserPoolClients"], On::Pools),
    Row("cognito-idp:ListIdentityProviders", LOOK, &["cognito-idp:ListIdentityProviders"], On::Pools),
    Row("cognito-idp:DescribeUserPoolClient", LOOK, &["cognito-idp:DescribeUserPoolClient"], On::Pools),
    Row("cognito-idp:ListUsers", PLAN_OR_USER, &["cognito-idp:ListUsers"], On::Pools),
    Row("cognito-idp:CreateUserPool", APPLY, &["cognito-idp:CreateUserPool", "cognito-idp:TagResource"], On::NewPools),
    Row("cognito-idp:UpdateUserPool", APPLY, &["cognito-idp:UpdateUserPool"], On::Pools),
    Row("cognito-idp:DeleteUserPool", APPLY, &["cognito-idp:DeleteUserPool"], On::Pools),
    Row("cognito-idp:TagResource", APPLY, &["cognito-idp:TagResource"], On::Pools),
    Row("cognito-idp:UntagResource", APPLY, &["cognito-idp:UntagResource"], On::Pools),
    Row("cognito-idp:CreateUserPoolClient", APPLY, &["cognito-idp:CreateUserPoolClient"], On::Pools),
    Row("cognito-idp:UpdateUserPoolClient", APPLY, &["cognito-idp:UpdateUserPoolClient"], On::Pools),
    Row("cognito-idp:DeleteUserPoolClient", APPLY, &["cognito-idp:DeleteUserPoolClient"], On::Pools),
    Row("cognito-idp:AdminCreateUser", USER, &["cognito-idp:AdminCreateUser"], On::Pools),
    Row("cognito-idp:AdminGetUser", USER, &["cognito-idp:AdminGetUser"], On::Pools),
    Row("cognito-idp:AdminSetUserPassword", &[Purpose::User], &["cognito-idp:AdminSetUserPassword"], On::Pools),
    Row("cognito-idp:AdminDeleteUser", USER, &["cognito-idp:AdminDeleteUser"], On::Pools),
    // Whoever signs in needs no credentials.
    Row("cognito-idp:InitiateAuth", &[], &[], On::Pools),

    // API Gateway knows no actions but the methods of HTTP.
    Row("apigateway:GetRestApis", ALL, &["apigateway:GET"], On::ApiList),
    Row("apigateway:GetResources", LOOK, &["apigateway:GET"], On::Apis),
    Row("apigateway:GetAuthorizers", LOOK, &["apigateway:GET"], On::Apis),
    Row("apigateway:GetGatewayResponses", LOOK, &["apigateway:GET"], On::Apis),
    Row("apigateway:GetStages", LOOK, &["apigateway:GET"], On::Apis),
    Row("apigateway:GetDeployments", APPLY, &["apigateway:GET"], On::Apis),
    Row("apigateway:CreateRestApi", APPLY, &["apigateway:POST"], On::NewApis),
    // Born with tags (AGW-68).
    Row("apigateway:CreateRestApi", APPLY, &["apigateway:PUT"], On::ApiTags),
    Row("apigateway:UpdateRestApi", APPLY, &["apigateway:PATCH"], On::Apis),
    Row("apigateway:PutRestApi", APPLY, &["apigateway:PUT"], On::Apis),
    Row("apigateway:UpdateAuthorizer", APPLY, &["apigateway:PATCH"], On::Apis),
    Row("apigateway:CreateDeployment", APPLY, &["apigateway:POST"], On::Apis),
    Row("apigateway:CreateStage", APPLY, &["apigateway:POST"], On::Apis),
    Row("apigateway:CreateStage", APPLY, &["apigateway:PUT"], On::ApiTags),
    Row("apigateway:UpdateStage", APPLY, &["apigateway:PATCH"], On::Apis),
    Row("apigateway:DeleteStage", APPLY, &["apigateway:DELETE"], On::Apis),
    Row("apigateway:DeleteRestApi", APPLY, &["apigateway:DELETE"], On::Apis),
    Row("apigateway:TagResource", APPLY, &["apigateway:PUT"], On::ApiTags),
    // The thing itself is asked about too (AGW-69).
    Row("apigateway:TagResource", APPLY, &["apigateway:PATCH"], On::Apis),
    Row("apigateway:UntagResource", APPLY, &["apigateway:DELETE"], On::ApiTags),
    Row("apigateway:UntagResource", APPLY, &["apigateway:PATCH"], On::Apis),

    Row("ssm:GetParameter", APPLY, &["ssm:GetParameter"], On::Lock),
    Row("ssm:PutParameter", APPLY, &["ssm:PutParameter", "ssm:AddTagsToResource"], On::Lock),
    Row("ssm:DeleteParameter", APPLY, &["ssm:DeleteParameter"], On::Lock),
];

/// The IAM actions that an operation needs.
pub fn actions(operation: &str) -> BTreeSet<&'static str> {
    let rows = TABLE.iter().filter(|Row(of, ..)| *of == operation);
    rows.flat_map(|Row(_, _, actions, _)| actions.iter().copied()).collect()
}

/// The policy for a purpose, one statement for each kind of thing. With a boundary no role can be made or widened
/// that does not have it, and it can't be removed.
pub fn policy(purpose: Purpose, stack: &Stack, account: &Account, boundary: Option<&PolicyArn>) -> Value {
    let is_needed = |operation: &str| match operation {
        "iam:PutRolePermissionsBoundary" => boundary.is_some(),
        "iam:DeleteRolePermissionsBoundary" => boundary.is_none(),
        _ => true,
    };
    let mut allowed: BTreeMap<On, BTreeSet<&str>> = BTreeMap::new();
    for Row(operation, purposes, actions, on) in TABLE {
        if purposes.contains(&purpose) && is_needed(operation) {
            allowed.entry(*on).or_default().extend(*actions);
        }
    }
    let statements = allowed.iter().filter_map(|(on, actions)| {
        let resources = resources(*on, stack, account);
        if resources.is_empty() {
            return None;
        }
        let mut statement = json!({ "Sid": format!("{on:?}"), "Effect": "Allow", "Action": actions });
        // What is being made has no ARN yet: the request names `*`, which no existing pool's ARN is.
        statement[if *on == On::NewPools { "NotResource" } else { "Resource" }] = json!(resources);
        if let Some((key, value)) = condition(*on, stack, boundary) {
            statement["Condition"] = json!({ "StringEquals": { key: value } });
        }
        Some(statement)
    });
    json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() })
}

/// The trust policy of a role for the jobs of a GitHub repository's branch.
pub fn github_trust(account: &Account, repository: &str, branch: &str) -> Value {
    const ISSUER: &str = "token.actions.githubusercontent.com";
    let Account { id, partition, .. } = account;
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": format!("arn:{partition}:iam::{id}:oidc-provider/{ISSUER}") },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": {
                format!("{ISSUER}:aud"): "sts.amazonaws.com",
                format!("{ISSUER}:sub"): format!("repo:{repository}:ref:refs/heads/{branch}"),
            } },
        }],
    })
}

/// The key of a condition, and the value that it must have.
fn condition(on: On, stack: &Stack, boundary: Option<&PolicyArn>) -> Option<(String, String)> {
    let tag = |of: &str| Some((format!("aws:{of}/{}", tags::STACK), stack.name.to_string()));
    match on {
        // Named so in every partition, we think.
        On::RolesForLambda => Some(("iam:PassedToService".to_owned(), "lambda.amazonaws.com".to_owned())),
        On::WideningRoles => boundary.map(|it| ("iam:PermissionsBoundary".to_owned(), it.to_string())),
        On::NewPools | On::NewApis => tag("RequestTag"),
        On::Pools | On::Apis => tag("ResourceTag"),
        On::Anything
        | On::Buckets
        | On::Objects
        | On::AnyObjects
        | On::RolesAnywhere
        | On::Roles
        | On::Functions
        | On::LogGroups
        | On::AnyPools
        | On::ApiList
        | On::ApiTags
        | On::Lock => None,
    }
}

/// What begins with the stack's name, which what the file does not want any more does too, and what the file names
/// otherwise.
fn resources(on: On, stack: &Stack, account: &Account) -> BTreeSet<String> {
    let Account { id, partition, region, .. } = account;
    let arn = |service: &str, rest: &str| format!("arn:{partition}:{service}:{region}:{id}:{rest}");
    let in_iam = |rest: String| format!("arn:{partition}:iam::{id}:{rest}");
    let in_api_gateway = |path: &str| format!("arn:{partition}:apigateway:{region}::{path}");
    let path = account.role_path();
    let prefix = format!("{}-", stack.name);
    let with_prefix = |named: BTreeSet<String>| {
        let mut all: BTreeSet<String> = named.into_iter().filter(|it| !it.starts_with(&prefix)).collect();
        all.insert(format!("{prefix}*"));
        all
    };
    let functions = || {
        let names = stack.functions.iter().map(|(name, it)| account.function_name(name, it));
        with_prefix(names.collect())
    };
    match on {
        On::Anything => BTreeSet::from(["*".to_owned()]),
        On::Buckets => {
            let names = stack.buckets.iter().map(|(name, it)| account.bucket_name(name, it));
            with_prefix(names.collect()).iter().map(|it| account.bucket_arn(it).0).collect()
        }
        On::AnyObjects => {
            let names = stack.buckets.iter().map(|(name, it)| account.bucket_name(name, it));
            names.map(|it| format!("{}/*", account.bucket_arn(&it))).collect()
        }
        On::Objects => stack
            .buckets
            .iter()
            .filter(|(_, it)| it.on_destroy == OnDestroy::Empty)
            .map(|(name, it)| format!("{}/*", account.bucket_arn(&account.bucket_name(name, it))))
            .collect(),
        On::RolesAnywhere => {
            let names = stack.functions.iter().map(|(name, it)| account.function_name(name, it));
            let names = with_prefix(names.map(|it| account.role_name(&it)).collect());
            let any_path = |it: &String| [in_iam(format!("role/{it}")), in_iam(format!("role/*/{it}"))];
            names.iter().flat_map(any_path).chain(resources(On::Roles, stack, account)).collect()
        }
        On::Roles => {
            // Those that earlier versions made are deleted.
            let earlier = role_path_without_region(&stack.name);
            let mut all: BTreeSet<String> =
                functions().iter().map(|it| in_iam(format!("role{earlier}{it}"))).collect();
            all.insert(in_iam(format!("role{path}*")));
            all
        }
        On::WideningRoles | On::RolesForLambda => BTreeSet::from([in_iam(format!("role{path}*"))]),
        On::Functions => functions().iter().map(|it| account.function_arn(it).0).collect(),
        // Some actions are asked about the group's streams (LOG-05).
        On::LogGroups => functions()
            .iter()
            .flat_map(|it| {
                let group = account.log_group_arn(&log_group_name(it)).0;
                let streams = (!it.ends_with('*')).then(|| format!("{group}:*"));
                [Some(group), streams]
            })
            .flatten()
            .collect(),
        On::AnyPools | On::NewPools | On::Pools => BTreeSet::from([arn("cognito-idp", "userpool/*")]),
        On::ApiList | On::NewApis => BTreeSet::from([in_api_gateway("/restapis")]),
        On::Apis => BTreeSet::from([in_api_gateway("/restapis/*")]),
        // The ARN of an API, percent-encoded (AGW-68).
        On::ApiTags => BTreeSet::from([in_api_gateway("/tags/*restapis*")]),
        On::Lock => BTreeSet::from([arn("ssm", &format!("parameter{}", account.lock_name()))]),
    }
}

#[cfg(test)]
mod tests;
