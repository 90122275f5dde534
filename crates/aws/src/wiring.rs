//! The list of all kinds, and the graph of a stack's resources.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_aws_client::clients::Aws;
use stackctl_aws_data::account::{Account, Arn, log_group_name};
use stackctl_cognito::{user_pool::UserPool, user_pool_client::UserPoolClient};
use stackctl_engine::{Graph, Handle, Kinds};
use stackctl_package::Packages;
use stackctl_s3::bucket::{Bucket, Cors, Lifecycle};
use stackctl_stackfile::{
    api::{Api, Authorizer},
    bucket::BucketCors,
    bucket_variables::BucketVariables,
    function::Function as FunctionOfFile,
    grants::Grant,
    names::LogicalName,
    origin::Origins,
    stack::Stack,
};

use crate::kinds::{
    function::{Function, FunctionSettings, Invoker},
    log_group::LogGroup,
    rest_api::{
        RestApi, cors,
        shape::{Integration, Method, Shape},
    },
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
    let apis = add_what_pages_use(&mut graph, stack, account);
    add_functions(&mut graph, stack, account, packages, &apis);
    graph
}

/// The graph of the resources whose outputs web pages need.
pub fn graph_of_outputs(stack: &Stack, account: &Account) -> Graph<Aws> {
    let mut graph = Graph::new(kinds_of_outputs());
    add_what_pages_use(&mut graph, stack, account);
    graph
}

type Apis<'a> = BTreeMap<&'a LogicalName, Handle<RestApi>>;

fn add_what_pages_use<'a>(graph: &mut Graph<Aws>, stack: &'a Stack, account: &Account) -> Apis<'a> {
    let tags = |kind: &str, name: &LogicalName| account.tags(&format!("{kind}.{name}"));

    for (name, bucket) in &stack.buckets {
        let physical = account.bucket_name(name, bucket);
        graph.add(name.as_str(), |_| Bucket {
            arn: account.bucket_arn(&physical),
            name: physical,
            cors: bucket.cors.as_ref().map(|cors| bucket_cors(cors, &granted(stack, name))),
            tags: tags("bucket", name),
            lifecycle: Lifecycle {
                versioning: bucket.versioning,
                expire: bucket.expire.map(|it| it.days()),
                abort_unfinished: bucket.abort_unfinished.days(),
            },
            on_destroy: bucket.on_destroy,
        });
    }

    let mut pools: BTreeMap<&LogicalName, Handle<UserPool>> = BTreeMap::new();
    for (name, pool) in &stack.user_pools {
        let handle = graph.add(name.as_str(), |_| UserPool {
            name: pool.name.as_ref().map_or_else(|| account.name(name), ToString::to_string),
            desired: pool.clone(),
            logical: name.to_string(),
            tags: tags("user_pool", name),
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
            shape: shape(stack, api, account),
            stage: api.stage.to_string(),
            variables: api
                .cors
                .iter()
                .map(|cors| ("CORS_ORIGINS".to_owned(), cors::stage_variable(&cors.origins)))
                .collect(),
            throttling: api.throttling,
            tags: tags("rest_api", name),
        });
        apis.insert(name, handle);
    }
    apis
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
            grants: function
                .buckets
                .iter()
                .map(|(bucket, grants)| {
                    let bucket = account.bucket_name(bucket, &stack.buckets[bucket]);
                    (account.bucket_arn(&bucket), grants.clone())
                })
                .collect(),
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

/// The grants of all functions on a bucket.
fn granted(stack: &Stack, bucket: &LogicalName) -> BTreeSet<Grant> {
    stack
        .functions
        .values()
        .filter_map(|function| function.buckets.get(bucket))
        .flat_map(|it| &it.allow)
        .copied()
        .collect()
}

/// The CORS rule of a bucket: the methods that functions can sign; PUT if there is no function.
fn bucket_cors(cors: &BucketCors, grants: &BTreeSet<Grant>) -> Cors {
    let methods = |grant: &Grant| -> &[&str] {
        match grant {
            // A form uploads an object with POST.
            Grant::Put => &["PUT", "POST"],
            Grant::Get => &["GET", "HEAD"],
            Grant::List => &["GET"],
            Grant::Delete => &["DELETE"],
            Grant::Multipart => &["PUT", "POST", "GET", "DELETE"],
        }
    };
    let mut opened: BTreeSet<String> = grants.iter().flat_map(methods).map(|it| (*it).to_owned()).collect();
    if opened.is_empty() {
        opened.insert("PUT".to_owned());
    }
    Cors {
        origins: match &cors.origins {
            Origins::Any => BTreeSet::from(["*".to_owned()]),
            Origins::These(all) => all.iter().map(ToString::to_string).collect(),
        },
        methods: opened,
        headers: cors.headers.clone(),
        // The end of a multipart upload has to send the ETags (S3-22).
        exposed: BTreeSet::from(["ETag".to_owned()]),
        max_age: i32::try_from(cors.max_age.0).ok(),
    }
}

/// The file's variables, and for each granted bucket its name, the operations and the prefix of the keys.
fn environment(stack: &Stack, function: &FunctionOfFile, account: &Account) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> =
        function.environment.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    for (bucket, grants) in &function.buckets {
        let variables = BucketVariables::of(bucket);
        let names: Vec<&str> = grants.allow.iter().map(Grant::as_str).collect();
        all.insert(variables.name, account.bucket_name(bucket, &stack.buckets[bucket]));
        all.insert(variables.grants, names.join(","));
        if let Some(prefix) = &grants.prefix {
            all.insert(variables.prefix, prefix.to_string());
        }
    }
    all
}

/// The shape of an API without the ARN of its authorizer's pool.
pub fn shape(stack: &Stack, api: &Api, account: &Account) -> Shape {
    let authorizer = match &api.authorizer {
        Authorizer::None => None,
        Authorizer::UserPool(pool) => Some(pool.to_string()),
    };
    let mut shape = Shape::default();
    for (route, target) in &api.routes {
        let function = account.function_name(target, &stack.functions[target]);
        let method = Method {
            authorizer: authorizer.clone(),
            scopes: BTreeSet::new(),
            api_key: false,
            integration: Integration::Function(account.invocation_uri(&function).0),
        };
        shape.methods.insert((route.path.clone(), route.method.to_string()), method);
    }
    if let Some(cors) = &api.cors {
        let paths: BTreeSet<&String> = api.routes.keys().map(|route| &route.path).collect();
        for path in paths {
            let methods = api.routes.keys().filter(|route| route.path == *path).map(|route| &route.method);
            let method = Method {
                authorizer: None,
                scopes: BTreeSet::new(),
                api_key: false,
                integration: cors::preflight(cors, methods),
            };
            shape.methods.insert((path.clone(), "OPTIONS".to_owned()), method);
        }
        shape.gateway_responses = cors::gateway_responses(cors);
    }
    shape
}
