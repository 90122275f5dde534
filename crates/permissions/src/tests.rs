//! The table is whole, and what follows from it.

use std::{fs, path::Path};

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

/// The sources below a folder without their tests, and without the tables of operations.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|it| it == "rs")
            && !path.ends_with("tests.rs")
            && !path.ends_with("operations.rs")
        {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_operation_with_a_row_is_sent() {
    let mut text = String::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        let folder = entry.unwrap().path().join("src");
        if folder.exists() {
            sources(&folder, &mut text);
        }
    }
    for operation in operations::all() {
        let mut constant = String::new();
        for (index, letter) in operation.short().char_indices() {
            if letter.is_uppercase() && index > 0 {
                constant.push('_');
            }
            constant.push(letter.to_ascii_uppercase());
        }
        let named = format!("operations::{constant}");
        let is_longer = |rest: &str| rest.starts_with(|it: char| it == '_' || it.is_ascii_uppercase());
        assert!(text.split(&named).skip(1).any(|rest| !is_longer(rest)), "{} is not sent", operation.name);
    }
}

#[test]
fn what_writes_is_for_apply_and_user_alone() {
    for operation in operations::all() {
        let reads = ["Get", "List", "Describe", "Head", "Simulate"]
            .iter()
            .any(|it| operation.short().starts_with(it));
        let mut purposes = operation.permissions.iter().flat_map(|it| it.purposes);
        let may_be_read = purposes.any(|it| [Purpose::Plan, Purpose::Outputs].contains(it));
        assert!(reads || !may_be_read, "{}", operation.name);
    }
}

#[test]
fn a_policy_fits_into_a_managed_one() {
    // 6,144 characters without white space, says the table of quotas that IAM-14 comes from.
    assert!(of(Purpose::Apply, STACK).to_string().len() < 6_144);
}

#[test]
fn resources_of_others_are_only_read() {
    let text = "
stack: demo
region: eu-west-1
buckets: { photos: { existing: legacy-photos } }
functions: { f: { package: f, role: { existing: legacy-role } }, g: { existing: legacy-g } }
user_pools: { p: { existing: eu-west-1_legacy, clients: { c: { existing: legacy } } } }
";
    const READS: &[&str] = &[
        "cognito-idp:DescribeUserPoolClient",
        "iam:GetRole",
        "iam:SimulatePrincipalPolicy",
        "lambda:GetFunction",
        "lambda:GetPolicy",
        "s3:GetBucketCORS",
        "s3:ListBucket",
    ];
    for purpose in [Purpose::Apply, Purpose::Plan, Purpose::Outputs] {
        let policy = of(purpose, text);
        let statements = policy["Statement"].as_array().unwrap().iter();
        let theirs = statements.filter(|it| it["Resource"].to_string().contains("legacy"));
        let actions: BTreeSet<&str> =
            theirs.flat_map(|it| it["Action"].as_array().unwrap()).filter_map(Value::as_str).collect();
        let expected: &[&str] = match purpose {
            Purpose::Outputs => &[],
            Purpose::Plan => READS,
            _ => &[READS, &["iam:PassRole"]].concat(),
        };
        assert_eq!(actions, expected.iter().copied().collect(), "{purpose:?}");
    }
}

