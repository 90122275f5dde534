//! Pools and APIs that are not the stack's, and the policies of `stackctl policy`: nothing of them can be changed.

use std::{collections::HashMap, future::Future};

use aws_sdk_apigateway::{
    primitives::Blob,
    types::{Op, PatchOperation, PutMode},
};
use aws_sdk_iam::{config::Credentials, config::http::HttpResponse, error::SdkError};
use stackctl_aws_client::clients::Clients;

use super::{Someone, policy};
use crate::{
    harness::cloud::{Cloud, console, wait_for},
    stacks::lifecycle::STACK,
};

/// A user pool with a client and a user, and an API with a stage.
struct Things {
    pool: String,
    pool_arn: String,
    client: String,
    api: String,
    api_arn: String,
}

type Tags = HashMap<String, String>;

/// Whether the policies let a request through: the answer is anything but AccessDenied.
async fn is_let_through<T, E: std::fmt::Debug>(
    sent: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
) -> bool {
    match sent.await {
        Ok(_) => true,
        Err(error) => {
            assert!(error.raw_response().is_some(), "{error:?}");
            !format!("{error:?}").contains("AccessDenied")
        }
    }
}

/// A request, and the name of the policy that has it allowed for the stack's own things.
macro_rules! requests {
    ($($name:literal for $purpose:literal: |$aws:ident, $it:ident| $request:expr;)*) => {
        const NAMES: &[(&str, &str)] = &[$(($name, $purpose)),*];

        /// Sends the request of this name, to these things.
        async fn send(name: &str, aws: &Clients, things: &Things) -> bool {
            match name {
                $($name => {
                    let ($aws, $it) = (aws, things);
                    is_let_through($request.send()).await
                })*
                other => panic!("{other} is not known"),
            }
        }
    };
}

// Those that leave things as they are come first: the same are sent to the stack's own things.
requests! {
    "TagResource of a pool" for "apply": |aws, it| aws.cognito.tag_resource().resource_arn(&it.pool_arn).set_tags(Some(adopting(aws)));
    "UntagResource of a pool" for "apply": |aws, it| aws.cognito.untag_resource().resource_arn(&it.pool_arn).tag_keys("team");
    "UpdateUserPool" for "apply": |aws, it| aws.cognito.update_user_pool().user_pool_id(&it.pool);
    "UpdateUserPool with tags" for "apply": |aws, it| aws.cognito.update_user_pool().user_pool_id(&it.pool).set_user_pool_tags(Some(adopting(aws)));
    "ListUserPoolClients" for "apply": |aws, it| aws.cognito.list_user_pool_clients().user_pool_id(&it.pool);
    "ListUsers" for "apply": |aws, it| aws.cognito.list_users().user_pool_id(&it.pool);
    "CreateUserPoolClient" for "apply": |aws, it| aws.cognito.create_user_pool_client().user_pool_id(&it.pool).client_name("x");
    "UpdateUserPoolClient" for "apply": |aws, it| aws.cognito.update_user_pool_client().user_pool_id(&it.pool).client_id(&it.client);
    "TagResource of an API" for "apply": |aws, it| aws.apigateway.tag_resource().resource_arn(&it.api_arn).set_tags(Some(adopting(aws)));
    "TagResource of a stage" for "apply": |aws, it| aws.apigateway.tag_resource().resource_arn(format!("{}/stages/v1", it.api_arn)).set_tags(Some(adopting(aws)));
    "UntagResource of an API" for "apply": |aws, it| aws.apigateway.untag_resource().resource_arn(&it.api_arn).tag_keys("team");
    "GetResources" for "apply": |aws, it| aws.apigateway.get_resources().rest_api_id(&it.api);
    "UpdateRestApi" for "apply": |aws, it| aws.apigateway.update_rest_api().rest_api_id(&it.api).patch_operations(described());
    "PutRestApi" for "apply": |aws, it| aws.apigateway.put_rest_api().rest_api_id(&it.api).mode(PutMode::Overwrite).body(Blob::new(DOCUMENT));
    "CreateDeployment" for "apply": |aws, it| aws.apigateway.create_deployment().rest_api_id(&it.api);
    "CreateStage" for "apply": |aws, it| aws.apigateway.create_stage().rest_api_id(&it.api).stage_name("v2").deployment_id("none");
    "UpdateStage" for "apply": |aws, it| aws.apigateway.update_stage().rest_api_id(&it.api).stage_name("v1").patch_operations(described());
    "AdminCreateUser" for "user": |aws, it| aws.cognito.admin_create_user().user_pool_id(&it.pool).username("bob");
    "AdminGetUser" for "user": |aws, it| aws.cognito.admin_get_user().user_pool_id(&it.pool).username("bob");
    "AdminSetUserPassword" for "user": |aws, it| aws.cognito.admin_set_user_password().user_pool_id(&it.pool).username("bob").password("Long-enough-1");
    "AdminDeleteUser" for "user": |aws, it| aws.cognito.admin_delete_user().user_pool_id(&it.pool).username("bob");
    "DeleteUserPoolClient" for "apply": |aws, it| aws.cognito.delete_user_pool_client().user_pool_id(&it.pool).client_id(&it.client);
    "DeleteUserPool" for "apply": |aws, it| aws.cognito.delete_user_pool().user_pool_id(&it.pool);
    "DeleteStage" for "apply": |aws, it| aws.apigateway.delete_stage().rest_api_id(&it.api).stage_name("v1");
    "DeleteRestApi" for "apply": |aws, it| aws.apigateway.delete_rest_api().rest_api_id(&it.api);
}

