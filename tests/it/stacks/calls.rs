//! How many requests each command sends, and how many of them one after the other: exact on any machine.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use libtest_mimic::Trial;
use serde_json::json;
use stackctl_bench::{
    calls::Calls,
    scale,
    stack::{bound, command::Command},
    waves,
};

use crate::{
    harness::{
        program::{WorkingCopy, said},
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::STACK,
};

pub fn trials() -> Vec<Trial> {
    let of_each_command = trial("calls::of_each_command", || {
        let cloud = Strict::borrow();
        let copy = cloud.working_copy("calls", STACK).with_tiny_package();
        let run = |command: Command| {
            let calls = calls(&cloud, &copy, command.arguments());
            assert!(calls.chain() >= bound::chain(command), "the bound of {} is none", command.name());
            calls
        };
        let check = |command: Command, expected: Expect| {
            let calls = run(command);
            expected.assert_eq(&calls.to_string());
            calls
        };
        let file = std::fs::read_to_string(copy.folder.join("stack.yaml")).unwrap();

        check(
            Command::FirstApply,
            expect![[r#"
                29 requests in 8 waves
                1 apigateway:GetRestApis cognito-idp:ListUserPools iam:GetRole iam:ListRoles lambda:GetFunction logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
                2 ssm:PutParameter
                3 apigateway:CreateRestApi cognito-idp:CreateUserPool iam:CreateRole logs:CreateLogGroup s3:CreateBucket
                4 apigateway:PutRestApi cognito-idp:CreateUserPoolClient iam:PutRolePolicy lambda:CreateFunction logs:PutRetentionPolicy s3:GetBucketEncryption s3:GetPublicAccessBlock
                5 apigateway:CreateDeployment lambda:AddPermission s3:PutBucketPolicy
                6 apigateway:CreateStage s3:PutBucketCors
                7 apigateway:UpdateStage s3:PutBucketLifecycleConfiguration
                8 ssm:DeleteParameter
            "#]],
        );
        let look = check(
            Command::Nothing,
            expect![[r#"
                33 requests in 3 waves
                1 apigateway:GetRestApis cognito-idp:ListUserPools iam:GetRole iam:ListRoles lambda:GetFunction logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
                2 apigateway:GetAuthorizers apigateway:GetGatewayResponses apigateway:GetResources apigateway:GetStages cognito-idp:DescribeUserPool cognito-idp:ListIdentityProviders cognito-idp:ListUserPoolClients iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies lambda:GetPolicy lambda:ListEventSourceMappings lambda:ListFunctionUrlConfigs logs:ListTagsForResource s3:GetBucketCors s3:GetBucketEncryption s3:GetBucketLifecycleConfiguration s3:GetBucketNotificationConfiguration s3:GetBucketOwnershipControls s3:GetBucketPolicy s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite s3:GetPublicAccessBlock
                3 cognito-idp:DescribeUserPoolClient
            "#]],
        );
        let beyond = |command: Command, expected: Expect| {
            let calls = run(command);
            let beyond = calls.beyond(&look).unwrap_or_else(|| panic!("no look comes first: {calls}"));
            expected.assert_eq(&beyond);
        };
        beyond(
            Command::Plan,
            expect![[r#"
            look + 0 requests in 3 waves
        "#]],
        );
        check(
            Command::Outputs,
            expect![[r#"
                7 requests in 2 waves
                1 apigateway:GetRestApis cognito-idp:ListUserPools s3:ListBuckets sts:GetCallerIdentity
                2 cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients s3:GetBucketTagging
            "#]],
        );
        copy.write(&file.replace("localhost:5173", "localhost:4173"));
        beyond(
            Command::Cors,
            expect![[r#"
            look + 6 requests in 8 waves
            4 ssm:PutParameter
            5 apigateway:PutRestApi s3:PutBucketCors
            6 apigateway:CreateDeployment
            7 apigateway:UpdateStage
            8 ssm:DeleteParameter
        "#]],
        );
        copy.write(&(file.replace("localhost:5173", "localhost:4173") + "      POST /: presign\n"));
        beyond(
            Command::Route,
            expect![[r#"
            look + 5 requests in 8 waves
            4 ssm:PutParameter
            5 apigateway:PutRestApi
            6 apigateway:CreateDeployment
            7 apigateway:UpdateStage
            8 ssm:DeleteParameter
        "#]],
        );
        std::fs::write(copy.folder.join("src/main.rs"), "fn main() { println!() }\n").unwrap();
        beyond(
            Command::Code,
            expect![[r#"
            look + 3 requests in 6 waves
            4 ssm:PutParameter
            5 lambda:UpdateFunctionCode
            6 ssm:DeleteParameter
        "#]],
        );
        check(
            Command::Destroy,
            expect![[r#"
            27 requests in 7 waves
            1 apigateway:GetRestApis cognito-idp:ListUserPools iam:GetRole iam:ListRoles lambda:GetFunction logs:DescribeLogGroups s3:ListBuckets sts:GetCallerIdentity
            2 cognito-idp:DescribeUserPool cognito-idp:ListUserPoolClients iam:ListAttachedRolePolicies iam:ListRolePolicies logs:ListTagsForResource s3:GetBucketTagging
            3 cognito-idp:ListUsers s3:ListMultipartUploads s3:ListObjectVersions
            4 ssm:PutParameter
            5 apigateway:DeleteRestApi cognito-idp:UpdateUserPool iam:DeleteRolePolicy lambda:DeleteFunction s3:DeleteBucket
            6 cognito-idp:DeleteUserPool iam:DeleteRole logs:DeleteLogGroup
            7 ssm:DeleteParameter
        "#]],
        );
        cloud.assert_nothing_left(&copy);
    });
    let as_a_stack_grows = trial("calls::as_a_stack_grows", || {
        let cloud = Strict::borrow();
        let one = first_and_second_apply(&cloud, 1, 1);
        assert_eq!(first_and_second_apply(&cloud, 1, 100), one, "routes cost no request");
        let (four, ten) = (first_and_second_apply(&cloud, 4, 4), first_and_second_apply(&cloud, 10, 10));
        for (operation, count) in &ten {
            let [one, four] = [&one, &four].map(|it| it.get(operation).copied().unwrap_or_default());
            assert_eq!(
                count - one,
                3 * (four - one),
                "{operation}: {one}, {four} and {count} for 1, 4 and 10"
            );
            assert!(
                !operation.starts_with("apigateway:") || *count == one,
                "{operation}: functions cost none"
            );
        }
    });
    vec![of_each_command, as_a_stack_grows]
}

/// How many of each operation it takes to make a stack of so many functions and routes, and to see that it is made.
fn first_and_second_apply(cloud: &Strict, functions: usize, routes: usize) -> BTreeMap<String, usize> {
    let copy = cloud.working_copy("grows", &scale::stack("NAME", functions, routes, "tiny"));
    let copy = copy.with_tiny_package();
    let mut all = BTreeMap::new();
    for _ in 0..2 {
        for (operation, count) in calls(cloud, &copy, Command::Nothing.arguments()).by_operation() {
            *all.entry(operation.to_owned()).or_default() += count;
        }
    }
    copy.succeed(&["destroy", "--yes"]);
    all
}

/// The requests of a command, when each wave is answered only after the whole of it was sent.
fn calls(cloud: &Strict, copy: &WorkingCopy, command: &[&str]) -> Calls {
    cloud.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "waves": true }));
    let before = cloud.requests_so_far();
    let said = said(waves::run(&mut copy.command(command), &cloud.url).unwrap());
    assert_eq!(said.code, 0, "{command:?}\n{}\n{}", said.stdout, said.stderr);
    cloud.faults(json!([]));
    Calls::since(&cloud.request_log(), before).at_any_speed()
}
