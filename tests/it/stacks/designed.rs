//! The stack of this repository as AWS has it after an apply: closed, as the design says. AWS is asked, not stackctl.

use std::{collections::BTreeSet, fs, path::Path};

use aws_sdk_apigateway::types::AuthorizerType;
use aws_sdk_cognitoidentityprovider::types as cognito;
use aws_sdk_s3::types::{ObjectOwnership, ServerSideEncryption};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use stackctl_aws_client::clients::Clients;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    trial::trial,
};

const PAGE: &str = "http://localhost:5173";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("designed::the_repositorys_own_stack_is_closed", move || is_closed(cloud))]
}

fn is_closed(cloud: &Cloud) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let yaml = fs::read_to_string(root.join("stack.yaml")).unwrap();
    assert!(yaml.contains("stack: s3-presigned-url\n"));
    let copy = cloud.working_copy("designed", &yaml.replace("stack: s3-presigned-url", "stack: NAME"));
    let plan = copy.succeed(&["plan"]).stdout;
    assert!(!plan.contains("open:"), "{plan}");
    copy.apply();
    let outputs = copy.outputs();
    let aws = console(&copy, &cloud.url);
    let stack = aws.stack.to_string();
    wait_for(async {
        bucket(&aws, outputs["bucket"].as_str().unwrap()).await;
        function(&aws, &format!("{stack}-presign"), outputs["apis"]["uploads"]["id"].as_str().unwrap()).await;
        pool(&aws, outputs["user_pool_id"].as_str().unwrap(), outputs["client_id"].as_str().unwrap()).await;
        api(&aws, outputs["apis"]["uploads"]["id"].as_str().unwrap()).await;
    });
    copy.succeed(&["destroy", "--yes"]);
}

async fn bucket(aws: &Clients, bucket: &str) {
    let block = aws.s3.get_public_access_block().bucket(bucket).send().await.unwrap();
    let block = block.public_access_block_configuration.unwrap();
    let flags = [
        block.block_public_acls,
        block.ignore_public_acls,
        block.block_public_policy,
        block.restrict_public_buckets,
    ];
    assert_eq!(flags, [Some(true); 4]);
    let ownership = aws.s3.get_bucket_ownership_controls().bucket(bucket).send().await.unwrap();
    let rules = ownership.ownership_controls.unwrap().rules;
    let rules: Vec<_> = rules.iter().map(|it| it.object_ownership().clone()).collect();
    assert_eq!(rules, [ObjectOwnership::BucketOwnerEnforced]);
    let encryption = aws.s3.get_bucket_encryption().bucket(bucket).send().await.unwrap();
    let rules = encryption.server_side_encryption_configuration.unwrap().rules;
    let default = rules[0].apply_server_side_encryption_by_default().unwrap();
    assert_eq!(default.sse_algorithm(), &ServerSideEncryption::Aes256);
    let policy = aws.s3.get_bucket_policy().bucket(bucket).send().await.unwrap().policy.unwrap();
    let policy: Value = serde_json::from_str(&policy).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1, "{policy}");
    assert_eq!(statements[0]["Effect"], "Deny");
    assert_eq!(statements[0]["Action"], json!(["s3:*"]));
    assert_eq!(statements[0]["Condition"], json!({ "Bool": { "aws:SecureTransport": ["false"] } }));
    let cors = aws.s3.get_bucket_cors().bucket(bucket).send().await.unwrap();
    assert_eq!(cors.cors_rules().len(), 1);
    assert_eq!(cors.cors_rules()[0].allowed_origins(), [PAGE]);
    assert_eq!(cors.cors_rules()[0].allowed_methods(), ["POST", "PUT"]);
}

