//! The list of all kinds, and the graph of a stack's resources.

use std::collections::BTreeMap;

use stackctl_apigateway::rest_api::RestApi;
use stackctl_aws_client::{clients::Aws, existing::Existing};
use stackctl_aws_data::{
    account::{Account, Arn, log_group_name},
    desired::{
        bucket::{self, Lifecycle},
        existing::needed_cors,
        failures,
        function::{environment, secret},
        rest_api, role, user_pool,
    },
    invoke_permission::{BucketSource, bucket_statement_id},
};
use stackctl_cognito::{
    existing::{ExistingClient, ExistingPool},
    user_pool::UserPool,
    user_pool_client::UserPoolClient,
    user_pool_group::UserPoolGroup,
};
use stackctl_engine::{Graph, Handle, Kinds};
use stackctl_lambda::{
    existing_function::{CallingStage, ExistingFunction},
    existing_role::ExistingRole,
    function::{Function, FunctionSettings, Invoker},
    log_group::LogGroup,
    role::Role,
    secret::Secret,
};
use stackctl_package::Packages;
use stackctl_s3::bucket::{Bucket, existing::ExistingBucket, notifications::Call};
use stackctl_stackfile::{
    api::{Api, Authorizer},
    bucket::OnDestroy,
    names::{KeyPart, LogicalName},
    stack::Stack,
};

use crate::kinds::notification::Notification;

/// All kinds; the kind that is deleted last comes first.
pub fn kinds() -> Kinds<Aws> {
    Kinds::default()
        .with::<Bucket>()
        .with::<Role>()
        .with::<LogGroup>()
        .with::<Secret>()
        .with::<UserPool>()
        .with::<UserPoolClient>()
        .with::<UserPoolGroup>()
        .with::<RestApi>()
        .with::<Function>()
        .with::<Notification>()
}

/// The kinds whose outputs web pages need.
pub fn kinds_of_outputs() -> Kinds<Aws> {
    Kinds::default().with::<Bucket>().with::<UserPool>().with::<UserPoolClient>().with::<RestApi>()
}

/// The graph of a stack's resources.
pub fn graph(stack: &Stack, account: &Account, packages: &Packages) -> Graph<Aws> {
    let mut graph = Graph::new(kinds());
    let used = add_what_pages_use(&mut graph, stack, account);
    add_groups(&mut graph, stack, &used.pools);
    let failures = add_failures(&mut graph, stack, account);
    add_existing_functions(&mut graph, stack, account, &used);
    let functions = add_functions(&mut graph, stack, account, packages, &used.apis, failures.as_ref());
    add_events(&mut graph, stack, account, &used.buckets, &functions);
    graph
}

/// The graph of the resources whose outputs web pages need.
pub fn graph_of_outputs(stack: &Stack, account: &Account) -> Graph<Aws> {
    let mut graph = Graph::new(kinds_of_outputs());
    add_what_pages_use(&mut graph, stack, account);
    graph
}

/// Resources of a kind by their logical names.
type Handles<'a, R> = BTreeMap<&'a LogicalName, Handle<R>>;

/// The resources that web pages use and that others refer to.
struct Used<'a> {
    buckets: Handles<'a, Bucket>,
    pools: Handles<'a, UserPool>,
    apis: Handles<'a, RestApi>,
}

