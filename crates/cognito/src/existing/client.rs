//! What a web page needs of an app client.

use aws_sdk_cognitoidentityprovider::types::{ExplicitAuthFlowsType, FeatureType, UserPoolClientType};
use stackctl_aws_data::{cli::Cli, desired::existing::Need};

use super::update_command;

/// What a web page misses of this app client.
pub fn missing(client: &UserPoolClientType, cli: &Cli) -> Vec<Need> {
    let mut all = Vec::new();
    let pool = client.user_pool_id().unwrap_or_default();
    if client.client_secret().is_some() {
        all.push(Need {
            what: "it has a secret, which a web page could not keep and which can't be taken away".to_owned(),
            cure: format!("{ANOTHER}\n{}", create(pool, cli)),
        });
    }
    let missing = missing_flows(client);
    if !missing.is_empty() {
        let words: Vec<&str> = missing.iter().map(ExplicitAuthFlowsType::as_str).collect();
        let mut changed = client.clone();
        let flows = changed.explicit_auth_flows.get_or_insert_default();
        // Names of both forms can't be used together (COG-95).
        flows.retain(|it| it.as_str().starts_with(CURRENT));
        flows.extend(missing.clone());
        all.push(Need {
            what: format!("it does not allow {}, with which a web page signs in", words.join(", ")),
            cure: format!(
                "allow it; the command keeps the other settings\n{}",
                cli.command(&[
                    "cognito-idp",
                    "update-user-pool-client",
                    "--cli-input-json",
                    &update_command::input(&changed).to_string(),
                ])
            ),
        });
    }
    all
}

/// What a stack misses of a client that does not exist.
pub fn absent(id: &str, pool: &str, cli: &Cli) -> Need {
    let list = cli.command(&[
        "cognito-idp",
        "list-user-pool-clients",
        "--user-pool-id",
        pool,
        "--max-results",
        "60",
    ]);
    Need {
        what: format!("the user pool {pool} has no app client {id}"),
        cure: format!("correct `existing`; to see the clients of the pool:\n{list}"),
    }
}

/// The beginning of the current names of flows.
const CURRENT: &str = "ALLOW_";
const ANOTHER: &str =
    "use another client: one of the stack's own, `clients: { web: {} }`, or one that this command creates";

fn create(pool: &str, cli: &Cli) -> String {
    cli.command(&[
        "cognito-idp",
        "create-user-pool-client",
        "--user-pool-id",
        pool,
        "--client-name",
        "web",
        "--no-generate-secret",
        "--explicit-auth-flows",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ])
}

/// The ways to sign in and to renew a session that a web page uses and that the client does not allow. A client without
/// any has Cognito's default, which allows both (COG-95), and so do all but one of the former names. Where refresh tokens rotate, sessions are renewed another way
/// (COG-118).
fn missing_flows(client: &UserPoolClientType) -> Vec<ExplicitAuthFlowsType> {
    let flows = client.explicit_auth_flows();
    let is_custom = flows.contains(&ExplicitAuthFlowsType::CustomAuthFlowOnly);
    if !is_custom && !flows.iter().any(|it| it.as_str().starts_with(CURRENT)) {
        return Vec::new();
    }
    let rotates = client.refresh_token_rotation().is_some_and(|it| it.feature == FeatureType::Enabled);
    let mut needed = vec![ExplicitAuthFlowsType::AllowUserSrpAuth];
    needed.extend((!rotates).then_some(ExplicitAuthFlowsType::AllowRefreshTokenAuth));
    needed.retain(|it| !flows.contains(it));
    needed
}

#[cfg(test)]
mod tests {
    use aws_sdk_cognitoidentityprovider::types::RefreshTokenRotationType;
    use expect_test::{Expect, expect};
    use stackctl_aws_data::desired::samples::{cli, text};

    use super::*;

    fn check(change: impl FnOnce(&mut UserPoolClientType), expected: Expect) {
        let mut client = UserPoolClientType::builder()
            .user_pool_id("eu-west-1_AbC123")
            .client_id("1h57kf5cpq17m0eml12")
            .client_name("theirs")
            .explicit_auth_flows(ExplicitAuthFlowsType::AllowUserSrpAuth)
            .explicit_auth_flows(ExplicitAuthFlowsType::AllowRefreshTokenAuth)
            .refresh_token_validity(30)
            .build();
        change(&mut client);
        expected.assert_eq(&text(missing(&client, &cli())));
    }

    #[test]
    fn a_page_signs_in_by_srp_and_without_a_secret() {
        check(
            |_| {},
            expect![[r#"
            nothing is missing
        "#]],
        );
        check(
            |it| it.explicit_auth_flows = None,
            expect![[r#"
            nothing is missing
        "#]],
        );
        check(
            |it| it.client_secret = Some("s".to_owned()),
            expect![[r#"
            it has a secret, which a web page could not keep and which can't be taken away
            use another client: one of the stack's own, `clients: { web: {} }`, or one that this command creates
            aws cognito-idp create-user-pool-client --user-pool-id eu-west-1_AbC123 --client-name web --no-generate-secret --explicit-auth-flows ALLOW_USER_SRP_AUTH ALLOW_REFRESH_TOKEN_AUTH --region eu-west-1
        "#]],
        );
        let only_admin = vec![ExplicitAuthFlowsType::AllowAdminUserPasswordAuth];
        check(
            |it| it.explicit_auth_flows = Some(only_admin),
            expect![[r#"
            it does not allow ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH, with which a web page signs in
            allow it; the command keeps the other settings
            aws cognito-idp update-user-pool-client --cli-input-json '{"ClientId":"1h57kf5cpq17m0eml12","ClientName":"theirs","ExplicitAuthFlows":["ALLOW_ADMIN_USER_PASSWORD_AUTH","ALLOW_USER_SRP_AUTH","ALLOW_REFRESH_TOKEN_AUTH"],"RefreshTokenValidity":30,"UserPoolId":"eu-west-1_AbC123"}' --region eu-west-1
        "#]],
        );
        let former = vec![ExplicitAuthFlowsType::UserPasswordAuth];
        check(
            |it| it.explicit_auth_flows = Some(former),
            expect![[r#"
            nothing is missing
        "#]],
        );
        let rotation = RefreshTokenRotationType::builder().feature(FeatureType::Enabled).build().unwrap();
        let only_srp = vec![ExplicitAuthFlowsType::AllowUserSrpAuth];
        check(
            |it| it.explicit_auth_flows = Some(only_srp.clone()),
            expect![[r#"
            it does not allow ALLOW_REFRESH_TOKEN_AUTH, with which a web page signs in
            allow it; the command keeps the other settings
            aws cognito-idp update-user-pool-client --cli-input-json '{"ClientId":"1h57kf5cpq17m0eml12","ClientName":"theirs","ExplicitAuthFlows":["ALLOW_USER_SRP_AUTH","ALLOW_REFRESH_TOKEN_AUTH"],"RefreshTokenValidity":30,"UserPoolId":"eu-west-1_AbC123"}' --region eu-west-1
        "#]],
        );
        check(
            |it| {
                it.explicit_auth_flows = Some(only_srp);
                it.refresh_token_rotation = Some(rotation);
            },
            expect![[r#"
                nothing is missing
            "#]],
        );
    }
}
