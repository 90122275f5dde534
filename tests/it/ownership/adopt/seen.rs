//! Everything that AWS says about a resource, by the call that says it.

use std::collections::BTreeMap;

use stackctl_aws_client::clients::Clients;

use crate::harness::cloud::wait_for;

/// The answer of each call, without what every write changes, such as dates.
pub type Seen = BTreeMap<&'static str, Vec<String>>;

/// The lines of a member of an answer; `none` for an error.
macro_rules! seen {
    ($all:ident, $call:literal, $request:expr $(, $member:ident)*) => {{
        let answer = wait_for($request.send());
        let lines = match answer {
            Ok(answer) => vec![$(lines(&answer.$member)),*].concat(),
            Err(_) => vec!["none".to_owned()],
        };
        $all.insert($call, lines);
    }};
}

/// The lines of a value, without dates, in a fixed order: maps have none.
pub fn lines(value: &impl std::fmt::Debug) -> Vec<String> {
    let text = format!("{value:#?}");
    let is_date = |line: &str| {
        ["seconds:", "subsecond_nanos:", "_date", "last_modified", "revision_id", "last_updated"]
            .iter()
            .any(|it| line.contains(it))
    };
    let lines = text.lines().map(|line| line.trim().trim_end_matches(',').to_owned());
    let mut lines: Vec<String> = lines.filter(|line| !is_date(line) && !line.is_empty()).collect();
    lines.sort_unstable();
    lines
}

/// The calls whose answers differ, each with the lines that are gone (`-`) and new (`+`).
pub fn differences(before: &Seen, after: &Seen) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for (call, before) in before {
        let (mut gone, mut new) = (before.clone(), after[call].clone());
        gone.retain(|line| match new.iter().position(|it| it == line) {
            Some(at) => {
                new.remove(at);
                false
            }
            None => true,
        });
        let lines = gone.iter().map(|it| format!("- {it}")).chain(new.iter().map(|it| format!("+ {it}")));
        let lines: Vec<String> = lines.collect();
        if !lines.is_empty() {
            all.insert(*call, lines);
        }
    }
    all
}

pub fn bucket(aws: &Clients, name: &str) -> Seen {
    let (mut all, s3) = (Seen::new(), &aws.s3);
    seen!(all, "tags", s3.get_bucket_tagging().bucket(name), tag_set);
    seen!(all, "versioning", s3.get_bucket_versioning().bucket(name), status);
    seen!(all, "lifecycle", s3.get_bucket_lifecycle_configuration().bucket(name), rules);
    seen!(all, "cors", s3.get_bucket_cors().bucket(name), cors_rules);
    seen!(all, "policy", s3.get_bucket_policy().bucket(name), policy);
    seen!(all, "ownership", s3.get_bucket_ownership_controls().bucket(name), ownership_controls);
    let block = s3.get_public_access_block().bucket(name);
    seen!(all, "public access", block, public_access_block_configuration);
    let encryption = s3.get_bucket_encryption().bucket(name);
    seen!(all, "encryption", encryption, server_side_encryption_configuration);
    seen!(all, "website", s3.get_bucket_website().bucket(name), index_document);
    seen!(all, "objects", s3.list_object_versions().bucket(name), versions);
    all
}

pub fn user_pool(aws: &Clients, id: &str) -> Seen {
    let (mut all, cognito) = (Seen::new(), &aws.cognito);
    let arn = format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/{id}");
    seen!(all, "tags", cognito.list_tags_for_resource().resource_arn(arn), tags);
    let answer = wait_for(cognito.describe_user_pool().user_pool_id(id).send()).unwrap();
    let mut pool = answer.user_pool.unwrap();
    let domain = pool.domain.clone().unwrap_or_default();
    pool.user_pool_tags = None;
    all.insert("pool", lines(&pool));
    seen!(all, "domain", cognito.describe_user_pool_domain().domain(domain), domain_description);
    seen!(all, "second factors", cognito.get_user_pool_mfa_config().user_pool_id(id), mfa_configuration);
    let clients = cognito.list_user_pool_clients().user_pool_id(id).max_results(60);
    seen!(all, "clients", clients, user_pool_clients);
    seen!(all, "groups", cognito.list_groups().user_pool_id(id), groups);
    seen!(all, "users", cognito.list_users().user_pool_id(id), users);
    all
}

