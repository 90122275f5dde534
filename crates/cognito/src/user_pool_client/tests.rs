mod adopted;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cognitoidentityprovider::{
    Client, Config,
    config::BehaviorVersion,
    types::{
        ExplicitAuthFlowsType, FeatureType, OAuthFlowType, PreventUserExistenceErrorTypes,
        RefreshTokenRotationType, TimeUnitsType, TokenValidityUnitsType,
    },
};
use expect_test::{Expect, expect};
use stackctl_aws_data::tags::Tags;
use stackctl_engine::{Edges, Graph, Kinds, plan::text as plan_text};
use stackctl_stackfile::{
    units::Seconds,
    user_pool::{Client as ClientOfFile, PasswordPolicy, Rotation, SignUp, UserPool as UserPoolOfFile},
};

use super::*;

fn of_file() -> ClientOfFile {
    ClientOfFile {
        existing: None,
        name: None,
        access_token: Seconds(3_600),
        id_token: Seconds(3_600),
        refresh_token: Seconds(30 * 86_400),
        refresh_token_rotation: None,
    }
}

fn client(desired: ClientOfFile) -> UserPoolClient {
    let mut graph = Graph::<Aws>::new(Kinds::default());
    let pool = graph.add("users", |_| UserPool {
        name: "app-users".to_owned(),
        logical: "users".to_owned(),
        desired: UserPoolOfFile {
            existing: None,
            name: None,
            sign_up: SignUp::Admin,
            sign_in_with: BTreeSet::new(),
            recovery: None,
            mfa: None,
            email: None,
            tier: None,
            password: PasswordPolicy {
                minimum_length: 8,
                lowercase: true,
                uppercase: true,
                digits: true,
                symbols: true,
                temporary_validity: Seconds(86_400),
            },
            deletion_protection: true,
            groups: BTreeSet::new(),
            clients: BTreeMap::new(),
        },
        tags: Tags::default(),
    });
    UserPoolClient { name: "app-users-web".to_owned(), pool: Edges::default().to(&pool), desired }
}

/// Cognito's description of the client after an apply, with settings of others.
fn described() -> UserPoolClientType {
    let fresh = UserPoolClientType::builder()
        .client_id("1a2b")
        .client_name("app-users-web")
        .callback_urls("https://example.com/signed-in")
        .auth_session_validity(5)
        .default_redirect_uri("")
        .build();
    ClientSettings::desired(&client(of_file())).put_into(fresh)
}

fn check(desired: ClientOfFile, described: Option<UserPoolClientType>, expected: Expect) {
    let live = described.map(|client| Live::new("eu-west-1_1".to_owned(), Some(client)).unwrap());
    expected.assert_eq(&plan_text::steps(&client(desired), live.as_ref()));
}

