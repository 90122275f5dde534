//! The managed settings of an app client: desired, live, and as text.

use std::collections::BTreeSet;

use aws_sdk_cognitoidentityprovider::types::{
    ExplicitAuthFlowsType, FeatureType, PreventUserExistenceErrorTypes, RefreshTokenRotationType,
    TimeUnitsType, TokenValidityUnitsType, UserPoolClientType,
};
use stackctl_aws_data::desired::user_pool::auth_flows;
use stackctl_engine::Step;
use stackctl_stackfile::{units::Seconds, user_pool::Client as ClientOfFile};

use super::model::{ClientSettings, OAuth, UserPoolClient};

impl OAuth {
    fn read(client: &UserPoolClientType) -> Option<OAuth> {
        (client.allowed_o_auth_flows_user_pool_client == Some(true)).then(|| OAuth {
            flows: client.allowed_o_auth_flows().iter().map(|it| it.as_str().to_owned()).collect(),
            callbacks: client.callback_urls().iter().cloned().collect(),
            providers: client.supported_identity_providers().iter().cloned().collect(),
        })
    }

    fn text(&self) -> String {
        let join = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
        let OAuth { flows, callbacks, providers } = self;
        format!("{} to {} by {}", join(flows), join(callbacks), join(providers))
    }
}

impl ClientSettings {
    /// The settings of the file.
    pub fn desired(client: &UserPoolClient) -> ClientSettings {
        let UserPoolClient { name: _, pool: _, desired } = client;
        let ClientOfFile {
            existing: _,
            name: _,
            access_token,
            id_token,
            refresh_token,
            refresh_token_rotation,
        } = desired;
        ClientSettings {
            access_token: *access_token,
            id_token: *id_token,
            refresh_token: *refresh_token,
            flows: auth_flows(desired).into_iter().map(str::to_owned).collect(),
            hides_users: true,
            revocation: true,
            rotation: refresh_token_rotation.as_ref().map(|it| it.grace),
            oauth: None,
            secret: false,
        }
    }

    /// These desired settings with those of others that a client of an adopted pool keeps.
    pub fn beside(self, live: &ClientSettings) -> ClientSettings {
        let mut flows = &self.flows | &live.flows;
        if self.rotation.is_some() {
            // Cognito refuses it beside rotation (COG-118).
            flows.remove(ExplicitAuthFlowsType::AllowRefreshTokenAuth.as_str());
        }
        ClientSettings { flows, oauth: live.oauth.clone(), ..self }
    }

    /// The settings in Cognito's description of a client.
    pub fn read(client: &UserPoolClientType) -> ClientSettings {
        let units = client.token_validity_units();
        let access = units.and_then(TokenValidityUnitsType::access_token).unwrap_or(&TimeUnitsType::Hours);
        let id = units.and_then(TokenValidityUnitsType::id_token).unwrap_or(&TimeUnitsType::Hours);
        let refresh = units.and_then(TokenValidityUnitsType::refresh_token).unwrap_or(&TimeUnitsType::Days);
        ClientSettings {
            access_token: seconds(client.access_token_validity.unwrap_or(1), access),
            id_token: seconds(client.id_token_validity.unwrap_or(1), id),
            refresh_token: match client.refresh_token_validity {
                // The default that 0 stands for (COG-26).
                0 => seconds(30, &TimeUnitsType::Days),
                some => seconds(some, refresh),
            },
            flows: client.explicit_auth_flows().iter().map(|flow| flow.as_str().to_owned()).collect(),
            hides_users: client.prevent_user_existence_errors()
                == Some(&PreventUserExistenceErrorTypes::Enabled),
            revocation: client.enable_token_revocation == Some(true),
            rotation: client
                .refresh_token_rotation()
                .filter(|it| it.feature == FeatureType::Enabled)
                .map(|it| Seconds(it.retry_grace_period_seconds.unwrap_or_default().unsigned_abs())),
            oauth: OAuth::read(client),
            secret: client.client_secret.is_some(),
        }
    }

