//! A client of an adopted pool keeps what others set.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::types::{
    ExplicitAuthFlowsType, OAuthFlowType, TimeUnitsType, TokenValidityUnitsType, UserPoolClientType,
};
use expect_test::{Expect, expect};
use stackctl_aws_data::account::Arn;
use stackctl_engine::{Known, Resource, plan::text as plan_text};
use stackctl_stackfile::{
    units::Seconds,
    user_pool::{Client as ClientOfFile, Rotation},
};

use super::{
    super::{Action, Live, UserPoolClient},
    client, of_file,
};
use crate::user_pool;

/// The client as CDK makes it, with the lifetimes of the file.
fn of_cdk() -> UserPoolClientType {
    UserPoolClientType::builder()
        .client_id("1a2b")
        .client_name("app-users-web")
        .explicit_auth_flows(ExplicitAuthFlowsType::AllowCustomAuth)
        .explicit_auth_flows(ExplicitAuthFlowsType::AllowRefreshTokenAuth)
        .allowed_o_auth_flows_user_pool_client(true)
        .allowed_o_auth_flows(OAuthFlowType::Code)
        .allowed_o_auth_scopes("openid")
        .callback_urls("https://example.com")
        .supported_identity_providers("COGNITO")
        .access_token_validity(60)
        .id_token_validity(60)
        .refresh_token_validity(30)
        .token_validity_units(
            TokenValidityUnitsType::builder()
                .access_token(TimeUnitsType::Minutes)
                .id_token(TimeUnitsType::Minutes)
                .refresh_token(TimeUnitsType::Days)
                .build(),
        )
        .read_attributes("custom:plan")
        .build()
}

fn in_adopted_pool(client: &UserPoolClient) -> Known {
    let pool = user_pool::Outputs {
        id: "eu-west-1_1".to_owned(),
        arn: Arn("arn:pool".to_owned()),
        clients: BTreeMap::new(),
        groups: BTreeMap::new(),
        is_adopted: true,
    };
    Known::default().with(&client.pool, pool)
}

/// The client after the actions from CDK's, and the plan.
fn after(desired: ClientOfFile, expected: Expect) -> UserPoolClientType {
    let client = client(desired);
    let known = in_adopted_pool(&client);
    let live = Live::new("eu-west-1_1".to_owned(), Some(of_cdk())).unwrap();
    expected.assert_eq(&plan_text::steps_with(&client, Some(&live), &known));
    let actions = client.diff(Some(&live), &known);
    let [Action::Update { from: _, to }] = actions.as_slice() else { panic!("{actions:?}") };
    let now = to.put_into(of_cdk());
    let live = Live::new("eu-west-1_1".to_owned(), Some(now.clone())).unwrap();
    assert!(client.diff(Some(&live), &known).is_empty());
    now
}

#[test]
fn flows_urls_and_units_of_others_stay() {
    let now = after(
        of_file(),
        expect![[r#"
        ~ update
            auth_flows: ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH → ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH
            prevent_user_existence_errors: false → true
            token_revocation: false → true
    "#]],
    );
    let before = of_cdk();
    assert_eq!(now.token_validity_units, before.token_validity_units);
    assert_eq!((now.access_token_validity, now.refresh_token_validity), (Some(60), 30));
    assert_eq!(now.callback_urls, before.callback_urls);
    assert_eq!(now.allowed_o_auth_scopes, before.allowed_o_auth_scopes);
    assert_eq!(now.supported_identity_providers, before.supported_identity_providers);
    assert_eq!(now.read_attributes, before.read_attributes);
    assert!(before.explicit_auth_flows().iter().all(|it| now.explicit_auth_flows().contains(it)));
}

#[test]
fn rotation_excludes_the_refresh_flow_of_others_too() {
    let rotation = Some(Rotation { grace: Seconds(10) });
    let now = after(
        ClientOfFile { refresh_token_rotation: rotation, access_token: Seconds(300), ..of_file() },
        expect![[r#"
            ~ update
                access_token: 1h → 5m
                auth_flows: ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH → ALLOW_CUSTOM_AUTH, ALLOW_USER_SRP_AUTH
                prevent_user_existence_errors: false → true
                token_revocation: false → true
                refresh_token_rotation: off → on, 10s of grace
        "#]],
    );
    assert!(!now.explicit_auth_flows().contains(&ExplicitAuthFlowsType::AllowRefreshTokenAuth));
    let units = now.token_validity_units.unwrap();
    assert_eq!(
        (units.access_token, units.id_token),
        (Some(TimeUnitsType::Seconds), Some(TimeUnitsType::Minutes))
    );
}