#[test]
fn creation() {
    check(
        of_file(),
        None,
        expect![[r#"
        + create
            access_token: 1h
            id_token: 1h
            refresh_token: 30d
            auth_flows: ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH
            prevent_user_existence_errors: true
            token_revocation: true
    "#]],
    );
}

#[test]
fn nothing_to_do() {
    check(of_file(), Some(described()), expect![[""]]);
}

#[test]
fn oauth_of_others_is_turned_off() {
    let mut live = described();
    live.allowed_o_auth_flows_user_pool_client = Some(true);
    live.allowed_o_auth_flows = Some(vec![OAuthFlowType::Implicit]);
    live.supported_identity_providers = Some(vec!["COGNITO".to_owned(), "evil".to_owned()]);
    check(
        of_file(),
        Some(live.clone()),
        expect![[r#"
        ~ update
            oauth: implicit to https://example.com/signed-in by COGNITO, evil → off
    "#]],
    );
    let off = ClientSettings::desired(&client(of_file())).put_into(live);
    assert_eq!(off.allowed_o_auth_flows_user_pool_client, Some(false));
    assert_eq!((off.callback_urls(), off.allowed_o_auth_flows()), (&[][..], &[][..]));
    check(of_file(), Some(off), expect![[""]]);
}

#[test]
fn units_do_not_count() {
    let units = TokenValidityUnitsType::builder().access_token(TimeUnitsType::Minutes).build();
    let mut live = described();
    live.access_token_validity = Some(60);
    live.id_token_validity = None;
    live.refresh_token_validity = 0;
    live.token_validity_units = Some(units);
    live.explicit_auth_flows = live.explicit_auth_flows.map(|flows| flows.into_iter().rev().collect());
    check(of_file(), Some(live), expect![[""]]);
}

#[test]
fn access_token() {
    check(
        ClientOfFile { access_token: Seconds(300), ..of_file() },
        Some(described()),
        expect![[r#"
        ~ update
            access_token: 1h → 5m
    "#]],
    );
}

#[test]
fn id_token() {
    check(
        ClientOfFile { id_token: Seconds(5_400), ..of_file() },
        Some(described()),
        expect![[r#"
        ~ update
            id_token: 1h → 90m
    "#]],
    );
}

#[test]
fn refresh_token() {
    check(
        ClientOfFile { refresh_token: Seconds(86_400), ..of_file() },
        Some(described()),
        expect![[r#"
        ~ update
            refresh_token: 30d → 1d
    "#]],
    );
}

#[test]
fn rotation_excludes_the_refresh_flow() {
    let rotating =
        ClientOfFile { refresh_token_rotation: Some(Rotation { grace: Seconds(10) }), ..of_file() };
    check(
        rotating.clone(),
        Some(described()),
        expect![[r#"
        ~ update
            auth_flows: ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH → ALLOW_USER_SRP_AUTH
            refresh_token_rotation: off → on, 10s of grace
    "#]],
    );
    let settled = ClientSettings::desired(&client(rotating.clone())).put_into(described());
    assert_eq!(settled.refresh_token_rotation().unwrap().retry_grace_period_seconds, Some(10));
    check(rotating, Some(settled.clone()), expect![[""]]);
    // Turned off, it is sent as off: an update may keep what it leaves out.
    let off = ClientSettings::desired(&client(of_file())).put_into(settled);
    assert_eq!(off.refresh_token_rotation().unwrap().feature, FeatureType::Disabled);
    check(of_file(), Some(off), expect![[""]]);
}

#[test]
fn changed_in_the_console() {
    let rotation = RefreshTokenRotationType::builder().feature(FeatureType::Enabled).build().unwrap();
    let mut live = described();
    live.explicit_auth_flows = Some(vec![ExplicitAuthFlowsType::AllowUserPasswordAuth]);
    live.prevent_user_existence_errors = Some(PreventUserExistenceErrorTypes::Legacy);
    live.enable_token_revocation = Some(false);
    live.refresh_token_rotation = Some(rotation);
    check(
        of_file(),
        Some(live),
        expect![[r#"
            ~ update
                auth_flows: ALLOW_USER_PASSWORD_AUTH → ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH
                prevent_user_existence_errors: false → true
                token_revocation: false → true
                refresh_token_rotation: on, 0s of grace → off
        "#]],
    );
}

#[test]
fn a_secret_is_for_ever() {
    let mut live = described();
    live.client_secret = Some("hidden".to_owned());
    assert!(!format!("{:?}", Live::new(String::new(), Some(live.clone())).unwrap()).contains("hidden"));
    check(
        of_file(),
        Some(live),
        expect![[r#"
        ! it has a secret, which a web page could not keep and which can't be taken away
            (delete the client in the AWS console and run the command again: it will have a new id)
    "#]],
    );
}

#[test]
fn an_update_sends_everything_back() {
    let config = Config::builder().behavior_version(BehaviorVersion::latest()).build();
    let live = described();
    let request = update::request("eu-west-1_1", "1a2b", &live, &Client::from_conf(config));
    let sent = request.as_input();
    assert_eq!(sent.get_client_name(), &live.client_name);
    assert_eq!(sent.get_callback_urls(), &live.callback_urls);
    assert_eq!(sent.get_auth_session_validity(), &live.auth_session_validity);
    assert_eq!(sent.get_explicit_auth_flows(), &live.explicit_auth_flows);
    assert_eq!(sent.get_token_validity_units(), &live.token_validity_units);
    assert_eq!(sent.get_default_redirect_uri(), &None);
}
