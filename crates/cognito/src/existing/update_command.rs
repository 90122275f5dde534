//! The settings of an app client as the aws CLI takes them. An update sets what is left out to its default (COG-20), so
//! all of them are in it.

use aws_sdk_cognitoidentityprovider::types::UserPoolClientType;
use serde_json::{Map, Value as Json, json};

/// The input of `aws cognito-idp update-user-pool-client`, without empty values.
pub fn input(client: &UserPoolClientType) -> Json {
    let texts = |all: &[String]| json!(all);
    let flows: Vec<&str> = client.explicit_auth_flows().iter().map(|it| it.as_str()).collect();
    let oauth: Vec<&str> = client.allowed_o_auth_flows().iter().map(|it| it.as_str()).collect();
    let units = client.token_validity_units().map(|units| {
        filled([
            ("AccessToken", json!(units.access_token().map(|it| it.as_str()))),
            ("IdToken", json!(units.id_token().map(|it| it.as_str()))),
            ("RefreshToken", json!(units.refresh_token().map(|it| it.as_str()))),
        ])
    });
    let rotation = client.refresh_token_rotation().map(|it| {
        filled([
            ("Feature", json!(it.feature.as_str())),
            ("RetryGracePeriodSeconds", json!(it.retry_grace_period_seconds)),
        ])
    });
    let analytics = client.analytics_configuration().map(|it| {
        filled([
            ("ApplicationId", json!(it.application_id())),
            ("ApplicationArn", json!(it.application_arn())),
            ("RoleArn", json!(it.role_arn())),
            ("ExternalId", json!(it.external_id())),
            ("UserDataShared", json!(it.user_data_shared.then_some(true))),
        ])
    });
    filled([
        ("UserPoolId", json!(client.user_pool_id())),
        ("ClientId", json!(client.client_id())),
        ("ClientName", json!(client.client_name())),
        ("RefreshTokenValidity", json!(client.refresh_token_validity)),
        ("AccessTokenValidity", json!(client.access_token_validity)),
        ("IdTokenValidity", json!(client.id_token_validity)),
        ("TokenValidityUnits", json!(units)),
        ("ReadAttributes", texts(client.read_attributes())),
        ("WriteAttributes", texts(client.write_attributes())),
        ("ExplicitAuthFlows", json!(flows)),
        ("SupportedIdentityProviders", texts(client.supported_identity_providers())),
        ("CallbackURLs", texts(client.callback_urls())),
        ("LogoutURLs", texts(client.logout_urls())),
        ("DefaultRedirectURI", json!(client.default_redirect_uri())),
        ("AllowedOAuthFlows", json!(oauth)),
        ("AllowedOAuthScopes", texts(client.allowed_o_auth_scopes())),
        ("AllowedOAuthFlowsUserPoolClient", json!(client.allowed_o_auth_flows_user_pool_client)),
        ("AnalyticsConfiguration", json!(analytics)),
        ("PreventUserExistenceErrors", json!(client.prevent_user_existence_errors().map(|it| it.as_str()))),
        ("EnableTokenRevocation", json!(client.enable_token_revocation)),
        (
            "EnablePropagateAdditionalUserContextData",
            json!(client.enable_propagate_additional_user_context_data),
        ),
        ("AuthSessionValidity", json!(client.auth_session_validity)),
        ("RefreshTokenRotation", json!(rotation)),
    ])
}

/// The fields with a value.
fn filled<const N: usize>(fields: [(&str, Json); N]) -> Json {
    let is_empty = |value: &Json| match value {
        Json::Null => true,
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.is_empty(),
        Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    };
    let all = fields.into_iter().filter(|(_, value)| !is_empty(value));
    Json::Object(all.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}