#[test]
fn to_read_outputs() {
    check(
        Purpose::Outputs,
        expect![[r#"
            AnyPools
              cognito-idp:DescribeUserPool
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
            Anything
              cognito-idp:ListUserPools
              s3:ListAllMyBuckets
              sts:GetCallerIdentity
              on
              *
            ApiList
              apigateway:GET
              on
              arn:aws:apigateway:eu-west-1::/restapis
            Buckets
              s3:GetBucketTagging
              on
              arn:aws:s3:::demo-*
              arn:aws:s3:::holiday.example
            Pools
              cognito-idp:ListGroups
              cognito-idp:ListUserPoolClients
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
              if
              {"StringEquals":{"aws:ResourceTag/stackctl:stack":"demo"}}
        "#]],
    );
}

/// What is adopted has no tag of the stack yet, so no condition asks for one; nothing but tags and the lock is written.
#[test]
fn to_adopt() {
    check(
        Purpose::Adopt,
        expect![[r#"
            AnyPools
              cognito-idp:DescribeUserPool
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
            Anything
              cognito-idp:ListUserPools
              iam:ListRoles
              lambda:ListEventSourceMappings
              logs:DescribeLogGroups
              s3:ListAllMyBuckets
              sts:GetCallerIdentity
              on
              *
            ApiList
              apigateway:GET
              on
              arn:aws:apigateway:eu-west-1::/restapis
            ApiTags
              apigateway:DELETE
              apigateway:PUT
              on
              arn:aws:apigateway:eu-west-1::/tags/*restapis*
            Apis
              apigateway:GET
              apigateway:PATCH
              on
              arn:aws:apigateway:eu-west-1::/restapis/*
            Buckets
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
              s3:PutBucketTagging
              on
              arn:aws:s3:::demo-*
              arn:aws:s3:::holiday.example
            Functions
              lambda:GetFunction
              lambda:GetFunctionEventInvokeConfig
              lambda:GetPolicy
              lambda:ListFunctionUrlConfigs
              lambda:ListTags
              lambda:TagResource
              lambda:UntagResource
              on
              arn:aws:lambda:eu-west-1:123456789012:function:demo-*
              arn:aws:lambda:eu-west-1:123456789012:function:resize
            Lock
              ssm:AddTagsToResource
              ssm:DeleteParameter
              ssm:GetParameter
              ssm:PutParameter
              on
              arn:aws:ssm:eu-west-1:123456789012:parameter/stackctl/demo/lock
            LogGroups
              logs:ListTagsForResource
              logs:TagResource
              logs:UntagResource
              on
              arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/demo-*
              arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/resize
              arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/resize:*
            Pools
              cognito-idp:DescribeUserPoolClient
              cognito-idp:ListGroups
              cognito-idp:ListIdentityProviders
              cognito-idp:ListUserPoolClients
              cognito-idp:TagResource
              cognito-idp:UntagResource
              cognito-idp:UpdateGroup
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
            RolesAnywhere
              iam:GetRole
              iam:GetRolePolicy
              iam:ListAttachedRolePolicies
              iam:ListRolePolicies
              iam:TagRole
              iam:UntagRole
              on
              arn:aws:iam::123456789012:role/*/demo-*
              arn:aws:iam::123456789012:role/*/resize-eu-west-1
              arn:aws:iam::123456789012:role/demo-*
              arn:aws:iam::123456789012:role/resize-eu-west-1
              arn:aws:iam::123456789012:role/stackctl/demo/demo-*
              arn:aws:iam::123456789012:role/stackctl/demo/eu-west-1/*
              arn:aws:iam::123456789012:role/stackctl/demo/resize
        "#]],
    );
}

#[test]
fn to_apply() {
    check(
        Purpose::Apply,
        expect![[r#"
            AnyPools
              cognito-idp:DescribeUserPool
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
            Anything
              cognito-idp:ListUserPools
              iam:ListRoles
              lambda:ListEventSourceMappings
              logs:DescribeLogGroups
              s3:ListAllMyBuckets
              sts:GetCallerIdentity
              on
              *
            ApiList
              apigateway:GET
              on
              arn:aws:apigateway:eu-west-1::/restapis
            ApiTags
              apigateway:DELETE
              apigateway:PUT
              on
              arn:aws:apigateway:eu-west-1::/tags/*restapis*
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
              s3:PutBucketNotification
              s3:PutBucketOwnershipControls
              s3:PutBucketPolicy
              s3:PutBucketPublicAccessBlock
              s3:PutBucketTagging
              s3:PutEncryptionConfiguration
              s3:PutLifecycleConfiguration
              s3:TagResource
              on
              arn:aws:s3:::demo-*
              arn:aws:s3:::holiday.example
            Functions
              lambda:AddPermission
              lambda:CreateFunction
              lambda:DeleteFunction
              lambda:DeleteFunctionEventInvokeConfig
              lambda:GetFunction
              lambda:GetFunctionEventInvokeConfig
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
            Lock
              ssm:AddTagsToResource
              ssm:DeleteParameter
              ssm:GetParameter
              ssm:PutParameter
              on
              arn:aws:ssm:eu-west-1:123456789012:parameter/stackctl/demo/lock
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
            NewApis
              apigateway:POST
              on
              arn:aws:apigateway:eu-west-1::/restapis
              if
              {"StringEquals":{"aws:RequestTag/stackctl:stack":"demo"}}
            NewPools
              cognito-idp:CreateUserPool
              cognito-idp:TagResource
              not on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
              if
              {"StringEquals":{"aws:RequestTag/stackctl:stack":"demo"}}
            Objects
              s3:AbortMultipartUpload
              s3:DeleteObject
              s3:DeleteObjectVersion
              on
              arn:aws:s3:::demo-uploads-123456789012-eu-west-1/*
            Pools
              cognito-idp:CreateGroup
              cognito-idp:CreateUserPoolClient
              cognito-idp:DeleteGroup
              cognito-idp:DeleteUserPool
              cognito-idp:DeleteUserPoolClient
              cognito-idp:DescribeUserPoolClient
              cognito-idp:ListGroups
              cognito-idp:ListIdentityProviders
              cognito-idp:ListUserPoolClients
              cognito-idp:ListUsers
              cognito-idp:ListUsersInGroup
              cognito-idp:TagResource
              cognito-idp:UntagResource
              cognito-idp:UpdateGroup
              cognito-idp:UpdateUserPool
              cognito-idp:UpdateUserPoolClient
              on
              arn:aws:cognito-idp:eu-west-1:123456789012:userpool/*
              if
              {"StringEquals":{"aws:ResourceTag/stackctl:stack":"demo"}}
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
            RolesForLambda
              iam:PassRole
              on
              arn:aws:iam::123456789012:role/stackctl/demo/eu-west-1/*
              if
              {"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}
            WideningRoles
              iam:CreateRole
              iam:PutRolePolicy
              iam:UpdateAssumeRolePolicy
              on
              arn:aws:iam::123456789012:role/stackctl/demo/eu-west-1/*
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

/// Only the commands about secrets read a secret's value, and only a file with a webhook has secrets.
#[test]
fn secrets_of_webhooks() {
    let on_secrets = |purpose, text: &str| {
        let policy = of(purpose, text);
        let statement = policy["Statement"].as_array().unwrap().iter().find(|it| it["Sid"] == "Secrets");
        statement.map(|it| (it["Action"].clone(), it["Resource"].clone()))
    };
    let with_webhook = STACK.replace("on_destroy: empty", "webhook: { url: https://example.com/hooks }");
    let arn = json!(["arn:aws:ssm:eu-west-1:123456789012:parameter/stackctl/demo/*/webhook"]);
    for (purpose, actions) in [
        (
            Purpose::Apply,
            json!([
                "ssm:AddTagsToResource",
                "ssm:DeleteParameter",
                "ssm:ListTagsForResource",
                "ssm:PutParameter",
                "ssm:RemoveTagsFromResource"
            ]),
        ),
        (Purpose::Plan, json!(["ssm:ListTagsForResource"])),
        (Purpose::Verify, json!(["ssm:ListTagsForResource"])),
        (Purpose::Secret, json!(["ssm:GetParameter", "ssm:ListTagsForResource", "ssm:PutParameter"])),
    ] {
        assert_eq!(on_secrets(purpose, &with_webhook), Some((actions, arn.clone())), "{purpose:?}");
        assert_eq!(on_secrets(purpose, STACK), None, "{purpose:?}");
    }
    for purpose in [Purpose::Outputs, Purpose::User, Purpose::Logs] {
        assert_eq!(on_secrets(purpose, &with_webhook), None, "{purpose:?}");
    }
}
