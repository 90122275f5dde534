//! The list of all kinds, and the graph of a stack's resources.

use std::collections::BTreeMap;

use stackctl_aws_client::clients::Aws;
use stackctl_aws_data::{
    account::{Account, Arn, log_group_name},
    desired::{
        bucket::{self, Lifecycle},
        function::environment,
        rest_api, role,
    },
};
use stackctl_cognito::{
    user_pool::UserPool, user_pool_client::UserPoolClient, user_pool_group::UserPoolGroup,
};
use stackctl_engine::{Graph, Handle, Kinds};
use stackctl_package::Packages;
use stackctl_s3::bucket::Bucket;
use stackctl_stackfile::{api::Authorizer, names::LogicalName, stack::Stack};

use crate::kinds::{
    function::{Function, FunctionSettings, Invoker},
    log_group::LogGroup,
    rest_api::RestApi,
    role::Role,
};

/// All kinds; the kind that is deleted last comes first.
pub fn kinds() -> Kinds<Aws> {
    Kinds::default()
        .with::<Bucket>()
        .with::<Role>()
        .with::<LogGroup>()
        .with::<UserPool>()
        .with::<UserPoolClient>()
        .with::<UserPoolGroup>()
        .with::<RestApi>()
        .with::<Function>()
}

/// The kinds whose outputs web pages need.
pub fn kinds_of_outputs() -> Kinds<Aws> {
    Kinds::default().with::<Bucket>().with::<UserPool>().with::<UserPoolClient>().with::<RestApi>()
}

/// The graph of a stack's resources.
pub fn graph(stack: &Stack, account: &Account, packages: &Packages) -> Graph<Aws> {
    let mut graph = Graph::new(kinds());
    let (pools, apis) = add_what_pages_use(&mut graph, stack, account);
    add_groups(&mut graph, stack, &pools);
    add_functions(&mut graph, stack, account, packages, &apis);
    graph
}

/// The graph of the resources whose outputs web pages need.
pub fn graph_of_outputs(stack: &Stack, account: &Account) -> Graph<Aws> {
    let mut graph = Graph::new(kinds_of_outputs());
    add_what_pages_use(&mut graph, stack, account);
    graph
}

type Pools<'a> = BTreeMap<&'a LogicalName, Handle<UserPool>>;
type Apis<'a> = BTreeMap<&'a LogicalName, Handle<RestApi>>;

fn add_what_pages_use<'a>(
    graph: &mut Graph<Aws>,
    stack: &'a Stack,
    account: &Account,
) -> (Pools<'a>, Apis<'a>) {
    let tags = |kind: &str, name: &LogicalName| account.tags(&format!("{kind}.{name}"));

    for (name, bucket) in &stack.buckets {
        let physical = account.bucket_name(name, bucket);
        graph.add(name.as_str(), |_| Bucket {
            arn: account.bucket_arn(&physical),
            name: physical,
            cors: bucket.cors.as_ref().map(|cors| bucket::cors(cors, &bucket::granted(stack, name))),
            tags: tags("bucket", name),
            lifecycle: Lifecycle::of(bucket),
            on_destroy: bucket.on_destroy,
        });
    }

    let mut pools = Pools::new();
    for (name, pool) in &stack.user_pools {
        let handle = graph.add(name.as_str(), |_| UserPool {
            name: pool.name.as_ref().map_or_else(|| account.name(name), ToString::to_string),
            desired: pool.clone(),
            logical: name.to_string(),
            tags: match pool.groups.is_empty() {
                true => tags("user_pool", name),
                false => tags("user_pool", name).of_groups(),
            },
        });
        for (client_name, client) in &pool.clients {
            graph.add(format!("{name}/{client_name}"), |edges| UserPoolClient {
                name: account.client_name(name, client_name),
                pool: edges.part_of(&handle),
                desired: client.clone(),
            });
        }
        pools.insert(name, handle);
    }

    let mut apis = Apis::new();
    for (name, api) in &stack.apis {
        let handle = graph.add(name.as_str(), |edges| RestApi {
            name: api.name.as_ref().map_or_else(|| account.name(name), ToString::to_string),
            logical: name.to_string(),
            authorizer: match &api.authorizer {
                Authorizer::None => None,
                Authorizer::UserPool(pool) => Some((pool.to_string(), edges.reads(&pools[pool]))),
            },
            shape: rest_api::shape(stack, api, account),
            stage: api.stage.to_string(),
            variables: rest_api::stage_variables(api),
            throttling: api.throttling,
            tags: tags("rest_api", name),
        });
        apis.insert(name, handle);
    }
    (pools, apis)
}

fn add_groups(graph: &mut Graph<Aws>, stack: &Stack, pools: &Pools<'_>) {
    for (name, pool) in &stack.user_pools {
        for group in &pool.groups {
            graph.add(format!("{name}/{group}"), |edges| UserPoolGroup {
                name: group.to_string(),
                pool: edges.part_of(&pools[name]),
            });
        }
    }
}

fn add_functions(
    graph: &mut Graph<Aws>,
    stack: &Stack,
    account: &Account,
    packages: &Packages,
    apis: &Apis<'_>,
) {
    let tags = |kind: &str, name: &LogicalName| account.tags(&format!("{kind}.{name}"));
    for (name, function) in &stack.functions {
        let physical = account.function_name(name, function);
        let group = log_group_name(&physical);
        let role = graph.add(name.as_str(), |_| Role {
            name: account.role_name(&physical),
            tags: account.tags_of_region(&format!("role.{name}")),
            boundary: stack.boundary.as_ref().map(|it| Arn(it.to_string())),
            grants: role::grants(stack, function, account),
            log_group: account.log_group_arn(&group),
        });
        let log_group = graph.add(name.as_str(), |_| LogGroup {
            name: group,
            retention: function.log_retention,
            tags: tags("log_group", name),
        });
        graph.add(name.as_str(), |edges| Function {
            name: physical,
            // The role may be deleted before the function.
            role: edges.reads(&role),
            boundary: stack.boundary.as_ref().map(|it| Arn(it.to_string())),
            log_group: edges.to(&log_group),
            code: packages.code(function),
            settings: FunctionSettings {
                architecture: function.architecture,
                memory: function.memory,
                timeout: function.timeout,
                environment: environment(stack, function, account),
            },
            invokers: stack
                .apis
                .iter()
                .filter(|(_, api)| api.routes.values().any(|target| target == name))
                .map(|(api_name, api)| Invoker {
                    api: edges.reads(&apis[api_name]),
                    stage: api.stage.to_string(),
                })
                .collect(),
            tags: tags("function", name),
            account: account.clone(),
        });
    }
}