async fn function(aws: &Clients, name: &str, api: &str) {
    let group = format!("/aws/lambda/{name}");
    let groups = aws.logs.describe_log_groups().log_group_name_prefix(&group).send().await.unwrap();
    let retention: Vec<_> = groups.log_groups().iter().map(|it| it.retention_in_days()).collect();
    assert_eq!(retention, [Some(30)]);
    let policy = aws.lambda.get_policy().function_name(name).send().await.unwrap().policy.unwrap();
    let policy: Value = serde_json::from_str(&policy).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1, "{policy}");
    assert_eq!(statements[0]["Principal"], json!({ "Service": "apigateway.amazonaws.com" }));
    let source = statements[0]["Condition"].to_string();
    assert!(source.contains(&format!(":execute-api:eu-west-1:000000000000:{api}/production/*")), "{policy}");
    let role = format!("{name}-eu-west-1");
    let attached = aws.iam.list_attached_role_policies().role_name(&role).send().await.unwrap();
    assert!(attached.attached_policies().is_empty());
    let inline = aws.iam.list_role_policies().role_name(&role).send().await.unwrap();
    assert_eq!(inline.policy_names(), ["stackctl"]);
}

async fn pool(aws: &Clients, pool: &str, client: &str) {
    let described = aws.cognito.describe_user_pool().user_pool_id(pool).send().await.unwrap();
    let described = described.user_pool.unwrap();
    assert_eq!(described.deletion_protection, Some(cognito::DeletionProtectionType::Active));
    assert!(described.admin_create_user_config.unwrap().allow_admin_create_user_only);
    let client = aws.cognito.describe_user_pool_client().user_pool_id(pool).client_id(client);
    let client = client.send().await.unwrap().user_pool_client.unwrap();
    assert_eq!(client.client_secret(), None);
    let flows: BTreeSet<&str> = client.explicit_auth_flows().iter().map(|it| it.as_str()).collect();
    assert_eq!(flows, BTreeSet::from(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]));
    let told = client.prevent_user_existence_errors();
    assert_eq!(told, Some(&cognito::PreventUserExistenceErrorTypes::Enabled));
}

async fn api(aws: &Clients, api: &str) {
    let authorizers = aws.apigateway.get_authorizers().rest_api_id(api).send().await.unwrap();
    let kinds: Vec<_> = authorizers.items().iter().map(|it| it.r#type().cloned()).collect();
    assert_eq!(kinds, [Some(AuthorizerType::CognitoUserPools)]);
    let resources = aws.apigateway.get_resources().rest_api_id(api).embed("methods").send().await.unwrap();
    let mut closed = 0;
    for (verb, method) in resources.items().iter().flat_map(|it| it.resource_methods()).flatten() {
        if verb == "OPTIONS" {
            let integration = method.method_integration().unwrap();
            let headers = integration.integration_responses().into_iter().flatten();
            let headers = headers.flat_map(|(_, it)| it.response_parameters().into_iter().flatten());
            let mut origins = headers.filter(|(name, _)| name.ends_with("Access-Control-Allow-Origin"));
            assert!(origins.all(|(_, origin)| *origin == format!("'{PAGE}'")), "{method:?}");
        } else {
            assert_eq!(method.authorization_type(), Some("COGNITO_USER_POOLS"), "{verb}");
            closed += 1;
        }
    }
    assert_eq!(closed, 1);
    let responses = aws.apigateway.get_gateway_responses().rest_api_id(api).send().await.unwrap();
    let headers = responses.items().iter().flat_map(|it| it.response_parameters().into_iter().flatten());
    let origins: BTreeSet<&str> = headers
        .filter(|(name, _)| name.ends_with("Access-Control-Allow-Origin"))
        .map(|(_, origin)| origin.as_str())
        .collect();
    assert_eq!(origins, BTreeSet::from([format!("'{PAGE}'").as_str()]));
    let stages = aws.apigateway.get_stages().rest_api_id(api).send().await.unwrap();
    let [stage] = stages.item() else { panic!("{stages:?}") };
    let throttling = &stage.method_settings().unwrap()["*/*"];
    assert_eq!((throttling.throttling_rate_limit(), throttling.throttling_burst_limit()), (50.0, 100));
}
