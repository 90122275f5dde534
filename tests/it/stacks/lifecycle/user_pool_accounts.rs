//! The settings of accounts, which the table's stack does not name: these rows have a stack of their own.

use aws_sdk_cognitoidentityprovider::{
    operation::update_user_pool::builders::UpdateUserPoolFluentBuilder, types as cognito,
};
use stackctl_aws_client::clients::Clients;

use super::{Names, Row, STACK, send};

/// The stack of these rows.
pub fn stack() -> String {
    STACK.replace(
        "    clients: { web: {} }\n",
        "    recovery: email
    mfa: optional
    email: { from: no-reply@example.com, identity: \"arn:aws:ses:eu-west-1:000000000000:identity/example.com\" }
    tier: plus
    clients: { web: { refresh_token_rotation: { grace: 5s } } }\n",
    )
}

pub const ROWS: &[Row] = &[
    Row(
        "accounts: recovery by administrators alone",
        |aws, it| {
            let admin =
                cognito::RecoveryOptionType::builder().name(cognito::RecoveryOptionNameType::AdminOnly);
            let recovery = cognito::AccountRecoverySettingType::builder();
            let recovery = recovery.recovery_mechanisms(admin.priority(1).build().unwrap());
            send!(update(aws, it).account_recovery_setting(recovery.build()));
        },
        &["user_pool.users: recovery"],
    ),
    Row(
        "accounts: mails by Cognito",
        |aws, it| {
            let by_cognito = cognito::EmailSendingAccountType::CognitoDefault;
            let email = cognito::EmailConfigurationType::builder().email_sending_account(by_cognito);
            send!(update(aws, it).email_configuration(email.build()));
        },
        &["user_pool.users: email"],
    ),
    Row(
        "accounts: a lower tier",
        |aws, it| {
            send!(update(aws, it).user_pool_tier(cognito::UserPoolTierType::Lite));
        },
        &["user_pool.users: tier"],
    ),
    Row(
        "accounts: no second factor",
        |aws, it| {
            let set = aws.cognito.set_user_pool_mfa_config().user_pool_id(&it.pool);
            send!(set.mfa_configuration(cognito::UserPoolMfaType::Off));
        },
        &["user_pool.users: mfa"],
    ),
    Row(
        "accounts: refresh tokens are not rotated",
        |aws, it| {
            let now =
                send!(aws.cognito.describe_user_pool_client().user_pool_id(&it.pool).client_id(&it.client));
            let now = now.user_pool_client.unwrap();
            let off = cognito::RefreshTokenRotationType::builder().feature(cognito::FeatureType::Disabled);
            let update = aws.cognito.update_user_pool_client().user_pool_id(&it.pool).client_id(&it.client);
            // Omitted members may be reset (COG-20).
            let update = update.set_explicit_auth_flows(now.explicit_auth_flows);
            let update = update.set_prevent_user_existence_errors(now.prevent_user_existence_errors);
            send!(update.refresh_token_rotation(off.build().unwrap()));
        },
        &["user_pool_client.users/web: refresh_token_rotation"],
    ),
];

/// An update with the members that it would reset by leaving them out (COG-20).
fn update(aws: &Clients, it: &Names) -> UpdateUserPoolFluentBuilder {
    let now = send!(aws.cognito.describe_user_pool().user_pool_id(&it.pool)).user_pool.unwrap();
    let admin = cognito::AdminCreateUserConfigType::builder().allow_admin_create_user_only(true).build();
    aws.cognito
        .update_user_pool()
        .user_pool_id(&it.pool)
        .set_policies(now.policies)
        .set_deletion_protection(now.deletion_protection)
        .set_user_pool_tags(now.user_pool_tags)
        .set_account_recovery_setting(now.account_recovery_setting)
        .set_email_configuration(now.email_configuration)
        .set_user_pool_tier(now.user_pool_tier)
        .set_mfa_configuration(now.mfa_configuration)
        .admin_create_user_config(admin)
}
