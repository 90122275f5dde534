//! Resources as a person makes them in the console, with settings that no stack.yaml has.

use aws_sdk_s3::types as s3;
use serde_json::json;
use stackctl_aws_client::clients::Clients;

use crate::{
    harness::{cloud::wait_for, strict::Strict},
    stacks::lifecycle::EMPTY_ZIP,
};

macro_rules! send {
    ($request:expr) => {
        wait_for($request.send()).unwrap_or_else(|error| panic!("{error:?}"))
    };
}

/// A bucket with versioning, a lifecycle rule and an object. Returns its name.
pub fn bucket(aws: &Clients, name: &str) -> String {
    let place = s3::CreateBucketConfiguration::builder()
        .location_constraint(s3::BucketLocationConstraint::EuWest1)
        .build();
    send!(aws.s3.create_bucket().bucket(name).create_bucket_configuration(place));
    let versioning =
        s3::VersioningConfiguration::builder().status(s3::BucketVersioningStatus::Enabled).build();
    send!(aws.s3.put_bucket_versioning().bucket(name).versioning_configuration(versioning));
    let rule = s3::LifecycleRule::builder()
        .id("archive")
        .status(s3::ExpirationStatus::Enabled)
        .filter(s3::LifecycleRuleFilter::builder().prefix("old/").build())
        .transitions(
            s3::Transition::builder().days(90).storage_class(s3::TransitionStorageClass::Glacier).build(),
        )
        .build()
        .unwrap();
    let rules = s3::BucketLifecycleConfiguration::builder().rules(rule).build().unwrap();
    send!(aws.s3.put_bucket_lifecycle_configuration().bucket(name).lifecycle_configuration(rules));
    tag_bucket(aws, name, &[("team", "photos")]);
    send!(aws.s3.put_object().bucket(name).key("a.txt").body(b"a".to_vec().into()));
    name.to_owned()
}

fn tag_bucket(aws: &Clients, name: &str, tags: &[(&str, &str)]) {
    let tag = |(key, value): &(&str, &str)| s3::Tag::builder().key(*key).value(*value).build().unwrap();
    let tags = s3::Tagging::builder().set_tag_set(Some(tags.iter().map(tag).collect())).build().unwrap();
    send!(aws.s3.put_bucket_tagging().bucket(name).tagging(tags));
}

/// Tags a bucket as AWS itself does; it lets no caller set tags of its own (S3-26).
pub fn tag_bucket_as_aws(cloud: &Strict, aws: &Clients, name: &str, tags: &[(&str, &str)]) {
    cloud.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "rules": { "system_tags": false } }));
    tag_bucket(aws, name, tags);
    cloud.faults(json!([]));
}

/// A user pool with an attribute and a domain of its own, a user and a group. Returns its id.
pub fn user_pool(aws: &Clients, name: &str) -> String {
    use aws_sdk_cognitoidentityprovider::types as cognito;
    let team = cognito::SchemaAttributeType::builder()
        .name("team")
        .attribute_data_type(cognito::AttributeDataType::String)
        .mutable(true)
        .build();
    let by_admin = cognito::AdminCreateUserConfigType::builder().allow_admin_create_user_only(true).build();
    let pool = aws.cognito.create_user_pool().pool_name(name).schema(team);
    let pool = send!(pool.admin_create_user_config(by_admin).user_pool_tags("team", "accounts"));
    let id = pool.user_pool.unwrap().id.unwrap();
    send!(aws.cognito.create_user_pool_domain().user_pool_id(&id).domain(name));
    send!(aws.cognito.create_group().user_pool_id(&id).group_name("admins").description("ours"));
    send!(
        aws.cognito.admin_create_user().user_pool_id(&id).username("ada").temporary_password("Abc-12345678")
    );
    id
}

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// A role where stackctl would have it, with a description and a session time. Returns its name.
pub fn role(aws: &Clients, name: &str) -> String {
    let role = format!("{name}-eu-west-1");
    let path = format!("/stackctl/{}/eu-west-1/", aws.stack);
    let tag = aws_sdk_iam::types::Tag::builder().key("team").value("photos").build().unwrap();
    let made = aws.iam.create_role().role_name(&role).path(path).assume_role_policy_document(TRUST);
    send!(made.description("theirs").max_session_duration(7200).tags(tag));
    role
}

/// A function with a role, a permission and memory of its own. Returns its name.
pub fn function(aws: &Clients, name: &str) -> String {
    use aws_sdk_lambda::{primitives::Blob, types as lambda};
    let role = format!("{name}-theirs");
    send!(aws.iam.create_role().role_name(&role).assume_role_policy_document(TRUST));
    let code = lambda::FunctionCode::builder().zip_file(Blob::new(EMPTY_ZIP)).build();
    let made = aws.lambda.create_function().function_name(name).code(code).tags("team", "photos");
    let made = made.runtime(lambda::Runtime::Providedal2023).handler("bootstrap").memory_size(512).timeout(7);
    send!(made.role(format!("arn:aws:iam::000000000000:role/{role}")));
    let permission = aws.lambda.add_permission().function_name(name).statement_id("theirs");
    send!(permission.action("lambda:InvokeFunction").principal("000000000000"));
    name.to_owned()
}

/// A log group with a metric filter. Returns its name.
pub fn log_group(aws: &Clients, name: &str) -> String {
    let group = format!("/aws/lambda/{name}");
    send!(aws.logs.create_log_group().log_group_name(&group).tags("team", "photos"));
    send!(aws.logs.put_retention_policy().log_group_name(&group).retention_in_days(7));
    send!(aws.logs.create_log_stream().log_group_name(&group).log_stream_name("theirs"));
    group
}

/// A REST API with a route and another stage than the file's. Returns its id.
pub fn rest_api(aws: &Clients, name: &str) -> String {
    use aws_sdk_apigateway::types as apigateway;
    let regional =
        apigateway::EndpointConfiguration::builder().types(apigateway::EndpointType::Regional).build();
    let api = aws.apigateway.create_rest_api().name(name).description("theirs").tags("team", "photos");
    let id = send!(api.endpoint_configuration(regional)).id.unwrap();
    let root = send!(aws.apigateway.get_resources().rest_api_id(&id)).items()[0].id.clone().unwrap();
    let resource = aws.apigateway.create_resource().rest_api_id(&id).parent_id(root).path_part("old");
    let resource = send!(resource).id.unwrap();
    let method = aws.apigateway.put_method().rest_api_id(&id).resource_id(&resource).http_method("GET");
    send!(method.authorization_type("NONE"));
    let integration = aws.apigateway.put_integration().rest_api_id(&id).resource_id(&resource);
    send!(integration.http_method("GET").r#type(apigateway::IntegrationType::Mock));
    let deployment = send!(aws.apigateway.create_deployment().rest_api_id(&id)).id.unwrap();
    let stage = aws.apigateway.create_stage().rest_api_id(&id).stage_name("theirs");
    send!(stage.deployment_id(deployment).variables("who", "they").tags("team", "photos"));
    id
}

/// The secret of a webhook. Returns its name.
pub fn secret(aws: &Clients, _: &str) -> String {
    use aws_sdk_ssm::types as ssm;
    let name = format!("/stackctl/{}/uploads/webhook", aws.stack);
    let tag = ssm::Tag::builder().key("team").value("photos").build().unwrap();
    let value = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let put = aws.ssm.put_parameter().name(&name).value(value).r#type(ssm::ParameterType::SecureString);
    send!(put.description("theirs").tags(tag));
    name
}
