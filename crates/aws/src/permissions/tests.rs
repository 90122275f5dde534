//! The table is whole, and what follows from it.

use std::{collections::BTreeSet, fs, path::Path};

use expect_test::{Expect, expect};
use stackctl_stackfile::stack::Stack;

use super::*;

const STACK: &str = r#"
stack: demo
region: eu-west-1
buckets:
  uploads: { on_destroy: empty }
  pictures: { name: holiday.example }
functions:
  presign: { package: presign, buckets: { uploads: [put] } }
  other: { package: presign, name: resize }
"#;

fn stack(text: &str) -> Stack {
    let Ok(stack) = stackctl_stackfile::parse(text, None) else {
        panic!("a test's stack.yaml is wrong:\n{text}")
    };
    stack
}

fn of(purpose: Purpose, text: &str) -> Value {
    let stack = stack(text);
    let account = Account::offline(&stack, "123456789012".to_owned());
    policy(purpose, &stack, &account, stack.boundary.as_ref())
}

/// Sid: actions on resources, and the condition.
fn check(purpose: Purpose, expected: Expect) {
    let policy = of(purpose, STACK);
    let list = |value: &Value| {
        let all = value.as_array().unwrap().iter();
        all.map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n  ")
    };
    let statements = policy["Statement"].as_array().unwrap().iter();
    let lines = statements.map(|it| {
        let (on, resources) = match it.get("Resource") {
            Some(resources) => ("on", resources),
            None => ("not on", &it["NotResource"]),
        };
        let condition = it.get("Condition").map(|it| format!("  if\n  {it}\n")).unwrap_or_default();
        format!(
            "{}\n  {}\n  {on}\n  {}\n{condition}",
            it["Sid"].as_str().unwrap(),
            list(&it["Action"]),
            list(resources),
        )
    });
    expected.assert_eq(&lines.collect::<String>());
}

