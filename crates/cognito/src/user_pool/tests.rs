use std::collections::BTreeSet;

use aws_sdk_cognitoidentityprovider::{
    Client, Config,
    config::BehaviorVersion,
    operation::get_user_pool_mfa_config::{
        GetUserPoolMfaConfigOutput, builders::GetUserPoolMfaConfigOutputBuilder,
    },
    types::{
        AuthFactorType, LambdaConfigType, SignInPolicyType, SmsConfigurationType, SmsMfaConfigType,
        SoftwareTokenMfaConfigType, UserPoolMfaType, UserPoolTierType, VerifiedAttributeType,
        WebAuthnConfigurationType, WebAuthnFactorConfigurationType,
    },
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use expect_test::{Expect, expect};
use stackctl_aws_data::cli::Cli;
use stackctl_engine::plan::text as plan_text;
use stackctl_stackfile::{
    units::Seconds,
    user_pool::{
        Mfa, PasswordPolicy, Recovery, SignUp, Tier, UserPool as UserPoolOfFile, UsernameAttribute,
        email::{Email, Sender},
    },
};

use super::{mfa::SecondFactors, model::Added, *};

fn of_file() -> UserPoolOfFile {
    UserPoolOfFile {
        existing: None,
        name: None,
        sign_up: SignUp::Admin,
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
            temporary_validity: Seconds(7 * 86_400),
        },
        deletion_protection: true,
        groups: BTreeSet::new(),
        clients: BTreeMap::new(),
        sign_in_with: BTreeSet::new(),
    }
}

fn pool(desired: UserPoolOfFile) -> UserPool {
    UserPool {
        name: "app-users".to_owned(),
        logical: "users".to_owned(),
        desired,
        tags: Tags::desired("app", "user_pool.users", &BTreeMap::new()),
    }
}

/// Cognito's description of the pool after an apply, with settings of others.
fn described() -> UserPoolType {
    let desired = pool(of_file());
    let lambda = LambdaConfigType::builder().pre_sign_up("arn:aws:lambda:eu-west-1:1:function:check").build();
    let fresh = UserPoolType::builder()
        .id("eu-west-1_1")
        .arn("arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_1")
        .lambda_config(lambda)
        .mfa_configuration(UserPoolMfaType::Optional)
        .user_pool_tier(UserPoolTierType::Essentials)
        .auto_verified_attributes(VerifiedAttributeType::PhoneNumber)
        .set_user_pool_tags(Some(desired.tags.to_map()))
        .build();
    UserPoolSettings::desired(&desired).put_into(fresh)
}

fn check(desired: &UserPool, described: Option<UserPoolType>, expected: Expect) {
    let live = described.map(|pool| Live::new(Some(pool), BTreeMap::new()).unwrap());
    expected.assert_eq(&plan_text::steps(desired, live.as_ref()));
}

fn check_file(desired: UserPoolOfFile, expected: Expect) {
    check(&pool(desired), Some(described()), expected);
}

