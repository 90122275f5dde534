//! The user pool.

use aws_sdk_cognitoidentityprovider::types::{
    ExplicitAuthFlowsType, IdentityProviderTypeType, LambdaConfigType,
};

use super::Row;
use crate::stacks::lifecycle::send;

pub const ROWS: &[Row] = &[
    Row(
        "pool: an OIDC identity provider",
        |aws, it| {
            let add = aws.cognito.create_identity_provider().user_pool_id(&it.pool).provider_name("evil");
            let add = add.provider_type(IdentityProviderTypeType::Oidc);
            let add = add.provider_details("client_id", "1").provider_details("client_secret", "2");
            let add = add.provider_details("oidc_issuer", "https://evil.example");
            let add = add.provider_details("attributes_request_method", "GET");
            send!(add.provider_details("authorize_scopes", "openid"));
        },
        &["user_pool.users: people may sign in with an account of the identity provider evil (OIDC)"],
    ),
    Row(
        "pool: a foreign client with password flow",
        |aws, it| {
            let add = aws.cognito.create_user_pool_client().user_pool_id(&it.pool).client_name("mine");
            let add = add.explicit_auth_flows(ExplicitAuthFlowsType::AllowUserPasswordAuth);
            send!(add.explicit_auth_flows(ExplicitAuthFlowsType::AllowRefreshTokenAuth));
        },
        &["user_pool.users: its people may sign in through the app client mine ("],
    ),
    TRIGGER,
    Row(
        "pool: a domain",
        |aws, it| {
            send!(aws.cognito.create_user_pool_domain().user_pool_id(&it.pool).domain(it.name.clone()));
        },
        &["user_pool.users: it has Cognito's sign-in page, at the domain exposed-"],
    ),
];

/// Its command sends the whole of the pool back.
pub const TRIGGER: Row = Row(
    "pool: a trigger",
    |aws, it| {
        let trigger = "arn:aws:lambda:eu-west-1:000000000000:function:evil";
        let now = send!(aws.cognito.describe_user_pool().user_pool_id(&it.pool)).user_pool.unwrap();
        let triggers = LambdaConfigType::builder().pre_token_generation(trigger).pre_sign_up(trigger);
        // Omitted members may be reset (COG-20).
        let update = aws.cognito.update_user_pool().user_pool_id(&it.pool).lambda_config(triggers.build());
        let update = update.set_user_pool_tags(now.user_pool_tags).set_policies(now.policies);
        let update = update.set_deletion_protection(now.deletion_protection);
        send!(update.set_admin_create_user_config(now.admin_create_user_config));
    },
    &["user_pool.users: code of others runs when people sign in or up (PreSignUp: arn:aws:lambda:eu-west-1:\
         000000000000:function:evil, PreTokenGeneration: arn:aws:lambda:eu-west-1:000000000000:function:evil)"],
);
