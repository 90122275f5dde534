//! One lifecycle for every kind, as a table: each row changes one thing behind stackctl's back, and the plan must name
//! exactly that; apply repairs it, and then there is nothing to do.

use std::sync::{Mutex, OnceLock};

use aws_sdk_apigateway::types::{Op, PatchOperation};
use aws_sdk_cognitoidentityprovider::types as cognito;
use aws_sdk_lambda::types::{LastUpdateStatus, State};
use aws_sdk_s3::types as s3;
use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws::clients::Clients;

use crate::{
    cloud::{Cloud, console, eventually, wait_for},
    program::WorkingCopy,
};

pub const STACK: &str = r#"
stack: NAME
region: eu-west-1
tags: { team: web }
buckets:
  uploads:
    cors:
      origins: [http://localhost:5173]
    on_destroy: empty
functions:
  presign:
    package: presign
    profile: lambda
    environment: { URL_EXPIRES: 10s }
    buckets:
      uploads: [put]
user_pools:
  users:
    clients: { web: {} }
apis:
  uploads:
    cors:
      origins: [http://localhost:5173, http://localhost:3000]
    authorizer: users
    routes:
      GET /: presign
"#;

/// The stack of the table, applied, and what its ids are.
struct Applied {
    copy: WorkingCopy,
    console: Clients,
}

/// The ids that AWS chose, and the names that were computed.
struct Names {
    bucket: String,
    name: String,
    pool: String,
    client: String,
    api: String,
    group: String,
}

impl Applied {
    fn names(&self) -> Names {
        let outputs = self.copy.outputs();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let stack = text(&outputs["stack"]);
        Names {
            bucket: text(&outputs["bucket"]),
            name: format!("{stack}-presign"),
            pool: text(&outputs["user_pool_id"]),
            client: text(&outputs["client_id"]),
            api: text(&outputs["apis"]["uploads"]["id"]),
            group: format!("/aws/lambda/{stack}-presign"),
        }
    }
}

type Change = fn(&Clients, &Names);

/// A row: what is done behind our back, and what the plan says then.
struct Row(&'static str, Change, &'static [&'static str]);

/// Sends a request of the console.
macro_rules! send {
    ($request:expr) => {
        wait_for($request.send()).unwrap_or_else(|error| panic!("{error:?}"))
    };
}

const ROWS: &[Row] = &[
    Row(
        "bucket: CORS of another form",
        |aws, it| set_cors(aws, it, &["http://evil.example"]),
        &["bucket.uploads: cors.origins, cors.methods, cors.headers, cors.exposed, cors.max_age"],
    ),
    Row(
        "bucket: CORS deleted",
        |aws, it| drop(send!(aws.s3.delete_bucket_cors().bucket(&it.bucket))),
        &["bucket.uploads: cors.origins, cors.methods, cors.headers, cors.exposed, cors.max_age"],
    ),
    Row(
        "bucket: public access allowed",
        |aws, it| drop(send!(aws.s3.delete_public_access_block().bucket(&it.bucket))),
        &["bucket.uploads: public_access"],
    ),
    Row(
        "bucket: policy deleted",
        |aws, it| drop(send!(aws.s3.delete_bucket_policy().bucket(&it.bucket))),
        &["bucket.uploads: policy"],
    ),
    Row(
        "bucket: policy changed",
        |aws, it| {
            let policy = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{}/*"}}]}}"#,
                it.bucket
            );
            send!(aws.s3.put_bucket_policy().bucket(&it.bucket).policy(policy));
        },
        &["bucket.uploads: policy"],
    ),
    Row(
        "bucket: ownership changed",
        |aws, it| {
            let rule = s3::OwnershipControlsRule::builder()
                .object_ownership(s3::ObjectOwnership::ObjectWriter)
                .build()
                .unwrap();
            let controls = s3::OwnershipControls::builder().rules(rule).build().unwrap();
            send!(aws.s3.put_bucket_ownership_controls().bucket(&it.bucket).ownership_controls(controls));
        },
        &["bucket.uploads: ownership"],
    ),
    Row(
        "bucket: encryption changed",
        |aws, it| {
            let default = s3::ServerSideEncryptionByDefault::builder()
                .sse_algorithm(s3::ServerSideEncryption::AwsKms)
                .build()
                .unwrap();
            let rule = s3::ServerSideEncryptionRule::builder()
                .apply_server_side_encryption_by_default(default)
                .build();
            let rules = s3::ServerSideEncryptionConfiguration::builder().rules(rule).build().unwrap();
            send!(
                aws.s3.put_bucket_encryption().bucket(&it.bucket).server_side_encryption_configuration(rules)
            );
        },
        &["bucket.uploads: encryption"],
    ),
    Row(
        "bucket: a tag changed and one added",
        |aws, it| {
            let all = send!(aws.s3.get_bucket_tagging().bucket(&it.bucket)).tag_set;
            let tag = |key: &str, value: &str| s3::Tag::builder().key(key).value(value).build().unwrap();
            let mut all: Vec<s3::Tag> = all.into_iter().filter(|tag| tag.key() != "team").collect();
            all.extend([tag("team", "other"), tag("cost", "1")]);
            let tagging = s3::Tagging::builder().set_tag_set(Some(all)).build().unwrap();
            send!(aws.s3.put_bucket_tagging().bucket(&it.bucket).tagging(tagging));
        },
        &["bucket.uploads: tags.cost, tags.team"],
    ),
    Row(
        "bucket: deleted",
        |aws, it| drop(send!(aws.s3.delete_bucket().bucket(&it.bucket))),
        &[
            "bucket.uploads: create, policy, cors.origins, cors.methods, cors.headers, cors.exposed, cors.max_age",
        ],
    ),
    Row(
        "role: trust changed",
        |aws, it| {
            let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
            send!(aws.iam.update_assume_role_policy().role_name(&it.name).policy_document(trust));
        },
        &["role.presign: trust, trust"],
    ),
    Row(
        "role: policy opened",
        |aws, it| {
            let policy =
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
            send!(
                aws.iam.put_role_policy().role_name(&it.name).policy_name("stackctl").policy_document(policy)
            );
        },
        &["role.presign: policy, policy, policy"],
    ),
    Row(
        "role: policy deleted",
        |aws, it| drop(send!(aws.iam.delete_role_policy().role_name(&it.name).policy_name("stackctl"))),
        &["role.presign: policy, policy"],
    ),
    Row(
        "role: another policy put",
        |aws, it| {
            let policy =
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
            send!(aws.iam.put_role_policy().role_name(&it.name).policy_name("more").policy_document(policy));
        },
        &["role.presign: inline_policies"],
    ),
    Row(
        "role: a managed policy attached",
        |aws, it| {
            send!(
                aws.iam
                    .attach_role_policy()
                    .role_name(&it.name)
                    .policy_arn("arn:aws:iam::aws:policy/AdministratorAccess")
            );
        },
        &["role.presign: managed_policies"],
    ),
    Row(
        "role: a tag changed",
        |aws, it| {
            let tag = aws_sdk_iam::types::Tag::builder().key("team").value("other").build().unwrap();
            send!(aws.iam.tag_role().role_name(&it.name).tags(tag));
        },
        &["role.presign: tags.team"],
    ),
    Row(
        "role: a tag added",
        |aws, it| {
            let tag = aws_sdk_iam::types::Tag::builder().key("cost").value("1").build().unwrap();
            send!(aws.iam.tag_role().role_name(&it.name).tags(tag));
        },
        &["role.presign: tags.cost"],
    ),
    Row(
        "role: deleted",
        |aws, it| {
            send!(aws.iam.delete_role_policy().role_name(&it.name).policy_name("stackctl"));
            send!(aws.iam.delete_role().role_name(&it.name));
        },
        &["role.presign: create, policy, policy", "function.presign: role"],
    ),
    Row(
        "log group: retention changed",
        |aws, it| drop(send!(aws.logs.put_retention_policy().log_group_name(&it.group).retention_in_days(1))),
        &["log_group.presign: log_retention"],
    ),
    Row(
        "log group: retention deleted",
        |aws, it| drop(send!(aws.logs.delete_retention_policy().log_group_name(&it.group))),
        &["log_group.presign: log_retention"],
    ),
    Row(
        "log group: a tag changed",
        |aws, it| {
            let arn = format!("arn:aws:logs:eu-west-1:000000000000:log-group:{}", it.group);
            send!(aws.logs.tag_resource().resource_arn(arn).tags("team", "other"));
        },
        &["log_group.presign: tags.team"],
    ),
    Row(
        "log group: deleted",
        |aws, it| drop(send!(aws.logs.delete_log_group().log_group_name(&it.group))),
        &["log_group.presign: create, log_retention"],
    ),
    Row(
        "function: memory",
        |aws, it| {
            drop(send!(aws.lambda.update_function_configuration().function_name(&it.name).memory_size(256)))
        },
        &["function.presign: memory"],
    ),
    Row(
        "function: timeout",
        |aws, it| drop(send!(aws.lambda.update_function_configuration().function_name(&it.name).timeout(29))),
        &["function.presign: timeout"],
    ),
    Row(
        "function: handler",
        |aws, it| {
            drop(send!(aws.lambda.update_function_configuration().function_name(&it.name).handler("other")))
        },
        &["function.presign: handler"],
    ),
    Row(
        "function: runtime",
        |aws, it| {
            drop(send!(
                aws.lambda
                    .update_function_configuration()
                    .function_name(&it.name)
                    .runtime(aws_sdk_lambda::types::Runtime::Providedal2)
            ))
        },
        &["function.presign: runtime"],
    ),
    Row(
        "function: role",
        |aws, it| {
            drop(send!(
                aws.lambda
                    .update_function_configuration()
                    .function_name(&it.name)
                    .role("arn:aws:iam::000000000000:role/other")
            ))
        },
        &["function.presign: role"],
    ),
    Row(
        "function: a variable changed and one added",
        |aws, it| {
            let live = send!(aws.lambda.get_function_configuration().function_name(&it.name));
            let mut all = live.environment.unwrap().variables.unwrap();
            all.insert("URL_EXPIRES".to_owned(), "1h".to_owned());
            all.insert("MORE".to_owned(), "1".to_owned());
            let environment = aws_sdk_lambda::types::Environment::builder().set_variables(Some(all)).build();
            send!(
                aws.lambda.update_function_configuration().function_name(&it.name).environment(environment)
            );
        },
        &["function.presign: environment.MORE, environment.URL_EXPIRES"],
    ),
    Row(
        "function: code",
        |aws, it| {
            let zip = aws_sdk_lambda::primitives::Blob::new(EMPTY_ZIP);
            send!(aws.lambda.update_function_code().function_name(&it.name).zip_file(zip));
        },
        &["function.presign: code"],
    ),
    Row(
        "function: a tag changed",
        |aws, it| {
            let arn = send!(aws.lambda.get_function().function_name(&it.name))
                .configuration
                .unwrap()
                .function_arn
                .unwrap();
            send!(aws.lambda.tag_resource().resource(arn).tags("team", "other"));
        },
        &["function.presign: tags.team"],
    ),
    Row(
        "function: a tag added",
        |aws, it| {
            let arn = send!(aws.lambda.get_function().function_name(&it.name))
                .configuration
                .unwrap()
                .function_arn
                .unwrap();
            send!(aws.lambda.tag_resource().resource(arn).tags("cost", "1"));
        },
        &["function.presign: tags.cost"],
    ),
    Row(
        "function: permission removed",
        |aws, it| {
            send!(
                aws.lambda
                    .remove_permission()
                    .function_name(&it.name)
                    .statement_id("stackctl-uploads-production")
            );
        },
        &["function.presign: permission.stackctl-uploads-production"],
    ),
    Row(
        "function: permission for any API",
        |aws, it| {
            send!(
                aws.lambda
                    .remove_permission()
                    .function_name(&it.name)
                    .statement_id("stackctl-uploads-production")
            );
            send!(
                aws.lambda
                    .add_permission()
                    .function_name(&it.name)
                    .statement_id("stackctl-uploads-production")
                    .action("lambda:InvokeFunction")
                    .principal("apigateway.amazonaws.com")
            );
        },
        &["function.presign: permission.stackctl-uploads-production, permission.stackctl-uploads-production"],
    ),
    Row(
        "function: deleted",
        |aws, it| drop(send!(aws.lambda.delete_function().function_name(&it.name))),
        &["function.presign: create, permission.stackctl-uploads-production, wait for"],
    ),
    Row(
        "pool: password length",
        |aws, it| update_pool(aws, it, |policy| policy.set_minimum_length(Some(6)), None),
        &["user_pool.users: password.minimum_length"],
    ),
    Row(
        "pool: password symbols",
        |aws, it| update_pool(aws, it, |policy| policy.require_symbols(false), None),
        &["user_pool.users: password.symbols"],
    ),
    Row(
        "pool: password digits",
        |aws, it| update_pool(aws, it, |policy| policy.require_numbers(false), None),
        &["user_pool.users: password.digits"],
    ),
    Row(
        "pool: password upper case",
        |aws, it| update_pool(aws, it, |policy| policy.require_uppercase(false), None),
        &["user_pool.users: password.uppercase"],
    ),
    Row(
        "pool: password lower case",
        |aws, it| update_pool(aws, it, |policy| policy.require_lowercase(false), None),
        &["user_pool.users: password.lowercase"],
    ),
    Row(
        "pool: temporary passwords",
        |aws, it| update_pool(aws, it, |policy| policy.temporary_password_validity_days(90), None),
        &["user_pool.users: password.temporary_validity"],
    ),
    Row(
        "pool: sign-up opened",
        |aws, it| update_pool(aws, it, |policy| policy, Some(false)),
        &["user_pool.users: sign_up"],
    ),
    Row(
        "pool: protection lifted",
        |aws, it| {
            let update = aws.cognito.update_user_pool().user_pool_id(&it.pool);
            send!(update.deletion_protection(cognito::DeletionProtectionType::Inactive));
        },
        &["user_pool.users: deletion_protection"],
    ),
    Row(
        "pool: a tag changed",
        |aws, it| {
            let arn = format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/{}", it.pool);
            send!(aws.cognito.tag_resource().resource_arn(arn).tags("team", "other"));
        },
        &["user_pool.users: tags.team"],
    ),
    Row(
        "client: token lifetimes",
        |aws, it| {
            send!(
                update_client(aws, it)
                    .access_token_validity(2)
                    .id_token_validity(2)
                    .refresh_token_validity(1)
            );
        },
        &["user_pool_client.users/web: access_token, id_token, refresh_token"],
    ),
    Row(
        "client: flows",
        |aws, it| {
            send!(
                update_client(aws, it)
                    .explicit_auth_flows(cognito::ExplicitAuthFlowsType::AllowUserPasswordAuth)
            );
        },
        &["user_pool_client.users/web: auth_flows"],
    ),
    Row(
        "client: existence told",
        |aws, it| {
            send!(
                update_client(aws, it)
                    .prevent_user_existence_errors(cognito::PreventUserExistenceErrorTypes::Legacy)
            );
        },
        &["user_pool_client.users/web: prevent_user_existence_errors"],
    ),
    Row(
        "client: deleted",
        |aws, it| {
            send!(aws.cognito.delete_user_pool_client().user_pool_id(&it.pool).client_id(&it.client));
        },
        &["user_pool_client.users/web: create"],
    ),
    Row(
        "pool: deleted",
        |aws, it| {
            send!(
                aws.cognito
                    .update_user_pool()
                    .user_pool_id(&it.pool)
                    .deletion_protection(cognito::DeletionProtectionType::Inactive)
            );
            send!(aws.cognito.delete_user_pool().user_pool_id(&it.pool));
        },
        &[
            "user_pool.users: create",
            "user_pool_client.users/web: create",
            "rest_api.uploads: authorizer.users, deploy, set the stage of",
        ],
    ),
    Row(
        "API: a method deleted",
        |aws, it| {
            send!(
                aws.apigateway
                    .delete_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("GET")
            );
        },
        &["rest_api.uploads: GET /"],
    ),
    Row(
        "API: a method opened",
        |aws, it| {
            let patch = patch(Op::Replace, "/authorizationType", "NONE");
            send!(
                aws.apigateway
                    .update_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("GET")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: GET /"],
    ),
    Row(
        "API: a method added",
        |aws, it| {
            send!(
                aws.apigateway
                    .put_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("DELETE")
                    .authorization_type("NONE")
            );
        },
        &["rest_api.uploads: DELETE /"],
    ),
    Row(
        "API: the preflight deleted",
        |aws, it| {
            send!(
                aws.apigateway
                    .delete_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("OPTIONS")
            );
        },
        &["rest_api.uploads: OPTIONS /"],
    ),
    Row(
        "API: a gateway response deleted",
        |aws, it| {
            send!(
                aws.apigateway
                    .delete_gateway_response()
                    .rest_api_id(&it.api)
                    .response_type(aws_sdk_apigateway::types::GatewayResponseType::Default4Xx)
            );
        },
        &["rest_api.uploads: response.DEFAULT_4XX"],
    ),
    Row(
        "API: a gateway response changed",
        |aws, it| {
            send!(
                aws.apigateway
                    .put_gateway_response()
                    .rest_api_id(&it.api)
                    .response_type(aws_sdk_apigateway::types::GatewayResponseType::Default5Xx)
                    .response_parameters("gatewayresponse.header.Access-Control-Allow-Origin", "'*'")
            );
        },
        &["rest_api.uploads: response.DEFAULT_5XX"],
    ),
    Row(
        "API: renamed",
        |aws, it| {
            send!(aws.apigateway.update_rest_api().rest_api_id(&it.api).patch_operations(patch(
                Op::Replace,
                "/name",
                "other"
            )));
        },
        &["rest_api.uploads: name"],
    ),
    Row(
        "API: a tag changed",
        |aws, it| {
            send!(
                aws.apigateway
                    .tag_resource()
                    .resource_arn(format!("arn:aws:apigateway:eu-west-1::/restapis/{}", it.api))
                    .tags("team", "other")
            );
        },
        &["rest_api.uploads: tags.team"],
    ),
    Row(
        "API: the stage's tag changed",
        |aws, it| {
            let arn = format!("arn:aws:apigateway:eu-west-1::/restapis/{}/stages/production", it.api);
            send!(aws.apigateway.tag_resource().resource_arn(arn).tags("team", "other"));
        },
        &["rest_api.uploads: stage.tags.team"],
    ),
    Row(
        "API: throttling lifted",
        |aws, it| {
            let patch = patch(Op::Replace, "/*/*/throttling/rateLimit", "9999");
            send!(
                aws.apigateway
                    .update_stage()
                    .rest_api_id(&it.api)
                    .stage_name("production")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: throttling.rate"],
    ),
    Row(
        "API: a stage variable changed",
        |aws, it| {
            let patch = patch(Op::Replace, "/variables/CORS_ORIGINS", "any");
            send!(
                aws.apigateway
                    .update_stage()
                    .rest_api_id(&it.api)
                    .stage_name("production")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: variables.CORS_ORIGINS"],
    ),
    Row(
        "API: another deployment served",
        |aws, it| {
            let other = send!(aws.apigateway.create_deployment().rest_api_id(&it.api)).id.unwrap();
            let patch = patch(Op::Replace, "/deploymentId", &other);
            send!(
                aws.apigateway
                    .update_stage()
                    .rest_api_id(&it.api)
                    .stage_name("production")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: deploy, set the stage of"],
    ),
    Row(
        "API: the stage deleted",
        |aws, it| {
            send!(aws.apigateway.delete_stage().rest_api_id(&it.api).stage_name("production"));
        },
        &["rest_api.uploads: deploy, create the stage of, throttling.rate, throttling.burst"],
    ),
    Row(
        "API: the authorizer's pool changed",
        |aws, it| {
            let authorizer = send!(aws.apigateway.get_authorizers().rest_api_id(&it.api))
                .items
                .unwrap()
                .remove(0)
                .id
                .unwrap();
            let other = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_other";
            let patches = vec![patch(Op::Add, "/providerARNs", other)];
            send!(
                aws.apigateway
                    .update_authorizer()
                    .rest_api_id(&it.api)
                    .authorizer_id(authorizer)
                    .set_patch_operations(Some(patches))
            );
        },
        &["rest_api.uploads: authorizer"],
    ),
    Row(
        "API: deleted",
        |aws, it| drop(send!(aws.apigateway.delete_rest_api().rest_api_id(&it.api))),
        &[
            "rest_api.uploads: create, authorizer.users, GET /, OPTIONS /, response.DEFAULT_4XX, response.DEFAULT_5XX, deploy, create the stage of, throttling.rate, throttling.burst",
            "function.presign: permission.stackctl-uploads-production, permission.stackctl-uploads-production",
        ],
    ),
];

/// Does these rows behind the back of an applied stack.
pub fn change(copy: &WorkingCopy, cloud: &Cloud, rows: &[&str]) {
    let applied = Applied { console: console(copy, &cloud.url), copy: copy.clone() };
    let names = applied.names();
    for row in rows {
        let Some(Row(_, change, _)) = ROWS.iter().find(|Row(name, ..)| name == row) else {
            panic!("no row is called {row}")
        };
        change(&applied.console, &names);
        settle(&applied.console, &names);
    }
}

/// A zip file with nothing in it.
const EMPTY_ZIP: [u8; 22] = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

fn set_cors(aws: &Clients, it: &Names, origins: &[&str]) {
    let rule = s3::CorsRule::builder()
        .allowed_methods("GET")
        .set_allowed_origins(Some(origins.iter().map(ToString::to_string).collect()))
        .build()
        .unwrap();
    let rules = s3::CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    send!(aws.s3.put_bucket_cors().bucket(&it.bucket).cors_configuration(rules));
}

fn update_pool(
    aws: &Clients,
    it: &Names,
    change: fn(cognito::builders::PasswordPolicyTypeBuilder) -> cognito::builders::PasswordPolicyTypeBuilder,
    admin_only: Option<bool>,
) {
    let now = send!(aws.cognito.describe_user_pool().user_pool_id(&it.pool)).user_pool.unwrap();
    let policy = now.policies.clone().unwrap().password_policy.unwrap();
    let policy = change(
        cognito::PasswordPolicyType::builder()
            .set_minimum_length(policy.minimum_length)
            .require_lowercase(policy.require_lowercase)
            .require_uppercase(policy.require_uppercase)
            .require_numbers(policy.require_numbers)
            .require_symbols(policy.require_symbols)
            .temporary_password_validity_days(policy.temporary_password_validity_days),
    );
    let admin = cognito::AdminCreateUserConfigType::builder()
        .allow_admin_create_user_only(admin_only.unwrap_or(true))
        .build();
    send!(
        aws.cognito
            .update_user_pool()
            .user_pool_id(&it.pool)
            .policies(cognito::UserPoolPolicyType::builder().password_policy(policy.build()).build())
            .set_deletion_protection(now.deletion_protection)
            .set_user_pool_tags(now.user_pool_tags)
            .admin_create_user_config(admin)
    );
}

fn update_client(
    aws: &Clients,
    it: &Names,
) -> aws_sdk_cognitoidentityprovider::operation::update_user_pool_client::builders::UpdateUserPoolClientFluentBuilder{
    aws.cognito.update_user_pool_client().user_pool_id(&it.pool).client_id(&it.client)
}

fn root(aws: &Clients, it: &Names) -> String {
    let all = send!(aws.apigateway.get_resources().rest_api_id(&it.api)).items.unwrap();
    all.into_iter().find(|it| it.path() == Some("/")).unwrap().id.unwrap()
}

fn patch(op: Op, path: &str, value: &str) -> PatchOperation {
    PatchOperation::builder().op(op).path(path).value(value).build()
}

/// Waits until the function, if it is there, takes changes again: what a person in the console waits for too.
fn settle(aws: &Clients, it: &Names) {
    eventually("the function is settled", || {
        let Ok(now) = wait_for(aws.lambda.get_function_configuration().function_name(&it.name).send()) else {
            return true;
        };
        now.state() == Some(&State::Active) && now.last_update_status() != Some(&LastUpdateStatus::InProgress)
    });
}

/// One test for each row; they take turns on one stack, and each leaves it settled.
pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    static APPLIED: OnceLock<Mutex<Applied>> = OnceLock::new();
    let turn = move || {
        let applied = APPLIED.get_or_init(|| {
            let copy = cloud.working_copy("drift", STACK);
            copy.apply();
            copy.assert_settled();
            Mutex::new(Applied { console: console(&copy, &cloud.url), copy })
        });
        // A row that failed may have left the stack unsettled; the next one begins with an apply.
        applied.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    };
    let trials = ROWS.iter().map(move |Row(name, change, expected)| {
        Trial::test(format!("drift::{name}"), move || {
            let applied = turn();
            if !applied.copy.plan().is_empty() {
                applied.copy.apply();
            }
            let names = applied.names();
            change(&applied.console, &names);
            settle(&applied.console, &names);
            assert_eq!(applied.copy.plan(), *expected);
            applied.copy.apply();
            applied.copy.assert_settled();
            Ok(())
        })
    });
    trials.collect()
}
