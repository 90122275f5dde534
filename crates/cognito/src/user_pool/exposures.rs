//! The exposures of a user pool: identity providers, app clients and triggers that others added.

use std::collections::BTreeSet;

use aws_sdk_cognitoidentityprovider::{
    Client,
    types::{LambdaConfigType, ProviderDescription, UserPoolClientType},
};
use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::cli::Cli;
use stackctl_engine::Exposure;

use super::{
    model::{Added, Live},
    update,
};
use crate::{user_pool::operations, user_pool_client::operations as clients_operations};

/// The exposures of a pool.
pub fn of(live: &Live, cognito: &Client, cli: &Cli) -> Vec<Exposure> {
    let id = live.id.as_str();
    let Added { providers, clients } = &live.added;
    let mut all: Vec<Exposure> = providers.iter().map(|it| provider(id, it, cli)).collect();
    all.extend(clients.iter().map(|it| client(id, it, cli)));
    let triggers = live.described.lambda_config().map(triggers).unwrap_or_default();
    if !triggers.is_empty() {
        all.push(Exposure {
            what: format!("code of others runs when people sign in or up ({})", triggers.join(", ")),
            close: update::without_triggers(&live.described, cognito, cli),
        });
    }
    let described = &live.described;
    for domain in [described.domain(), described.custom_domain()].into_iter().flatten() {
        all.push(Exposure {
            what: format!("it has Cognito's sign-in page, at the domain {domain}"),
            close: cli.command(&[
                "cognito-idp",
                "delete-user-pool-domain",
                "--user-pool-id",
                id,
                "--domain",
                domain,
            ]),
        });
    }
    all
}

fn provider(pool: &str, provider: &ProviderDescription, cli: &Cli) -> Exposure {
    let name = provider.provider_name().unwrap_or_default();
    let kind = provider.provider_type().map_or("unknown", |it| it.as_str());
    Exposure {
        what: format!("people may sign in with an account of the identity provider {name} ({kind})"),
        close: cli.command(&[
            "cognito-idp",
            "delete-identity-provider",
            "--user-pool-id",
            pool,
            "--provider-name",
            name,
        ]),
    }
}

fn client(pool: &str, client: &UserPoolClientType, cli: &Cli) -> Exposure {
    let id = client.client_id().unwrap_or_default();
    let flows = client.explicit_auth_flows().iter().map(|it| it.as_str().to_owned());
    let oauth = client.allowed_o_auth_flows().iter().map(|it| format!("OAuth {}", it.as_str()));
    let ways: Vec<String> = match client.allowed_o_auth_flows_user_pool_client {
        Some(true) => flows.chain(oauth).collect(),
        Some(false) | None => flows.collect(),
    };
    let ways = if ways.is_empty() { "Cognito's default flows".to_owned() } else { ways.join(", ") };
    let to = match client.callback_urls() {
        [] => String::new(),
        urls => format!(", tokens go to {}", urls.join(", ")),
    };
    Exposure {
        what: format!(
            "its people may sign in through the app client {} ({id}), whose tokens the stack's APIs take ({ways}{to})",
            client.client_name().unwrap_or_default()
        ),
        close: cli.command(&[
            "cognito-idp",
            "delete-user-pool-client",
            "--user-pool-id",
            pool,
            "--client-id",
            id,
        ]),
    }
}

/// The triggers that are set, each with the ARN of its function.
fn triggers(it: &LambdaConfigType) -> Vec<String> {
    let token = it.pre_token_generation_config().map(|it| it.lambda_arn());
    let email = it.custom_email_sender().map(|it| it.lambda_arn());
    let sms = it.custom_sms_sender().map(|it| it.lambda_arn());
    let inbound = it.inbound_federation().map(|it| it.lambda_arn());
    let all = [
        ("PreSignUp", it.pre_sign_up()),
        ("PostConfirmation", it.post_confirmation()),
        ("PreAuthentication", it.pre_authentication()),
        ("PostAuthentication", it.post_authentication()),
        ("PreTokenGeneration", token.or(it.pre_token_generation())),
        ("UserMigration", it.user_migration()),
        ("CustomMessage", it.custom_message()),
        ("CustomEmailSender", email),
        ("CustomSMSSender", sms),
        ("DefineAuthChallenge", it.define_auth_challenge()),
        ("CreateAuthChallenge", it.create_auth_challenge()),
        ("VerifyAuthChallengeResponse", it.verify_auth_challenge_response()),
        ("InboundFederation", inbound),
    ];
    let set = all.into_iter().filter_map(|(name, arn)| Some((name, arn.filter(|it| !it.is_empty())?)));
    set.map(|(name, arn)| format!("{name}: {arn}")).collect()
}

/// Lists the identity providers of a pool.
///
/// # Errors
/// The errors of Cognito.
pub async fn providers(pool: &str, aws: &Aws) -> Result<Vec<ProviderDescription>, AwsError> {
    let mut all = Vec::new();
    let mut next = None;
    loop {
        let list = aws.cognito.list_identity_providers().user_pool_id(pool).max_results(60);
        let ask = || list.clone().set_next_token(next.clone()).send();
        let page = wait::read(&operations::LIST_IDENTITY_PROVIDERS, ask).await?;
        all.extend(page.providers);
        next = page.next_token;
        if next.is_none() {
            return Ok(all);
        }
    }
}

/// Reads the app clients of a pool whose names are not `own` and do not have the stack's prefix.
///
/// # Errors
/// The errors of Cognito.
pub async fn foreign_clients(
    live: &Live,
    prefix: &str,
    own: &BTreeSet<&str>,
    aws: &Aws,
) -> Result<Vec<UserPoolClientType>, AwsError> {
    let foreign =
        live.clients.iter().filter(|(name, _)| !name.starts_with(prefix) && !own.contains(name.as_str()));
    let all = try_join_all(foreign.flat_map(|(_, ids)| ids).map(async |id| {
        let ask = || aws.cognito.describe_user_pool_client().user_pool_id(&live.id).client_id(id).send();
        let found = if_there(wait::read(&clients_operations::DESCRIBE_USER_POOL_CLIENT, ask).await)?;
        Ok(found.and_then(|it| it.user_pool_client))
    }))
    .await?;
    Ok(all.into_iter().flatten().collect())
}
