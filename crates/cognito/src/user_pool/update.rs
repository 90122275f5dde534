//! The update of a user pool. It sends every field, since Cognito may reset fields that are left out (COG-20).

use std::collections::HashMap;

use aws_sdk_cognitoidentityprovider::{
    Client,
    operation::update_user_pool::builders::UpdateUserPoolFluentBuilder,
    types::{
        AccountRecoverySettingType, DeletionProtectionType, EmailConfigurationType, LambdaConfigType,
        MessageTemplateType, UserAttributeUpdateSettingsType, UserPoolType, VerificationMessageTemplateType,
    },
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::{cli::Cli, tags::Tags};
use stackctl_engine::Reporter;

use crate::user_pool::operations;

/// Updates the pool to this description.
pub async fn send(pool: &UserPoolType, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    wait::write(&operations::UPDATE_USER_POOL, reporter, || {
        request(pool, &aws.cognito).customize().mutate_request(leave_out_unset_days).send()
    })
    .await
    .map(drop)
}

/// Turns the deletion protection off with a request that leaves all other fields out: Cognito may reset them.
pub async fn unprotect(id: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let inactive = DeletionProtectionType::Inactive;
    wait::write(&operations::UPDATE_USER_POOL, reporter, || {
        aws.cognito.update_user_pool().user_pool_id(id).deletion_protection(inactive.clone()).send()
    })
    .await
    .map(drop)
}

/// The request that updates the pool to this description, without empty values, which Cognito refuses (COG-30).
pub fn request(pool: &UserPoolType, client: &Client) -> UpdateUserPoolFluentBuilder {
    let pool = pool.clone();
    let admin = pool.admin_create_user_config.map(|mut admin| {
        // The password policy has the same setting, and Cognito refuses both at once.
        admin.unused_account_validity_days = 0;
        admin.invite_message_template =
            given(admin.invite_message_template, &MessageTemplateType::builder().build());
        admin
    });
    let mut tags = HashMap::new();
    tags.extend(Tags::read(pool.user_pool_tags.unwrap_or_default()).0);
    let recovery = given(pool.account_recovery_setting, &AccountRecoverySettingType::builder().build());
    let attribute_updates = pool.user_attribute_update_settings;
    client
        .update_user_pool()
        .set_user_pool_id(pool.id)
        .set_pool_name(pool.name)
        .set_policies(pool.policies)
        .set_deletion_protection(pool.deletion_protection)
        .set_lambda_config(given(pool.lambda_config, &LambdaConfigType::builder().build()))
        .set_auto_verified_attributes(given(pool.auto_verified_attributes, &Vec::new()))
        .set_sms_verification_message(given(pool.sms_verification_message, &String::new()))
        .set_email_verification_message(given(pool.email_verification_message, &String::new()))
        .set_email_verification_subject(given(pool.email_verification_subject, &String::new()))
        .set_verification_message_template(given(
            pool.verification_message_template,
            &VerificationMessageTemplateType::builder().build(),
        ))
        .set_sms_authentication_message(given(pool.sms_authentication_message, &String::new()))
        .set_user_attribute_update_settings(given(
            attribute_updates,
            &UserAttributeUpdateSettingsType::builder().build(),
        ))
        .set_mfa_configuration(pool.mfa_configuration)
        .set_device_configuration(pool.device_configuration)
        .set_email_configuration(given(pool.email_configuration, &EmailConfigurationType::builder().build()))
        .set_sms_configuration(pool.sms_configuration.filter(|it| !it.sns_caller_arn.is_empty()))
        .set_user_pool_tags(Some(tags))
        .set_admin_create_user_config(admin)
        .set_user_pool_add_ons(pool.user_pool_add_ons)
        .set_account_recovery_setting(recovery)
        .set_user_pool_tier(pool.user_pool_tier)
        .set_key_configuration(pool.key_configuration)
        .set_issuer_configuration(pool.issuer_configuration)
        .set_acr_configuration(given(pool.acr_configuration, &HashMap::new()))
}

/// The command that removes the triggers and changes nothing else. It contains every field of an update, since one
/// that is left out may be reset (COG-20).
pub fn without_triggers(pool: &UserPoolType, client: &Client, cli: &Cli) -> String {
    let request = request(pool, client);
    let has = request.as_input();
    let same = [
        ("Policies", has.get_policies().is_some()),
        ("DeletionProtection", has.get_deletion_protection().is_some()),
        ("AutoVerifiedAttributes", has.get_auto_verified_attributes().is_some()),
        ("SmsVerificationMessage", has.get_sms_verification_message().is_some()),
        ("EmailVerificationMessage", has.get_email_verification_message().is_some()),
        ("EmailVerificationSubject", has.get_email_verification_subject().is_some()),
        ("VerificationMessageTemplate", has.get_verification_message_template().is_some()),
        ("SmsAuthenticationMessage", has.get_sms_authentication_message().is_some()),
        ("UserAttributeUpdateSettings", has.get_user_attribute_update_settings().is_some()),
        ("MfaConfiguration", has.get_mfa_configuration().is_some()),
        ("DeviceConfiguration", has.get_device_configuration().is_some()),
        ("EmailConfiguration", has.get_email_configuration().is_some()),
        ("SmsConfiguration", has.get_sms_configuration().is_some()),
        ("UserPoolTags", has.get_user_pool_tags().is_some()),
        ("UserPoolAddOns", has.get_user_pool_add_ons().is_some()),
        ("AccountRecoverySetting", has.get_account_recovery_setting().is_some()),
        ("UserPoolTier", has.get_user_pool_tier().is_some()),
        ("KeyConfiguration", has.get_key_configuration().is_some()),
        ("IssuerConfiguration", has.get_issuer_configuration().is_some()),
        ("AcrConfiguration", has.get_acr_configuration().is_some()),
    ];
    let mut members =
        vec!["UserPoolId:Id".to_owned(), "PoolName:Name".to_owned(), "LambdaConfig:`{}`".to_owned()];
    members.extend(same.iter().filter(|(_, given)| *given).map(|(name, _)| format!("{name}:{name}")));
    if let Some(admin) = has.get_admin_create_user_config() {
        // The days are left out: Cognito refuses them together with the password policy's.
        let template = admin.invite_message_template.as_ref();
        let template = template.map(|_| ",InviteMessageTemplate:InviteMessageTemplate").unwrap_or_default();
        members.push(format!(
            "AdminCreateUserConfig:AdminCreateUserConfig.{{AllowAdminCreateUserOnly:AllowAdminCreateUserOnly{template}}}"
        ));
    }
    let query = format!("UserPool.{{{}}}", members.join(","));
    let id = pool.id().unwrap_or_default();
    let describe =
        ["cognito-idp", "describe-user-pool", "--user-pool-id", id, "--output", "json", "--query", &query];
    let update = cli.command(&["cognito-idp", "update-user-pool"]);
    format!("{update} --cli-input-json \"$({})\"", cli.command(&describe))
}

fn given<T: PartialEq>(value: Option<T>, empty: &T) -> Option<T> {
    value.filter(|value| value != empty)
}

/// Removes a number from a request: the SDK writes 0 if it is not set, and Cognito refuses it together with that of
/// the password policy.
pub fn leave_out_unset_days(request: &mut HttpRequest) {
    let Some(body) = request.body().bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()) else { return };
    // A quotation mark in a text would be escaped, so this is the member.
    let body = body.replace(r#","UnusedAccountValidityDays":0"#, "");
    let length = body.len().to_string();
    *request.body_mut() = SdkBody::from(body);
    request.headers_mut().insert("content-length", length);
}