/// The names of operations in the sources of this crate: what is written like `s3:CreateBucket` in a call of `wait`.
fn sent() -> BTreeSet<String> {
    fn sources(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    // Whoever sends something names it first; whoever only waits does not.
    let calls = text.split("wait::").skip(1).filter_map(|rest| rest.split_once('('));
    let names = calls.filter_map(|(_, rest)| rest.trim_start().strip_prefix('"')?.split('"').next());
    let names = names.filter(|it| it.contains(':') && !it.contains(' ')).map(str::to_owned);
    names.collect()
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let rows: BTreeSet<String> = TABLE.iter().map(|Row(operation, ..)| (*operation).to_owned()).collect();
    assert_eq!(sent(), rows);
}

#[test]
fn what_writes_is_for_apply_and_user_alone() {
    for Row(operation, purposes, ..) in TABLE {
        let name = operation.split(':').nth(1).unwrap();
        let reads = ["Get", "List", "Describe"].iter().any(|it| name.starts_with(it));
        let may_be_read = purposes.contains(&Purpose::Plan) || purposes.contains(&Purpose::Outputs);
        assert!(reads || !may_be_read, "{operation}");
    }
}

#[test]
fn a_policy_fits_into_a_managed_one() {
    // 6,144 characters without white space, says the table of quotas that IAM-14 comes from.
    assert!(of(Purpose::Apply, STACK).to_string().len() < 6_144);
}

#[test]
fn to_read_outputs() {
    check(
        Purpose::Outputs,
        expect![[r#"
            Anything
              cognito-idp:ListUserPools
              s3:ListAllMyBuckets
              sts:GetCallerIdentity
              on
              *
            Buckets
              s3:GetBucketTagging
              on
              arn:aws:s3:::demo-*
              arn:aws:s3:::holiday.example
            AnyPools
              cognito-idp:DescribeUserPool
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
            Pools
              cognito-idp:ListUserPoolClients
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
              if
              {"StringEquals":{"aws:ResourceTag/stackctl:stack":"demo"}}
            ApiList
              apigateway:GET
              on
              arn:aws:apigateway:eu-west-1::/restapis
        "#]],
    );
}

#[test]
fn to_apply() {
    check(
        Purpose::Apply,
        expect![[r#"
            Anything
              cognito-idp:ListUserPools
              iam:ListRoles
              lambda:ListEventSourceMappings
              logs:DescribeLogGroups
              s3:ListAllMyBuckets
              sts:GetCallerIdentity
              on
              *
            Buckets
              s3:CreateBucket
              s3:DeleteBucket
              s3:GetBucketCORS
              s3:GetBucketNotification
              s3:GetBucketOwnershipControls
              s3:GetBucketPolicy
              s3:GetBucketPublicAccessBlock
              s3:GetBucketTagging
              s3:GetBucketVersioning
              s3:GetBucketWebsite
              s3:GetEncryptionConfiguration
              s3:GetLifecycleConfiguration
              s3:GetReplicationConfiguration
              s3:ListBucketMultipartUploads
              s3:ListBucketVersions
              s3:PutBucketAcl
              s3:PutBucketCORS
              s3:PutBucketOwnershipControls
              s3:PutBucketPolicy
              s3:PutBucketPublicAccessBlock
              s3:PutBucketTagging
              s3:PutEncryptionConfiguration
              s3:TagResource
              on
              arn:aws:s3:::demo-*
              arn:aws:s3:::holiday.example
            Objects
              s3:AbortMultipartUpload
              s3:DeleteObject
              s3:DeleteObjectVersion
              on
              arn:aws:s3:::demo-uploads-123456789012-eu-west-1/*
            RolesAnywhere
              iam:GetRole
              iam:GetRolePolicy
              iam:ListAttachedRolePolicies
              iam:ListRolePolicies
              on
              arn:aws:iam::123456789012:role/*/demo-*
              arn:aws:iam::123456789012:role/*/resize-eu-west-1
              arn:aws:iam::123456789012:role/demo-*
              arn:aws:iam::123456789012:role/resize-eu-west-1
              arn:aws:iam::123456789012:role/stackctl/demo/demo-*
              arn:aws:iam::123456789012:role/stackctl/demo/eu-west-1/*
              arn:aws:iam::123456789012:role/stackctl/demo/resize
            Roles
              iam:DeleteRole
              iam:DeleteRolePermissionsBoundary
              iam:DeleteRolePolicy
              iam:DetachRolePolicy
              iam:TagRole
              iam:UntagRole
              on
              arn:aws:iam::123456789012:role/stackctl/demo/demo-*
              arn:aws:iam::123456789012:role/stackctl/demo/eu-west-1/*
              arn:aws:iam::123456789012:role/stackctl/demo/resize
            WideningRoles
              iam:CreateRole
              iam:PutRolePolicy
              iam:UpdateAssumeRolePolicy
              on
              arn:aws:iam::123456789012:role/stackctl/demo/eu-west-1/*
            RolesForLambda
              iam:PassRole
              on
              arn:aws:iam::123456789012:role/stackctl/demo/eu-west-1/*
              if
              {"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}
            Functions
              lambda:AddPermission
              lambda:CreateFunction
              lambda:DeleteFunction
              lambda:GetFunction
              lambda:GetPolicy
              lambda:ListFunctionUrlConfigs
              lambda:ListTags
              lambda:RemovePermission
              lambda:TagResource
              lambda:UntagResource
              lambda:UpdateFunctionCode
              lambda:UpdateFunctionConfiguration
              on
              arn:aws:lambda:eu-west-1:123456789012:function:demo-*
              arn:aws:lambda:eu-west-1:123456789012:function:resize
            LogGroups
              logs:CreateLogGroup
              logs:DeleteLogGroup
              logs:ListTagsForResource
              logs:PutRetentionPolicy
              logs:TagResource
              logs:UntagResource
              on
              arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/demo-*
              arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/resize
              arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/resize:*
            AnyPools
              cognito-idp:DescribeUserPool
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
            NewPools
              cognito-idp:CreateUserPool
              cognito-idp:TagResource
              not on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
              if
              {"StringEquals":{"aws:RequestTag/stackctl:stack":"demo"}}
            Pools
              cognito-idp:CreateUserPoolClient
              cognito-idp:DeleteUserPool
              cognito-idp:DeleteUserPoolClient
              cognito-idp:DescribeUserPoolClient
              cognito-idp:ListIdentityProviders
              cognito-idp:ListUserPoolClients
              cognito-idp:ListUsers
              cognito-idp:TagResource
              cognito-idp:UntagResource
              cognito-idp:UpdateUserPool
              cognito-idp:UpdateUserPoolClient
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
              if
              {"StringEquals":{"aws:ResourceTag/stackctl:stack":"demo"}}
            ApiList
              apigateway:GET
              on
              arn:aws:apigateway:eu-west-1::/restapis
            NewApis
              apigateway:POST
              on
              arn:aws:apigateway:eu-west-1::/restapis
              if
              {"StringEquals":{"aws:RequestTag/stackctl:stack":"demo"}}
            Apis
              apigateway:DELETE
              apigateway:GET
              apigateway:PATCH
              apigateway:POST
              apigateway:PUT
              on
              arn:aws:apigateway:eu-west-1::/restapis/*
              if
              {"StringEquals":{"aws:ResourceTag/stackctl:stack":"demo"}}
            ApiTags
              apigateway:DELETE
              apigateway:PUT
              on
              arn:aws:apigateway:eu-west-1::/tags/*restapis*
            Lock
              ssm:AddTagsToResource
              ssm:DeleteParameter
              ssm:GetParameter
              ssm:PutParameter
              on
              arn:aws:ssm:eu-west-1:123456789012:parameter/stackctl/demo/lock
        "#]],
    );
}

#[test]
fn without_objects_to_delete_nothing_may_be_deleted() {
    let policy = of(Purpose::Apply, "stack: demo\nregion: eu-west-1\nbuckets: { uploads: {} }\n").to_string();
    assert!(!policy.contains("s3:DeleteObject"), "{policy}");
}

#[test]
fn with_a_boundary() {
    let bounded = format!("{STACK}boundary: arn:aws:iam::123456789012:policy/team/boundary\n");
    let policy = of(Purpose::Apply, &bounded);
    assert!(policy.to_string().len() < 6_144, "{}", policy.to_string().len());
    let statements = policy["Statement"].as_array().unwrap();
    let widening = statements.iter().find(|it| it["Sid"] == "WideningRoles").unwrap();
    assert_eq!(
        widening["Condition"],
        json!({ "StringEquals": { "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/team/boundary" } })
    );
    // Only that statement has the actions that create a role or give it more permissions.
    let widens = ["CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy", "UpdateAssumeRolePolicy"];
    assert_eq!(widening["Action"], json!(widens.map(|it| format!("iam:{it}"))));
    let others = statements.iter().filter(|it| it["Sid"] != "WideningRoles").map(Value::to_string);
    let others = others.collect::<String>();
    for action in
        widens.iter().chain(&["DeleteRolePermissionsBoundary", "AttachRolePolicy", "CreatePolicy", "iam:*"])
    {
        assert!(!others.contains(action), "{action}");
    }
}

#[test]
fn roles_are_given_to_lambda_alone() {
    let policy = of(Purpose::Apply, STACK);
    let pass =
        policy["Statement"].as_array().unwrap().iter().find(|it| it["Sid"] == "RolesForLambda").unwrap();
    assert_eq!(pass["Action"], json!(["iam:PassRole"]));
    assert_eq!(
        pass["Condition"],
        json!({ "StringEquals": { "iam:PassedToService": "lambda.amazonaws.com" } })
    );
}

#[test]
fn a_job_of_one_branch_is_trusted() {
    let account = Account::offline(&stack(STACK), "123456789012".to_owned());
    let trust = github_trust(&account, "ada/engine", "main");
    let statement = &trust["Statement"][0];
    assert_eq!(
        statement["Principal"]["Federated"],
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    );
    assert_eq!(
        statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"],
        "repo:ada/engine:ref:refs/heads/main"
    );
}
