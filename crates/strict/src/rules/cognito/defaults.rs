//! The defaults of Cognito, and answers that have them.

use hyper::Response;
use serde_json::{Value, json};
use stackctl_gateway::Body;

use crate::edit;

/// The answer with the defaults that Cognito returns.
pub(super) async fn show(response: Response<Body>) -> Response<Body> {
    edit::json(response, |answer| {
        for (member, show) in [("UserPool", show_pool as fn(&mut Value)), ("UserPoolClient", show_client)] {
            if let Some(it) = answer.get_mut(member) {
                show(it);
            }
        }
    })
    .await
}

/// The defaults of a pool (COG-23), without its tier, which stays.
pub(super) fn pool_defaults() -> Value {
    json!({
        "AccountRecoverySetting": { "RecoveryMechanisms": [
            { "Name": "verified_email", "Priority": 1 },
            { "Name": "verified_phone_number", "Priority": 2 },
        ] },
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7 },
        "AutoVerifiedAttributes": [],
        "DeletionProtection": "INACTIVE",
        "EmailConfiguration": { "EmailSendingAccount": "COGNITO_DEFAULT" },
        "LambdaConfig": {},
        "MfaConfiguration": "OFF",
        "Policies": { "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireLowercase": true,
            "RequireNumbers": true,
            "RequireSymbols": true,
            "RequireUppercase": true,
            "TemporaryPasswordValidityDays": 7,
        } },
        "UserPoolTags": {},
        "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_CODE" },
    })
}

/// The defaults of a client (COG-26).
pub(super) fn client_defaults() -> Value {
    json!({
        "AccessTokenValidity": 60,
        "AllowedOAuthFlows": [],
        "AllowedOAuthFlowsUserPoolClient": false,
        "AllowedOAuthScopes": [],
        "AuthSessionValidity": 3,
        "CallbackURLs": [],
        "EnableTokenRevocation": true,
        "ExplicitAuthFlows": [],
        "IdTokenValidity": 60,
        "LogoutURLs": [],
        "PreventUserExistenceErrors": "LEGACY",
        "ReadAttributes": [],
        "RefreshTokenValidity": 30,
        "SupportedIdentityProviders": [],
        "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days" },
        "WriteAttributes": [],
    })
}

/// COG-23, COG-30.
fn show_pool(pool: &mut Value) {
    const ABSENT: [&str; 14] = [
        "AliasAttributes",
        "AutoVerifiedAttributes",
        "CustomDomain",
        "DeviceConfiguration",
        "Domain",
        "EmailVerificationMessage",
        "EmailVerificationSubject",
        "SmsAuthenticationMessage",
        "SmsConfiguration",
        "SmsVerificationMessage",
        "UserAttributeUpdateSettings",
        "UserPoolAddOns",
        "UsernameAttributes",
        "AccountRecoverySetting",
    ];
    edit::drop_empty(pool, &ABSENT);
    edit::add_missing(pool, pool_defaults());
    // The password policy may be incomplete.
    if let Some(policy) = pool["Policies"].get_mut("PasswordPolicy") {
        edit::add_missing(
            policy,
            json!({
                "MinimumLength": 8,
                "RequireLowercase": false,
                "RequireNumbers": false,
                "RequireSymbols": false,
                "RequireUppercase": false,
                "TemporaryPasswordValidityDays": 7,
            }),
        );
    }
    let sign_in = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] } });
    edit::add_missing(&mut pool["Policies"], sign_in);
    edit::drop_empty(pool, &["AutoVerifiedAttributes", "UserPoolTags"]);
}

/// COG-25, COG-26.
fn show_client(client: &mut Value) {
    const LISTS: [&str; 8] = [
        "AllowedOAuthFlows",
        "AllowedOAuthScopes",
        "CallbackURLs",
        "ExplicitAuthFlows",
        "LogoutURLs",
        "ReadAttributes",
        "SupportedIdentityProviders",
        "WriteAttributes",
    ];
    for name in LISTS {
        if let Some(list) = client.get_mut(name).and_then(Value::as_array_mut) {
            list.sort_by_key(Value::to_string);
        }
    }
    if client["ExplicitAuthFlows"].as_array().is_none_or(Vec::is_empty) {
        client["ExplicitAuthFlows"] =
            json!(["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]);
    }
    edit::drop_empty(client, &LISTS);
    edit::drop_empty(client, &["DefaultRedirectURI", "AnalyticsConfiguration", "TokenValidityUnits"]);
}
