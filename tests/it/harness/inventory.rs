//! The resources of a stack in a cloud, without asking stackctl.

use std::collections::BTreeSet;

use stackctl_aws_client::clients::Clients;
use stackctl_stackfile::stack::Stack;

use crate::harness::{
    cloud::{console, wait_for},
    program::WorkingCopy,
};

/// Fails unless everything of the file that AWS lets exist twice under one name is there once, and is whole.
pub fn nothing_twice(copy: &WorkingCopy, endpoint: &str) {
    let aws = console(copy, endpoint);
    let Stack { name: stack, apis, user_pools, functions, .. } = copy.stack();
    wait_for(async {
        let all = rest_apis(&aws).await;
        for logical in apis.keys() {
            let name = format!("{stack}-{logical}");
            let ours: Vec<_> = all.iter().filter(|(it, _)| *it == name).collect();
            assert_eq!(ours.len(), 1, "APIs of the name {name}");
            let id = &ours[0].1;
            let stages = aws.apigateway.get_stages().rest_api_id(id).send().await.unwrap();
            assert_eq!(stages.item().len(), 1, "stages of {name}");
            let authorizers = aws.apigateway.get_authorizers().rest_api_id(id).send().await.unwrap();
            let names: BTreeSet<_> = authorizers.items().iter().filter_map(|it| it.name()).collect();
            assert_eq!(names.len(), authorizers.items().len(), "authorizers of {name}");
        }
        let all = pools(&aws).await;
        for (logical, pool) in &user_pools {
            let name = format!("{stack}-{logical}");
            let ours: Vec<_> = all.iter().filter(|(it, _)| *it == name).collect();
            assert_eq!(ours.len(), 1, "pools of the name {name}");
            let clients = aws.cognito.list_user_pool_clients().max_results(60).user_pool_id(&ours[0].1);
            let clients = clients.send().await.unwrap();
            let names: Vec<_> =
                clients.user_pool_clients().iter().filter_map(|it| it.client_name()).collect();
            assert_eq!(names.len(), pool.clients.len(), "clients of {name}: {names:?}");
        }
        for logical in functions.keys() {
            let role = format!("{stack}-{logical}-{}", aws.region);
            let policies = aws.iam.list_role_policies().role_name(&role).send().await.unwrap();
            assert_eq!(policies.policy_names().len(), 1, "policies of {role}");
        }
    });
}

/// Everything whose name or path has the stack's name, and its parameters.
pub fn left(copy: &WorkingCopy, endpoint: &str) -> Vec<String> {
    let aws = console(copy, endpoint);
    let stack = aws.stack.to_string();
    let all: Vec<String> = wait_for(async {
        let buckets = aws.s3.list_buckets().send().await.unwrap();
        let buckets = buckets.buckets().iter().filter_map(|it| it.name()).map(str::to_owned);
        let roles = aws.iam.list_roles().path_prefix("/stackctl/").max_items(1000).send().await.unwrap();
        let roles = roles.roles().iter().map(|it| it.role_name().to_owned());
        let functions = aws.lambda.list_functions().send().await.unwrap();
        let functions = functions.functions().iter().filter_map(|it| it.function_name()).map(str::to_owned);
        let groups = aws.logs.describe_log_groups().send().await.unwrap();
        let groups = groups.log_groups().iter().filter_map(|it| it.log_group_name()).map(str::to_owned);
        let apis = rest_apis(&aws).await.into_iter().map(|(name, _)| name);
        let pools = pools(&aws).await.into_iter().map(|(name, _)| name);
        let path = format!("/stackctl/{stack}");
        let parameters = aws.ssm.get_parameters_by_path().path(path).recursive(true).send().await.unwrap();
        let parameters = parameters.parameters().iter().filter_map(|it| it.name());
        let parameters = parameters.map(|name| format!("{name} of {stack}-"));
        let all = buckets.chain(roles).chain(functions).chain(groups).chain(apis).chain(pools);
        all.chain(parameters).collect()
    });
    all.into_iter().filter(|it| it.contains(&format!("{stack}-"))).collect()
}

