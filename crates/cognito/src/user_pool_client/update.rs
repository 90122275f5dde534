//! The update of an app client. It sends every field, since Cognito may reset fields that are left out (COG-20).

use aws_sdk_cognitoidentityprovider::{
    Client,
    operation::update_user_pool_client::builders::UpdateUserPoolClientFluentBuilder,
    types::{AnalyticsConfigurationType, UserPoolClientType},
};

/// The request that updates a client to this description, without empty values.
pub fn request(
    pool: &str,
    id: &str,
    client: &UserPoolClientType,
    cognito: &Client,
) -> UpdateUserPoolClientFluentBuilder {
    let client = client.clone();
    let analytics = client.analytics_configuration;
    cognito
        .update_user_pool_client()
        .user_pool_id(pool)
        .client_id(id)
        .set_client_name(client.client_name)
        .refresh_token_validity(client.refresh_token_validity)
        .set_access_token_validity(client.access_token_validity)
        .set_id_token_validity(client.id_token_validity)
        .set_token_validity_units(client.token_validity_units)
        .set_read_attributes(client.read_attributes.filter(|it| !it.is_empty()))
        .set_write_attributes(client.write_attributes.filter(|it| !it.is_empty()))
        .set_explicit_auth_flows(client.explicit_auth_flows)
        .set_supported_identity_providers(client.supported_identity_providers.filter(|it| !it.is_empty()))
        .set_callback_urls(client.callback_urls.filter(|it| !it.is_empty()))
        .set_logout_urls(client.logout_urls.filter(|it| !it.is_empty()))
        .set_default_redirect_uri(client.default_redirect_uri.filter(|it| !it.is_empty()))
        .set_allowed_o_auth_flows(client.allowed_o_auth_flows.filter(|it| !it.is_empty()))
        .set_allowed_o_auth_scopes(client.allowed_o_auth_scopes.filter(|it| !it.is_empty()))
        .set_allowed_o_auth_flows_user_pool_client(client.allowed_o_auth_flows_user_pool_client)
        .set_analytics_configuration(
            analytics.filter(|it| *it != AnalyticsConfigurationType::builder().build()),
        )
        .set_prevent_user_existence_errors(client.prevent_user_existence_errors)
        .set_enable_token_revocation(client.enable_token_revocation)
        .set_enable_propagate_additional_user_context_data(
            client.enable_propagate_additional_user_context_data,
        )
        .set_auth_session_validity(client.auth_session_validity)
        .set_refresh_token_rotation(client.refresh_token_rotation)
}