#[test]
fn creation() {
    check(
        &pool(of_file()),
        None,
        expect![[r#"
            + create
                sign_up: admin
                password.minimum_length: 8
                password.lowercase: true
                password.uppercase: true
                password.digits: true
                password.symbols: true
                password.temporary_validity: 7d
                deletion_protection: true
                sign_in_with: none
                tags.stackctl:address: user_pool.users
                tags.stackctl:stack: app
        "#]],
    );
}

#[test]
fn nothing_to_do() {
    check_file(of_file(), expect![[""]]);
}

#[test]
fn a_password() {
    let password = PasswordPolicy {
        minimum_length: 12,
        lowercase: false,
        uppercase: false,
        digits: false,
        symbols: false,
        temporary_validity: Seconds(86_400),
    };
    check_file(
        UserPoolOfFile { password, ..of_file() },
        expect![[r#"
        ~ update
            password.minimum_length: 8 → 12
            password.lowercase: true → false
            password.uppercase: true → false
            password.digits: true → false
            password.symbols: true → false
            password.temporary_validity: 7d → 1d
    "#]],
    );
}

#[test]
fn sign_up() {
    check_file(
        UserPoolOfFile { sign_up: SignUp::Open, ..of_file() },
        expect![[r#"
            ~ update
                sign_up: admin → open
                verify_email: false → true
                (Cognito itself sends 50 mails a day at most, and further sign-ups get no code; `email:` names a sender of SES)
        "#]],
    );
}

#[test]
fn deletion_protection() {
    check_file(
        UserPoolOfFile { deletion_protection: false, ..of_file() },
        expect![[r#"
        ~ update
            deletion_protection: true → false
    "#]],
    );
}

#[test]
fn username_attributes_are_for_ever() {
    let sign_in_with = BTreeSet::from([UsernameAttribute::Email]);
    check_file(
        UserPoolOfFile { sign_in_with, ..of_file() },
        expect![[r#"
            ! its user names can't be changed
                sign_in_with: none → email
                (a new pool would lose all users: leave out `sign_in_with`, as the pool has it, or give the pool another logical name to begin with an empty one)
            ~ update
                verify_email: false → true
        "#]],
    );
}

#[test]
fn recovery_mails_and_tier() {
    let said = UserPoolOfFile {
        recovery: Some(Recovery::Admin),
        email: Some(Email::Ses(Sender {
            from: "Photos <no-reply@example.com>".try_into().unwrap(),
            identity: "arn:aws:ses:eu-west-1:123456789012:identity/example.com".try_into().unwrap(),
            reply_to: None,
        })),
        tier: Some(Tier::Plus),
        ..of_file()
    };
    check(
        &pool(said.clone()),
        None,
        expect![[r#"
        + create
            sign_up: admin
            password.minimum_length: 8
            password.lowercase: true
            password.uppercase: true
            password.digits: true
            password.symbols: true
            password.temporary_validity: 7d
            deletion_protection: true
            recovery: admin
            email: Photos <no-reply@example.com> by SES (arn:aws:ses:eu-west-1:123456789012:identity/example.com)
            tier: plus ($0.020 a month for each active user, none is free)
            sign_in_with: none
            tags.stackctl:address: user_pool.users
            tags.stackctl:stack: app
    "#]],
    );
    check_file(
        said.clone(),
        expect![[r#"
        ~ update
            recovery: email → admin
            email: cognito (50 mails a day at most) → Photos <no-reply@example.com> by SES (arn:aws:ses:eu-west-1:123456789012:identity/example.com)
            tier: essentials ($0.015 a month for each active user, 10,000 are free) → plus ($0.020 a month for each active user, none is free)
    "#]],
    );
    let settled = UserPoolSettings::desired(&pool(said.clone())).put_into(described());
    check(&pool(said), Some(settled.clone()), expect![[""]]);
    // What the file does not name stays.
    check(&pool(of_file()), Some(settled.clone()), expect![[""]]);
    let back = UserPoolOfFile {
        recovery: Some(Recovery::Email),
        email: Some(Email::Cognito),
        tier: Some(Tier::Lite),
        ..of_file()
    };
    check(
        &pool(back),
        Some(settled),
        expect![[r#"
        ~ update
            recovery: admin → email
            email: Photos <no-reply@example.com> by SES (arn:aws:ses:eu-west-1:123456789012:identity/example.com) → cognito (50 mails a day at most)
            tier: plus ($0.020 a month for each active user, none is free) → lite (about $0.005 a month for each active user, 10,000 are free)
    "#]],
    );
}

/// The plan of a pool with these second factors whose file says so.
fn check_mfa(mfa: Mfa, factors: SecondFactors, described: UserPoolType, expected: Expect) {
    let desired = pool(UserPoolOfFile { mfa: Some(mfa), ..of_file() });
    let mut live = Live::new(Some(described), BTreeMap::new()).unwrap();
    live.factors = Some(factors);
    expected.assert_eq(&plan_text::steps(&desired, Some(&live)));
}

fn factors(mode: UserPoolMfaType) -> GetUserPoolMfaConfigOutputBuilder {
    let app = SoftwareTokenMfaConfigType::builder().enabled(true).build();
    GetUserPoolMfaConfigOutput::builder().mfa_configuration(mode).software_token_mfa_configuration(app)
}

#[test]
fn second_factors() {
    let sms = || SmsMfaConfigType::builder().build();
    let optional = || SecondFactors::of(factors(UserPoolMfaType::Optional).build());
    check(
        &pool(UserPoolOfFile { mfa: Some(Mfa::Required), ..of_file() }),
        None,
        expect![[r#"
        + create
            sign_up: admin
            password.minimum_length: 8
            password.lowercase: true
            password.uppercase: true
            password.digits: true
            password.symbols: true
            password.temporary_validity: 7d
            deletion_protection: true
            sign_in_with: none
            tags.stackctl:address: user_pool.users
            tags.stackctl:stack: app
        ~ set the second factors of
            mfa: off → required (authenticator app)
    "#]],
    );
    check(&pool(UserPoolOfFile { mfa: Some(Mfa::Off), ..of_file() }), Some(described()), expect![[""]]);
    check_mfa(Mfa::Optional, optional(), described(), expect![[""]]);
    check_mfa(
        Mfa::Required,
        optional(),
        described(),
        expect![[r#"
        ~ set the second factors of
            mfa: optional (authenticator app) → required (authenticator app)
    "#]],
    );
    check_mfa(
        Mfa::Off,
        optional(),
        described(),
        expect![[r#"
        ~ set the second factors of
            mfa: optional (authenticator app) → off
    "#]],
    );
    // Others' factors stay while they are in force, and are not turned on.
    let with_sms = |mode| SecondFactors::of(factors(mode).sms_mfa_configuration(sms()).build());
    check_mfa(
        Mfa::Required,
        with_sms(UserPoolMfaType::Optional),
        described(),
        expect![[r#"
        ~ set the second factors of
            mfa: optional (authenticator app, SMS) → required (authenticator app, SMS)
    "#]],
    );
    check_mfa(
        Mfa::Required,
        with_sms(UserPoolMfaType::Off),
        described(),
        expect![[r#"
        ~ set the second factors of
            mfa: off → required (authenticator app)
    "#]],
    );
    // An authenticator app is a factor in any case.
    let without_app = GetUserPoolMfaConfigOutput::builder().mfa_configuration(UserPoolMfaType::Optional);
    let without_app = SecondFactors::of(without_app.sms_mfa_configuration(sms()).build());
    check_mfa(
        Mfa::Optional,
        without_app,
        described(),
        expect![[r#"
        ~ set the second factors of
            mfa: optional (SMS) → optional (authenticator app, SMS)
    "#]],
    );
}

#[test]
fn a_required_second_factor_excludes_some_first_factors() {
    let with = |factor: AuthFactorType| {
        let mut live = described();
        let first = SignInPolicyType::builder().allowed_first_auth_factors(factor).build();
        live.policies.as_mut().unwrap().sign_in_policy = Some(first);
        live
    };
    let optional = || SecondFactors::of(factors(UserPoolMfaType::Optional).build());
    check_mfa(
        Mfa::Required,
        optional(),
        with(AuthFactorType::EmailOtp),
        expect![[r#"
        ! its users may sign in with a code alone, which a required second factor excludes
            (take the one-time passwords out of the pool's choice-based sign-in in the AWS console, or write `mfa: optional`)
    "#]],
    );
    check_mfa(
        Mfa::Required,
        optional(),
        with(AuthFactorType::WebAuthn),
        expect![[r#"
        ! its users may sign in with a passkey as the only factor, which a required second factor excludes
            (set the passkeys of the pool to multi-factor with user verification in the AWS console, or write `mfa: optional`)
    "#]],
    );
    check_mfa(Mfa::Optional, optional(), with(AuthFactorType::EmailOtp), expect![[""]]);
    let passkeys = WebAuthnConfigurationType::builder()
        .factor_configuration(WebAuthnFactorConfigurationType::MultiFactorWithUserVerification)
        .build();
    let multi = factors(UserPoolMfaType::On).web_authn_configuration(passkeys).build();
    check_mfa(Mfa::Required, SecondFactors::of(multi), with(AuthFactorType::WebAuthn), expect![[""]]);
}

#[test]
fn another_name() {
    check(
        &UserPool { name: "people".to_owned(), ..pool(of_file()) },
        Some(described()),
        expect![[r#"
        ~ update
            name: app-users → people
    "#]],
    );
}

#[test]
fn tags() {
    let mut live = described();
    live.user_pool_tags =
        Some([("cost".to_owned(), "1".to_owned()), ("aws:x".to_owned(), "1".to_owned())].into());
    check(
        &pool(of_file()),
        Some(live),
        expect![[r#"
        ~ set tags of
            tags.stackctl:address: user_pool.users
            tags.stackctl:stack: app
        ~ remove tags of
            tags.cost: 1 → gone
    "#]],
    );
}

#[test]
fn an_update_sends_everything_back() {
    let config = Config::builder().behavior_version(BehaviorVersion::latest()).build();
    let mut live = described();
    live.sms_verification_message = Some(String::new());
    live.sms_configuration = Some(SmsConfigurationType::builder().sns_caller_arn("").build());
    let request = update::request(&live, &Client::from_conf(config));
    let sent = request.as_input();
    assert_eq!(sent.get_user_pool_id(), &live.id);
    assert_eq!(sent.get_pool_name(), &live.name);
    assert_eq!(sent.get_policies(), &live.policies);
    assert_eq!(sent.get_lambda_config(), &live.lambda_config);
    assert_eq!(sent.get_mfa_configuration(), &live.mfa_configuration);
    assert_eq!(sent.get_auto_verified_attributes(), &live.auto_verified_attributes);
    assert_eq!(sent.get_deletion_protection(), &live.deletion_protection);
    assert_eq!(sent.get_user_pool_tags(), &live.user_pool_tags);
    assert_eq!(sent.get_user_pool_tier(), &live.user_pool_tier);
    assert_eq!((sent.get_sms_verification_message(), sent.get_sms_configuration()), (&None, &None));
}

#[test]
fn days_that_were_not_set_are_not_sent() {
    let body = r#"{"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":true,"UnusedAccountValidityDays":0}}"#;
    let mut request = HttpRequest::new(SdkBody::from(body));
    update::leave_out_unset_days(&mut request);
    let sent = std::str::from_utf8(request.body().bytes().unwrap()).unwrap();
    assert_eq!(sent, r#"{"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":true}}"#);
    assert_eq!(request.headers().get("content-length"), Some(sent.len().to_string().as_str()));
}

#[test]
fn what_others_added_and_the_commands_that_remove_it() {
    use aws_sdk_cognitoidentityprovider::types::{
        IdentityProviderTypeType, OAuthFlowType, ProviderDescription, UserPoolClientType,
    };
    let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
    let client = UserPoolClientType::builder()
        .client_id("1a2b")
        .client_name("mine")
        .explicit_auth_flows(
            aws_sdk_cognitoidentityprovider::types::ExplicitAuthFlowsType::AllowUserPasswordAuth,
        )
        .allowed_o_auth_flows_user_pool_client(true)
        .allowed_o_auth_flows(OAuthFlowType::Implicit)
        .callback_urls("https://evil.example");
    let provider =
        ProviderDescription::builder().provider_name("evil").provider_type(IdentityProviderTypeType::Oidc);
    let mut live = Live::new(Some(described()), BTreeMap::new()).unwrap();
    live.described.domain = Some("photos".to_owned());
    live.added = Added { providers: vec![provider.build()], clients: vec![client.build()] };
    let config = Config::builder().behavior_version(BehaviorVersion::latest()).build();
    let lines = exposures::of(&live, &Client::from_conf(config), &cli).into_iter();
    let lines: Vec<String> = lines.map(|Exposure { what, close }| format!("{what}\n  {close}\n")).collect();
    expect![[r#"
        people may sign in with an account of the identity provider evil (OIDC)
          aws cognito-idp delete-identity-provider --user-pool-id eu-west-1_1 --provider-name evil --region eu-west-1
        its people may sign in through the app client mine (1a2b), whose tokens the stack's APIs take (ALLOW_USER_PASSWORD_AUTH, OAuth implicit, tokens go to https://evil.example)
          aws cognito-idp delete-user-pool-client --user-pool-id eu-west-1_1 --client-id 1a2b --region eu-west-1
        code of others runs when people sign in or up (PreSignUp: arn:aws:lambda:eu-west-1:1:function:check)
          aws cognito-idp update-user-pool --region eu-west-1 --cli-input-json "$(aws cognito-idp describe-user-pool --user-pool-id eu-west-1_1 --output json --query 'UserPool.{UserPoolId:Id,PoolName:Name,LambdaConfig:`{}`,Policies:Policies,DeletionProtection:DeletionProtection,AutoVerifiedAttributes:AutoVerifiedAttributes,MfaConfiguration:MfaConfiguration,UserPoolTags:UserPoolTags,UserPoolTier:UserPoolTier,AdminCreateUserConfig:AdminCreateUserConfig.{AllowAdminCreateUserOnly:AllowAdminCreateUserOnly}}' --region eu-west-1)"
        it has Cognito's sign-in page, at the domain photos
          aws cognito-idp delete-user-pool-domain --user-pool-id eu-west-1_1 --domain photos --region eu-west-1
    "#]].assert_eq(&lines.concat());

    let mut fresh = described();
    fresh.lambda_config = None;
    let fresh = Live::new(Some(fresh), BTreeMap::new()).unwrap();
    let config = Config::builder().behavior_version(BehaviorVersion::latest()).build();
    assert_eq!(exposures::of(&fresh, &Client::from_conf(config), &cli), []);
}
