//! The settings of a pool's accounts: applied, changed outside stackctl, repaired; and second factors in use.

use aws_sdk_cognitoidentityprovider::types as cognito;
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    program::WorkingCopy,
    srp::Person,
    trial::trial,
};

const POOL: &str = r#"
stack: NAME
region: eu-west-1
user_pools:
  users:
    recovery: admin
    mfa: required
    email: { from: no-reply@example.com, identity: "arn:aws:ses:eu-west-1:000000000000:identity/example.com" }
    tier: plus
    clients: { web: { refresh_token_rotation: { grace: 5s } } }
"#;
const PASSWORD: &str = "Lovelace-1815-first";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, run: fn(&'static Cloud)| trial(format!("accounts::{name}"), move || run(cloud));
    vec![
        trial("settings_are_applied_and_repaired", settings_are_applied_and_repaired),
        trial("a_second_factor_is_set_up_and_reset", a_second_factor_is_set_up_and_reset),
        trial("a_required_factor_that_cognito_would_refuse", a_required_factor_that_cognito_would_refuse),
    ]
}

/// The whole plan, with single spaces.
fn plan_of(copy: &WorkingCopy) -> String {
    let plan = copy.succeed(&["plan", "-v"]).stdout;
    plan.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pool_of(copy: &WorkingCopy) -> String {
    copy.outputs()["user_pool_id"].as_str().unwrap().to_owned()
}

fn settings_are_applied_and_repaired(cloud: &'static Cloud) {
    let copy = cloud.working_copy("settings", POOL);
    let plan = plan_of(&copy);
    for line in [
        "recovery admin",
        "email no-reply@example.com by SES (arn:aws:ses:eu-west-1:000000000000:identity/example.com)",
        "tier plus ($0.020 a month for each active user, none is free)",
        "mfa required (authenticator app)",
        "refresh_token_rotation on, 5s of grace",
    ] {
        assert!(plan.contains(line), "{line}: {plan}");
    }
    copy.apply();
    copy.assert_settled();

    let (aws, pool) = (console(&copy, &cloud.url).cognito, pool_of(&copy));
    let found = wait_for(aws.get_user_pool_mfa_config().user_pool_id(&pool).send()).unwrap();
    assert_eq!(found.mfa_configuration, Some(cognito::UserPoolMfaType::On));
    assert!(found.software_token_mfa_configuration.unwrap().enabled);

    // Changed outside stackctl.
    let now = wait_for(aws.describe_user_pool().user_pool_id(&pool).send()).unwrap().user_pool.unwrap();
    let update = aws.update_user_pool().user_pool_id(&pool).set_user_pool_tags(now.user_pool_tags);
    let update = update.set_policies(now.policies).set_deletion_protection(now.deletion_protection);
    let update = update.set_admin_create_user_config(now.admin_create_user_config.map(|it| {
        cognito::AdminCreateUserConfigType::builder()
            .allow_admin_create_user_only(it.allow_admin_create_user_only)
            .build()
    }));
    let email = cognito::RecoveryOptionType::builder().name(cognito::RecoveryOptionNameType::VerifiedEmail);
    let recovery = cognito::AccountRecoverySettingType::builder();
    let recovery = recovery.recovery_mechanisms(email.priority(1).build().unwrap()).build();
    let by_cognito = cognito::EmailSendingAccountType::CognitoDefault;
    let by_cognito = cognito::EmailConfigurationType::builder().email_sending_account(by_cognito).build();
    let update = update.account_recovery_setting(recovery).email_configuration(by_cognito);
    wait_for(update.user_pool_tier(cognito::UserPoolTierType::Lite).send()).unwrap();
    let off = aws.set_user_pool_mfa_config().user_pool_id(&pool);
    wait_for(off.mfa_configuration(cognito::UserPoolMfaType::Off).send()).unwrap();
    let plan = plan_of(&copy);
    for line in [
        "recovery email → admin",
        "email cognito (50 mails a day at most) → no-reply@example.com by SES",
        "tier lite (about $0.005 a month for each active user, 10,000 are free) → plus",
        "mfa off → required (authenticator app)",
    ] {
        assert!(plan.contains(line), "{line}: {plan}");
    }
    copy.apply();
    copy.assert_settled();

    // What leaves the file stays, but the rotation, which has a default.
    copy.write(&copy.text().replace("    mfa: required\n", "").replace("    tier: plus\n", ""));
    copy.assert_settled();
    copy.write(&copy.text().replace("refresh_token_rotation: { grace: 5s }", ""));
    let plan = plan_of(&copy);
    assert!(plan.contains("refresh_token_rotation on, 5s of grace → off"), "{plan}");
    copy.apply();
    copy.assert_settled();

    copy.write(
        &copy.text().replace("    recovery: admin\n", "    recovery: admin\n    sign_in_with: [email]\n"),
    );
    let plan = copy.run(&["plan", "-v"]);
    let said = format!("{}{}", plan.stdout, plan.stderr);
    assert!(
        said.contains("its user names can't be changed") && said.contains("leave out `sign_in_with`"),
        "{said}"
    );
}

fn a_second_factor_is_set_up_and_reset(cloud: &'static Cloud) {
    let yaml =
        "stack: NAME\nregion: eu-west-1\nuser_pools: { users: { mfa: required, clients: { web: {} } } }\n";
    let copy = cloud.working_copy("second-factor", yaml);
    copy.apply();
    let added = copy.succeed(&["user", "add", "ada", "--email", "ada@example.com", "--json"]).stdout;
    let added = added.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let added = added.into_iter().find(|it| it["event"] == "user_added").unwrap();
    let (aws, pool) = (console(&copy, &cloud.url).cognito, pool_of(&copy));
    let client = copy.outputs()["client_id"].as_str().unwrap().to_owned();
    let person = Person { cognito: &aws, pool: &pool, client: &client, name: "ada" };
    let sign_in = |password: &str| wait_for(person.sign_in(password, Some(PASSWORD))).map(drop);

    // The first sign-in sets up an authenticator app, the second asks for its code.
    sign_in(added["temporary_password"].as_str().unwrap()).unwrap();
    assert_eq!(sign_in(PASSWORD).unwrap_err(), "challenged: SOFTWARE_TOKEN_MFA");
    let reset = copy.succeed(&["user", "reset-mfa", "ada"]).stdout;
    assert!(reset.contains("The next sign-in sets up another one."), "{reset}");
    sign_in(PASSWORD).unwrap();
    assert_eq!(sign_in(PASSWORD).unwrap_err(), "challenged: SOFTWARE_TOKEN_MFA");

    copy.write(&copy.text().replace("mfa: required", "mfa: off"));
    let plan = plan_of(&copy);
    assert!(plan.contains("mfa required (authenticator app) → off"), "{plan}");
    copy.apply();
    copy.assert_settled();
    sign_in(PASSWORD).unwrap();
}

fn a_required_factor_that_cognito_would_refuse(cloud: &'static Cloud) {
    let yaml =
        "stack: NAME\nregion: eu-west-1\nuser_pools: { users: { mfa: optional, clients: { web: {} } } }\n";
    let copy = cloud.working_copy("first-factor", yaml);
    copy.apply();
    let (aws, pool) = (console(&copy, &cloud.url).cognito, pool_of(&copy));
    let now = wait_for(aws.describe_user_pool().user_pool_id(&pool).send()).unwrap().user_pool.unwrap();
    let first = cognito::SignInPolicyType::builder()
        .allowed_first_auth_factors(cognito::AuthFactorType::Password)
        .allowed_first_auth_factors(cognito::AuthFactorType::EmailOtp)
        .build();
    let mut policies = now.policies.unwrap();
    policies.sign_in_policy = Some(first);
    let update = aws.update_user_pool().user_pool_id(&pool).policies(policies);
    let update = update.set_user_pool_tags(now.user_pool_tags).set_mfa_configuration(now.mfa_configuration);
    let update = update.set_deletion_protection(now.deletion_protection);
    let admin = cognito::AdminCreateUserConfigType::builder().allow_admin_create_user_only(true).build();
    wait_for(update.admin_create_user_config(admin).send()).unwrap();
    copy.assert_settled();

    copy.write(&copy.text().replace("mfa: optional", "mfa: required, deletion_protection: false"));
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(said.contains("its users may sign in with a code alone"), "{said}");
    let after = wait_for(aws.describe_user_pool().user_pool_id(&pool).send()).unwrap().user_pool.unwrap();
    assert_eq!(
        after.deletion_protection,
        Some(cognito::DeletionProtectionType::Active),
        "nothing is changed"
    );
}