fn add_what_pages_use<'a>(graph: &mut Graph<Aws>, stack: &'a Stack, account: &Account) -> Used<'a> {
    let tags = |kind: &str, name: &LogicalName| account.tags(&format!("{kind}.{name}"));

    let mut buckets = Handles::new();
    for (name, bucket) in &stack.buckets {
        let physical = account.bucket_name(name, bucket);
        if bucket.existing.is_some() {
            let existing = ExistingBucket { name: physical, cors: needed_cors(stack, name) };
            buckets.insert(name, graph.add(name.as_str(), |_| Existing(existing)).as_one_of());
            continue;
        }
        let handle = graph.add(name.as_str(), |_| Bucket {
            arn: account.bucket_arn(&physical),
            name: physical,
            cors: bucket.cors.as_ref().map(|cors| bucket::cors(cors, &bucket::granted(stack, name))),
            tags: bucket::tags(account, name, bucket),
            lifecycle: Lifecycle::of(bucket),
            on_destroy: bucket.on_destroy,
        });
        buckets.insert(name, handle);
    }

    let mut pools = Handles::new();
    for (name, pool) in &stack.user_pools {
        let handle = match &pool.existing {
            Some(id) => {
                let has_own_clients = pool.clients.values().any(|it| it.existing.is_none());
                let existing = ExistingPool { id: id.to_string(), has_own_clients };
                graph.add(name.as_str(), |_| Existing(existing)).as_one_of()
            }
            None => graph.add(name.as_str(), |_| UserPool {
                name: pool.name.as_ref().map_or_else(|| account.name(name), ToString::to_string),
                desired: pool.clone(),
                logical: name.to_string(),
                tags: user_pool::tags(account, name, pool),
            }),
        };
        for (client_name, client) in &pool.clients {
            if let Some(id) = &client.existing {
                graph.add(format!("{name}/{client_name}"), |edges| {
                    Existing(ExistingClient { id: id.to_string(), pool: edges.part_of(&handle) })
                });
                continue;
            }
            graph.add(format!("{name}/{client_name}"), |edges| UserPoolClient {
                name: account.client_name(name, client_name, client),
                pool: edges.part_of(&handle),
                desired: client.clone(),
            });
        }
        pools.insert(name, handle);
    }

    let mut apis = Handles::new();
    for (name, api) in &stack.apis {
        let handle = graph.add(name.as_str(), |edges| RestApi {
            name: api.name.as_ref().map_or_else(|| account.name(name), ToString::to_string),
            logical: name.to_string(),
            authorizer: match &api.authorizer {
                Authorizer::None => None,
                Authorizer::UserPool(pool) => Some((pool.to_string(), edges.runs_on(&pools[pool]))),
            },
            shape: rest_api::shape(stack, api, account),
            stage: api.stage.to_string(),
            variables: rest_api::stage_variables(api),
            throttling: api.throttling,
            tags: tags("rest_api", name),
        });
        apis.insert(name, handle);
    }
    Used { buckets, pools, apis }
}

fn add_groups(graph: &mut Graph<Aws>, stack: &Stack, pools: &Handles<'_, UserPool>) {
    for (name, pool) in &stack.user_pools {
        for group in &pool.groups {
            graph.add(format!("{name}/{group}"), |edges| UserPoolGroup {
                name: group.to_string(),
                pool: edges.part_of(&pools[name]),
            });
        }
    }
}

/// Adds the bucket of failed events, where the stack has one.
fn add_failures(graph: &mut Graph<Aws>, stack: &Stack, account: &Account) -> Option<Handle<Bucket>> {
    let name = failures::bucket_name(account);
    failures::is_needed(stack).then(|| {
        graph.add(failures::LOGICAL, |_| Bucket {
            arn: account.bucket_arn(&name),
            name,
            cors: None,
            tags: account.tags(&format!("bucket.{}", failures::LOGICAL)),
            lifecycle: failures::lifecycle(),
            on_destroy: OnDestroy::Empty,
        })
    })
}

fn add_existing_functions(graph: &mut Graph<Aws>, stack: &Stack, account: &Account, used: &Used<'_>) {
    for (name, function) in &stack.existing_functions {
        let routes = |api: &Api| -> Vec<String> {
            let routes = api.routes.iter().filter(|(_, target)| *target == name);
            routes.map(|(route, _)| format!("{}{}", route.method, path_of_arn(&route.path))).collect()
        };
        let calling = stack.apis.iter().filter(|(_, api)| api.routes.values().any(|target| target == name));
        let events = stack.buckets.iter().filter(|(_, it)| it.events.iter().any(|event| event.call == *name));
        let buckets = events.map(|(bucket, it)| {
            let arn = account.bucket_arn(&account.bucket_name(bucket, it));
            (bucket.to_string(), BucketSource { bucket: arn.0, account: account.id.clone() })
        });
        graph.add(name.as_str(), |edges| {
            Existing(ExistingFunction {
                name: function.to_string(),
                stages: calling
                    .map(|(api_name, api)| CallingStage {
                        api: edges.reads(&used.apis[api_name]),
                        stage: api.stage.to_string(),
                        routes: routes(api),
                    })
                    .collect(),
                buckets: buckets.collect(),
            })
        });
    }
}

