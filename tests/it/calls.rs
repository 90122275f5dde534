//! How many requests each command sends, and how many of them one after the other: exact, whatever the machine.

use expect_test::{Expect, expect};
use libtest_mimic::Trial;
use serde_json::json;
use stackctl_bench::{calls::Calls, waves};

use crate::{
    program::{WorkingCopy, said},
    strict::Strict,
};

const STACK: &str = r#"
stack: NAME
region: eu-west-1
buckets:
  uploads:
    cors:
      origins: [http://localhost:5173]
functions:
  presign:
    package: tiny
    environment: { URL_EXPIRES: 10s }
    buckets:
      uploads: [put]
user_pools:
  users:
    clients: { web: {} }
apis:
  uploads:
    cors:
      origins: [http://localhost:5173]
    authorizer: users
    routes:
      GET /: presign
"#;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("calls::of_each_command", || {
        let cloud = Strict::borrow();
        let copy = cloud.working_copy("calls", STACK).with_tiny_package();
        let check = |command: &[&str], expected: Expect| {
            expected.assert_eq(&calls(&cloud, &copy, command).to_string())
        };
        let apply = &["apply", "--yes"][..];
        let file = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();

        // First apply.
        check(
            apply,
            expect![[r#"
            35 requests in 10 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 iam:GetRole lambda:GetFunction lambda:GetPolicy
            3 ssm:PutParameter
            4 apigateway:CreateRestApi cognito-idp:ListUserPools iam:CreateRole logs:CreateLogGroup s3:CreateBucket
            5 cognito-idp:CreateUserPool iam:PutRolePolicy lambda:CreateFunction logs:PutRetentionPolicy s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            6 apigateway:PutRestApi cognito-idp:CreateUserPoolClient lambda:AddPermission s3:PutBucketPolicy
            7 apigateway:CreateDeployment lambda:GetFunction s3:PutBucketCors
            8 apigateway:CreateStage
            9 apigateway:UpdateStage
            10 ssm:DeleteParameter
        "#]],
        );
        // Nothing to do.
        check(
            apply,
            expect![[r#"
            26 requests in 3 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetFunction lambda:GetPolicy logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            3 cognito-idp:DescribeUserPoolClient
        "#]],
        );
        check(
            &["plan"],
            expect![[r#"
            26 requests in 3 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetFunction lambda:GetPolicy logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            3 cognito-idp:DescribeUserPoolClient
        "#]],
        );
        check(
            &["outputs"],
            expect![[r#"
            26 requests in 3 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetFunction lambda:GetPolicy logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            3 cognito-idp:DescribeUserPoolClient
        "#]],
        );
        // One CORS origin changed, of the bucket and the API.
        copy.write(&file.replace("localhost:5173", "localhost:3000"));
        check(
            apply,
            expect![[r#"
            32 requests in 8 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetFunction lambda:GetPolicy logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            3 cognito-idp:DescribeUserPoolClient
            4 ssm:PutParameter
            5 apigateway:PutRestApi s3:PutBucketCors
            6 apigateway:CreateDeployment
            7 apigateway:UpdateStage
            8 ssm:DeleteParameter
        "#]],
        );
        // One route added.
        let file = file.replace("localhost:5173", "localhost:3000") + "      POST /: presign\n";
        copy.write(&file);
        check(
            apply,
            expect![[r#"
            31 requests in 8 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetFunction lambda:GetPolicy logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            3 cognito-idp:DescribeUserPoolClient
            4 ssm:PutParameter
            5 apigateway:PutRestApi
            6 apigateway:CreateDeployment
            7 apigateway:UpdateStage
            8 ssm:DeleteParameter
        "#]],
        );
        // Only the code changed.
        std::fs::write(copy.folder.join("src/main.rs"), "fn main() { println!() }\n").unwrap();
        check(
            apply,
            expect![[r#"
            30 requests in 7 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetFunction lambda:GetPolicy logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            3 cognito-idp:DescribeUserPoolClient
            4 ssm:PutParameter
            5 lambda:UpdateFunctionCode
            6 lambda:GetFunction
            7 ssm:DeleteParameter
        "#]],
        );
        check(
            &["destroy", "--yes"],
            expect![[r#"
            40 requests in 9 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:ListRoles logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetFunction lambda:GetPolicy logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetPublicAccessBlock
            3 cognito-idp:DescribeUserPoolClient
            4 cognito-idp:ListUsers s3:ListMultipartUploads s3:ListObjectVersions
            5 ssm:PutParameter
            6 apigateway:DeleteRestApi cognito-idp:DeleteUserPoolClient lambda:DeleteFunction s3:DeleteBucket
            7 cognito-idp:UpdateUserPool iam:DeleteRolePolicy logs:DeleteLogGroup
            8 cognito-idp:DeleteUserPool iam:DeleteRole
            9 ssm:DeleteParameter
        "#]],
        );
        cloud.assert_nothing_left(&copy);
        Ok(())
    })]
}

/// What a command sends, when each wave of requests is answered only after the whole of it was sent.
fn calls(cloud: &Strict, copy: &WorkingCopy, command: &[&str]) -> Calls {
    cloud.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "waves": true }));
    let before = cloud.requests_so_far();
    let said = said(waves::run(&mut copy.command(command), &cloud.url).unwrap());
    assert_eq!(said.code, 0, "{command:?}\n{}\n{}", said.stdout, said.stderr);
    cloud.faults(json!([]));
    Calls::since(&cloud.request_log(), before).without_second_look()
}
