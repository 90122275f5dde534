//! The user pool and its client.

use aws_sdk_cognitoidentityprovider::types as cognito;
use stackctl_aws_client::clients::Clients;

use super::{Names, Row, send};

pub const ROWS: &[Row] = &[
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
            let now = send!(aws.cognito.describe_user_pool().user_pool_id(&it.pool)).user_pool.unwrap();
            // Omitted members may be reset, the tags too, and then the pool has no owner (COG-20).
            let update = aws.cognito.update_user_pool().user_pool_id(&it.pool);
            let update = update.set_user_pool_tags(now.user_pool_tags);
            let update = update.set_admin_create_user_config(now.admin_create_user_config);
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
        "client: implicit OAuth with a foreign callback",
        |aws, it| {
            let update = update_client(aws, it).allowed_o_auth_flows_user_pool_client(true);
            let update = update.allowed_o_auth_flows(cognito::OAuthFlowType::Implicit);
            let update = update.allowed_o_auth_scopes("openid").callback_urls("https://evil.example/x");
            let update = update.supported_identity_providers("COGNITO");
            // Omitted members may be reset (COG-20).
            let now =
                send!(aws.cognito.describe_user_pool_client().user_pool_id(&it.pool).client_id(&it.client));
            let now = now.user_pool_client.unwrap();
            let update = update.set_explicit_auth_flows(now.explicit_auth_flows);
            send!(update.set_prevent_user_existence_errors(now.prevent_user_existence_errors));
        },
        &["user_pool_client.users/web: oauth"],
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
];

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