/// A path as ARNs have it: with a star for each parameter.
fn path_of_arn(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn add_functions<'a>(
    graph: &mut Graph<Aws>,
    stack: &'a Stack,
    account: &Account,
    packages: &Packages,
    apis: &Handles<'_, RestApi>,
    failures: Option<&Handle<Bucket>>,
) -> Handles<'a, Function> {
    let mut functions = Handles::new();
    let tags = |kind: &str, name: &LogicalName| account.tags(&format!("{kind}.{name}"));
    for (name, function) in &stack.functions {
        let physical = account.function_name(name, function);
        let group = log_group_name(&physical);
        let secret_name = secret(stack, name, account);
        let grants = role::grants(stack, name, function, account);
        let group_arn = account.log_group_arn(&group);
        let role = match &function.role {
            Some(it) => {
                let existing = ExistingRole { name: it.existing.to_string(), grants, log_group: group_arn };
                graph.add(name.as_str(), |_| Existing(existing)).as_one_of()
            }
            None => graph.add(name.as_str(), |_| Role {
                name: account.role_name(&physical),
                tags: account.tags_of_region(&format!("role.{name}")),
                boundary: stack.boundary.as_ref().map(|it| Arn(it.to_string())),
                grants,
                keys: role::key_use(stack, function, account),
                parameters: secret_name.iter().map(|it| account.parameter_arn(it)).collect(),
                log_group: group_arn,
            }),
        };
        let log_group = graph.add(name.as_str(), |_| LogGroup {
            name: group,
            retention: function.log_retention,
            tags: tags("log_group", name),
        });
        let secret = secret_name
            .map(|secret| graph.add(name.as_str(), |_| Secret { name: secret, tags: tags("secret", name) }));
        let handle = graph.add(name.as_str(), |edges| Function {
            name: physical,
            // The role may be deleted before the function.
            role: edges.runs_on(&role),
            boundary: stack.boundary.as_ref().map(|it| Arn(it.to_string())),
            log_group: edges.to(&log_group),
            secret: secret.as_ref().map(|it| edges.to(it)),
            code: packages.code(function),
            settings: FunctionSettings {
                runtime: function.source.runtime().to_string(),
                handler: function.source.handler().to_owned(),
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
            failures: failures.filter(|_| failures::is_called(stack, name)).map(|it| edges.to(it)),
            failures_arn: account.bucket_arn(&failures::bucket_name(account)),
            bucket_statements: stack.buckets.keys().map(|it| bucket_statement_id(it.as_str())).collect(),
            tags: tags("function", name),
            account: account.clone(),
        });
        functions.insert(name, handle);
    }
    functions
}

fn add_events(
    graph: &mut Graph<Aws>,
    stack: &Stack,
    account: &Account,
    buckets: &Handles<'_, Bucket>,
    functions: &Handles<'_, Function>,
) {
    for (name, bucket) in stack.buckets.iter().filter(|(_, it)| !it.events.is_empty()) {
        let bucket_name = account.bucket_name(name, bucket);
        let physical = |function: &LogicalName| account.called_function_name(stack, function);
        let text = |it: &Option<KeyPart>| it.as_ref().map(ToString::to_string).unwrap_or_default();
        let calls = bucket.events.iter().map(|event| Call {
            on: event.on,
            prefix: text(&event.prefix),
            suffix: text(&event.suffix),
            function: account.function_arn(&physical(&event.call)),
        });
        graph.add(name.as_str(), |edges| Notification {
            // It is deleted first: deleted objects would be events.
            bucket: edges.to(&buckets[name]),
            source: BucketSource { bucket: account.bucket_arn(&bucket_name).0, account: account.id.clone() },
            bucket_name,
            statement: bucket_statement_id(name.as_str()),
            calls: calls.collect(),
            functions: bucket
                .events
                .iter()
                .filter_map(|event| Some((physical(&event.call), edges.to(functions.get(&event.call)?))))
                .collect(),
        });
    }
}

#[cfg(test)]
mod tests;