const DOCUMENT: &str = r#"{"openapi":"3.0.1","info":{"title":"x","version":"1"},"paths":{}}"#;

/// The tags that would make a thing the stack's.
fn adopting(aws: &Clients) -> Tags {
    owned_by(aws.stack.as_str())
}

fn owned_by(stack: &str) -> Tags {
    HashMap::from([("stackctl:stack".to_owned(), stack.to_owned())])
}

fn described() -> PatchOperation {
    PatchOperation::builder().op(Op::Replace).path("/description").value("x").build()
}

impl Things {
    fn new(aws: &Clients, name: &str, tags: &Tags) -> Things {
        wait_for(async {
            let pool = aws.cognito.create_user_pool().pool_name(name).set_user_pool_tags(Some(tags.clone()));
            let pool = pool.send().await.unwrap().user_pool.unwrap();
            let (pool, pool_arn) = (pool.id.unwrap(), pool.arn.unwrap());
            let client = aws.cognito.create_user_pool_client().user_pool_id(&pool).client_name(name);
            let client = client.send().await.unwrap().user_pool_client.unwrap().client_id.unwrap();
            let api = aws.apigateway.create_rest_api().name(name).set_tags(Some(tags.clone()));
            let api = api.send().await.unwrap().id.unwrap();
            let deployed = aws.apigateway.create_deployment().rest_api_id(&api).stage_name("v1");
            deployed.send().await.unwrap();
            let api_arn = format!("arn:aws:apigateway:eu-west-1::/restapis/{api}");
            Things { pool, pool_arn, client, api, api_arn }
        })
    }

    fn delete(&self, aws: &Clients) {
        wait_for(async {
            // Gone already where the request was let through.
            let _ = aws.cognito.delete_user_pool().user_pool_id(&self.pool).send().await;
            let _ = aws.apigateway.delete_rest_api().rest_api_id(&self.api).send().await;
        });
    }
}

impl Someone {
    /// The clients of their own key.
    fn clients(&self) -> Clients {
        let (id, secret) = &self.key;
        let key = Credentials::new(id, secret, None, None, "test");
        macro_rules! with_key {
            ($client:expr, $sdk:ident) => {
                $sdk::Client::from_conf(
                    $client.config().to_builder().credentials_provider(key.clone()).build(),
                )
            };
        }
        let mut clients = self.console.clone();
        clients.cognito = with_key!(clients.cognito, aws_sdk_cognitoidentityprovider);
        clients.apigateway = with_key!(clients.apigateway, aws_sdk_apigateway);
        clients
    }
}

/// Resources of another stack, or of no stack, are out of reach; the same requests are allowed on the stack's resources.
pub fn are_out_of_reach(cloud: &Cloud) {
    let copy = cloud.working_copy("reach", STACK);
    let aws = console(&copy, &cloud.url);
    let ada = Someone::new(&copy, cloud, "ada");
    let clients = ada.clients();
    let stack = aws.stack.to_string();
    let others: [(&str, Tags); 3] = [
        ("another stack's", owned_by("other")),
        ("of a longer name", owned_by(&format!("{stack}-2"))),
        ("no stack's", Tags::from([("team".to_owned(), "web".to_owned())])),
    ];
    let policies = HashMap::from(["apply", "user"].map(|it| (it, policy(&copy, it))));
    let let_through = |things: &Things| -> Vec<&str> {
        let sent = NAMES.iter().filter(|(name, purpose)| {
            ada.may(&policies[purpose]);
            wait_for(send(name, &clients, things))
        });
        sent.map(|(name, _)| *name).collect()
    };
    for (whose, tags) in others {
        let things = Things::new(&aws, &format!("{stack}-foreign"), &tags);
        assert_eq!(let_through(&things), Vec::<&str>::new(), "{whose}");
        things.delete(&aws);
    }
    let own = Things::new(&aws, &format!("{stack}-own"), &owned_by(&stack));
    let all: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    assert_eq!(let_through(&own), all, "the stack's own");
    own.delete(&aws);

    // And nothing is made that would not be the stack's.
    ada.may(&policies["apply"]);
    for (tags, expected) in [(owned_by(&stack), true), (owned_by("other"), false), (Tags::new(), false)] {
        let pool = clients.cognito.create_user_pool().pool_name(format!("{stack}-new"));
        let pool = pool.set_user_pool_tags(Some(tags.clone()));
        assert_eq!(wait_for(is_let_through(pool.send())), expected, "a pool with {tags:?}");
        let api = clients.apigateway.create_rest_api().name(format!("{stack}-new"));
        let api = api.set_tags(Some(tags.clone()));
        assert_eq!(wait_for(is_let_through(api.send())), expected, "an API with {tags:?}");
    }
}