    /// The client with these settings; its other settings do not change.
    pub fn put_into(&self, mut client: UserPoolClientType) -> UserPoolClientType {
        let ClientSettings {
            access_token,
            id_token,
            refresh_token,
            flows,
            hides_users,
            revocation,
            rotation,
            oauth,
            secret: _,
        } = self;
        let number = |Seconds(all): &Seconds| i32::try_from(*all).unwrap_or(i32::MAX);
        // A lifetime of the same length keeps its unit.
        let now = ClientSettings::read(&client);
        let mut units =
            client.token_validity_units.unwrap_or_else(|| TokenValidityUnitsType::builder().build());
        if client.access_token_validity.is_none() || now.access_token != *access_token {
            client.access_token_validity = Some(number(access_token));
            units.access_token = Some(TimeUnitsType::Seconds);
        }
        if client.id_token_validity.is_none() || now.id_token != *id_token {
            client.id_token_validity = Some(number(id_token));
            units.id_token = Some(TimeUnitsType::Seconds);
        }
        if client.refresh_token_validity == 0 || now.refresh_token != *refresh_token {
            client.refresh_token_validity = number(refresh_token);
            units.refresh_token = Some(TimeUnitsType::Seconds);
        }
        client.token_validity_units = Some(units);
        client.explicit_auth_flows =
            Some(flows.iter().map(|flow| ExplicitAuthFlowsType::from(flow.as_str())).collect());
        client.prevent_user_existence_errors = Some(if *hides_users {
            PreventUserExistenceErrorTypes::Enabled
        } else {
            PreventUserExistenceErrorTypes::Legacy
        });
        client.enable_token_revocation = Some(*revocation);
        client.refresh_token_rotation = match (rotation, client.refresh_token_rotation) {
            (None, None) => None,
            // It is sent explicitly, since an update may keep a field that is left out (COG-118).
            (None, Some(_)) => {
                RefreshTokenRotationType::builder().feature(FeatureType::Disabled).build().ok()
            }
            (Some(grace), _) => {
                let rotation = RefreshTokenRotationType::builder().feature(FeatureType::Enabled);
                rotation.retry_grace_period_seconds(number(grace)).build().ok()
            }
        };
        if oauth.is_none() && OAuth::read(&client).is_some() {
            // It is sent explicitly, since an update may keep a field that is left out (COG-20).
            client.allowed_o_auth_flows_user_pool_client = Some(false);
            client.allowed_o_auth_flows = None;
            client.allowed_o_auth_scopes = None;
            client.callback_urls = None;
            client.logout_urls = None;
            client.default_redirect_uri = None;
            client.supported_identity_providers = None;
        }
        client
    }
}

fn seconds(number: i32, unit: &TimeUnitsType) -> Seconds {
    let size = match unit {
        TimeUnitsType::Seconds => 1,
        TimeUnitsType::Minutes => 60,
        TimeUnitsType::Days => 86_400,
        _ => 3_600,
    };
    Seconds(number.unsigned_abs().saturating_mul(size))
}

type Text = fn(&ClientSettings) -> String;

/// Adds the changes of an update or a creation to a step.
pub fn changes(mut step: Step, from: Option<&ClientSettings>, to: &ClientSettings) -> Step {
    let fields: [(&str, Text); 6] = [
        ("access_token", |it| it.access_token.to_string()),
        ("id_token", |it| it.id_token.to_string()),
        ("refresh_token", |it| it.refresh_token.to_string()),
        ("auth_flows", |it| it.flows.iter().cloned().collect::<Vec<_>>().join(", ")),
        ("prevent_user_existence_errors", |it| it.hides_users.to_string()),
        ("token_revocation", |it| it.revocation.to_string()),
    ];
    for (field, text) in fields {
        step = step.change(field, from.map(text), Some(text(to)));
    }
    let rotation = |it: &ClientSettings| match it.rotation {
        Some(grace) => format!("on, {grace} of grace"),
        None => "off".to_owned(),
    };
    if from.is_some() || to.rotation.is_some() {
        step = step.change("refresh_token_rotation", from.map(rotation), Some(rotation(to)));
    }
    if let Some(from) = from {
        let oauth =
            |it: &ClientSettings| Some(it.oauth.as_ref().map_or_else(|| "off".to_owned(), OAuth::text));
        step = step.change("oauth", oauth(from), oauth(to));
    }
    step
}