pub fn role(aws: &Clients, name: &str) -> Seen {
    let (mut all, iam) = (Seen::new(), &aws.iam);
    seen!(all, "tags", iam.list_role_tags().role_name(name), tags);
    let mut role = wait_for(iam.get_role().role_name(name).send()).unwrap().role.unwrap();
    role.tags = None;
    all.insert("role", lines(&role));
    seen!(all, "inline policies", iam.list_role_policies().role_name(name), policy_names);
    seen!(all, "managed policies", iam.list_attached_role_policies().role_name(name), attached_policies);
    all
}

pub fn function(aws: &Clients, name: &str) -> Seen {
    let (mut all, lambda) = (Seen::new(), &aws.lambda);
    let arn = format!("arn:aws:lambda:eu-west-1:000000000000:function:{name}");
    seen!(all, "tags", lambda.list_tags().resource(arn), tags);
    let settings = lambda.get_function_configuration().function_name(name);
    seen!(all, "settings", settings, memory_size, timeout, handler, runtime, environment, layers, vpc_config);
    let code = lambda.get_function_configuration().function_name(name);
    seen!(all, "code, role and description", code, code_sha256, code_size, role, description);
    seen!(all, "policy", lambda.get_policy().function_name(name), policy);
    seen!(all, "versions", lambda.list_versions_by_function().function_name(name).max_items(9), next_marker);
    let events = lambda.get_function_event_invoke_config().function_name(name);
    seen!(all, "events", events, maximum_retry_attempts, destination_config);
    all
}

pub fn log_group(aws: &Clients, name: &str) -> Seen {
    let (mut all, logs) = (Seen::new(), &aws.logs);
    let arn = format!("arn:aws:logs:eu-west-1:000000000000:log-group:{name}");
    seen!(all, "tags", logs.list_tags_for_resource().resource_arn(arn), tags);
    let group = wait_for(logs.describe_log_groups().log_group_name_prefix(name).send()).unwrap();
    all.insert("retention", lines(&group.log_groups()[0].retention_in_days));
    seen!(all, "streams", logs.describe_log_streams().log_group_name(name), log_streams);
    all
}

pub fn rest_api(aws: &Clients, id: &str) -> Seen {
    let (mut all, api_gateway) = (Seen::new(), &aws.apigateway);
    let arn = format!("arn:aws:apigateway:eu-west-1::/restapis/{id}");
    seen!(all, "tags", api_gateway.get_tags().resource_arn(arn), tags);
    let api = api_gateway.get_rest_api().rest_api_id(id);
    seen!(all, "api", api, name, endpoint_configuration, api_key_source);
    seen!(all, "resources", api_gateway.get_resources().rest_api_id(id).embed("methods"), items);
    let stage = api_gateway.get_stage().rest_api_id(id).stage_name("theirs");
    seen!(all, "other stage", stage, deployment_id, variables, method_settings, tags);
    seen!(all, "stages", api_gateway.get_stages().rest_api_id(id), item);
    all
}

pub fn secret(aws: &Clients, name: &str) -> Seen {
    let (mut all, ssm) = (Seen::new(), &aws.ssm);
    let parameter = aws_sdk_ssm::types::ResourceTypeForTagging::Parameter;
    seen!(all, "tags", ssm.list_tags_for_resource().resource_type(parameter).resource_id(name), tag_list);
    let value =
        wait_for(ssm.get_parameter().name(name).with_decryption(true).send()).unwrap().parameter.unwrap();
    all.insert("value", lines(&(value.value, value.version, value.r#type)));
    all
}