/// Everything that the clients' region has of the file, and what IAM has of it, as the services tell it.
pub fn everything(copy: &WorkingCopy, endpoint: &str) -> Vec<String> {
    let aws = console(copy, endpoint);
    let Stack { name: stack, region, apis, user_pools, functions, buckets, .. } = copy.stack();
    let mut all = Vec::new();
    macro_rules! add {
        ($request:expr $(, $member:ident)*) => {{
            let answer = $request.send().await.unwrap();
            $(all.push(lines(&answer.$member));)*
            answer
        }};
    }
    wait_for(async {
        for logical in buckets.keys() {
            let name = format!("{stack}-{logical}-000000000000-{region}");
            add!(aws.s3.get_bucket_tagging().bucket(&name), tag_set);
            add!(aws.s3.get_bucket_cors().bucket(&name), cors_rules);
            add!(aws.s3.get_bucket_policy().bucket(&name), policy);
            add!(aws.s3.get_public_access_block().bucket(&name), public_access_block_configuration);
        }
        for logical in functions.keys() {
            let function = format!("{stack}-{logical}");
            let role = format!("{function}-{region}");
            add!(aws.iam.get_role().role_name(&role), role);
            add!(
                aws.iam.get_role_policy().role_name(&role).policy_name("stackctl"),
                policy_name,
                policy_document
            );
            add!(aws.lambda.get_function().function_name(&function), configuration, tags);
            add!(aws.lambda.get_policy().function_name(&function), policy);
            let group = format!("/aws/lambda/{function}");
            let groups = add!(aws.logs.describe_log_groups().log_group_name_prefix(group));
            let group = &groups.log_groups()[0];
            // How much it holds grows with each call of the function.
            all.push(format!("{:?}", (group.log_group_name(), group.retention_in_days())));
            let arn = group.log_group_arn().unwrap().to_owned();
            add!(aws.logs.list_tags_for_resource().resource_arn(arn), tags);
        }
        for (name, id) in pools(&aws).await {
            if user_pools.keys().any(|logical| name == format!("{stack}-{logical}")) {
                add!(aws.cognito.describe_user_pool().user_pool_id(&id), user_pool);
                let clients = add!(
                    aws.cognito.list_user_pool_clients().user_pool_id(&id).max_results(60),
                    user_pool_clients
                );
                for client in clients.user_pool_clients().iter().filter_map(|it| it.client_id()) {
                    let client = aws.cognito.describe_user_pool_client().user_pool_id(&id).client_id(client);
                    add!(client, user_pool_client);
                }
            }
        }
        for (name, id) in rest_apis(&aws).await {
            if apis.keys().any(|logical| name == format!("{stack}-{logical}")) {
                add!(aws.apigateway.get_rest_api().rest_api_id(&id), id, tags);
                add!(aws.apigateway.get_resources().rest_api_id(&id).embed("methods"), items);
                add!(aws.apigateway.get_authorizers().rest_api_id(&id), items);
                add!(aws.apigateway.get_stages().rest_api_id(&id), item);
                add!(aws.apigateway.get_deployments().rest_api_id(&id), items);
            }
        }
    });
    all
}

/// Its contents in a fixed order: maps have none.
fn lines(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:#?}");
    let mut lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// All APIs: names with ids.
pub async fn rest_apis(aws: &Clients) -> Vec<(String, String)> {
    let all = aws.apigateway.get_rest_apis().limit(500).send().await.unwrap();
    all.items().iter().filter_map(|it| Some((it.name()?.to_owned(), it.id()?.to_owned()))).collect()
}

/// All pools: names with ids.
pub async fn pools(aws: &Clients) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut next = None;
    loop {
        let page = aws.cognito.list_user_pools().max_results(60).set_next_token(next).send().await.unwrap();
        let named = page.user_pools().iter();
        all.extend(named.filter_map(|it| Some((it.name()?.to_owned(), it.id()?.to_owned()))));
        next = page.next_token;
        if next.is_none() {
            return all;
        }
    }
}
