//! Cognito: one update at a time, the input that it refuses, the mails of a day, and the defaults that it returns.

mod mails;
mod pool;
#[cfg(test)]
mod tests;
mod tiers;
pub(super) mod updates;

use hyper::Response;
use serde_json::{Value, json};
use stackctl_gateway::{Body, CloudRequest, Refusal, scope};

use self::pool::Pool;
use crate::{edit, harness::settings::Rule, read::read_json, visit::Visit};

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let name = request.operation.name.clone().unwrap_or_default();
    let is_signed = scope(&request.uri, &request.headers).is_some();
    let may_send = visit.has(Rule::CognitoMails) && mails::may_be_sent_by(&name);
    // Requests of users have no signature: they send mails, and the other rules are for the control plane.
    if !is_signed && !may_send {
        return Ok(visit.pass(request).await);
    }
    let body = read_json(request).await;
    let pool = Pool { visit, region: visit.region(request), id: text(&body["UserPoolId"]) };
    if is_signed {
        check_settings(&pool, request, &name, &body).await?;
    }
    let counts = may_send && mails::count(&pool, &name, &body).await?;
    let mut response = send(&pool, request, &name).await?;
    if counts {
        response = mails::counted(&pool, &name, response).await?;
    }
    response = remember_clients(&pool, &name, &body, response).await;
    Ok(if visit.has(Rule::Defaults) { show(response).await } else { response })
}

/// The rules of the control plane, in front of the backend.
async fn check_settings(
    pool: &Pool<'_>,
    request: &mut CloudRequest,
    operation: &str,
    body: &Value,
) -> Result<(), Refusal> {
    let visit = pool.visit;
    if visit.has(Rule::CognitoTiers) {
        tiers::check(pool, operation, body).await?;
    }
    if visit.has(Rule::CognitoChecks) {
        check(pool, operation, body).await?;
    }
    if visit.has(Rule::CognitoUpdates)
        && let Some(whole) = updates::filled(operation, body, visit.settings.cognito_updates)
    {
        request.replace_body(whole.to_string());
    }
    Ok(())
}

async fn send(
    pool: &Pool<'_>,
    request: &mut CloudRequest,
    operation: &str,
) -> Result<Response<Body>, Refusal> {
    let Some(busy) = alone(operation) else { return Ok(pool.visit.pass(request).await) };
    let what = format!("pool {} {}", pool.region, pool.id);
    let refusal = || Refusal::new(400, "ConcurrentModificationException", busy);
    pool.visit.pass_alone(request, Rule::CognitoOverlap, what, refusal).await
}

/// Remembers the pool of a new client, and forgets what was deleted.
async fn remember_clients(
    pool: &Pool<'_>,
    operation: &str,
    body: &Value,
    response: Response<Body>,
) -> Response<Body> {
    let clients = &pool.visit.memory.clients;
    let succeeded = response.status().is_success();
    match operation {
        "CreateUserPoolClient" => {
            let add = |answer: &mut Value| {
                clients.add(&text(&answer["UserPoolClient"]["ClientId"]), &pool.id);
            };
            return edit::json(response, add).await;
        }
        "DeleteUserPoolClient" if succeeded => clients.forget(&text(&body["ClientId"])),
        "DeleteUserPool" if succeeded => clients.forget_pool(&pool.id),
        _ => {}
    }
    response
}

/// The answer with the defaults that Cognito returns.
async fn show(response: Response<Body>) -> Response<Body> {
    edit::json(response, |answer| {
        for (member, show) in [("UserPool", show_pool as fn(&mut Value)), ("UserPoolClient", show_client)] {
            if let Some(it) = answer.get_mut(member) {
                show(it);
            }
        }
    })
    .await
}

/// The message of operations of which only one at a time may run (COG-02).
fn alone(operation: &str) -> Option<&'static str> {
    match operation {
        "UpdateUserPool"
        | "SetUserPoolMfaConfig"
        | "CreateUserPoolDomain"
        | "UpdateUserPoolDomain"
        | "DeleteUserPoolDomain" => {
            Some("Only one request to update this UserPool can be processed at a time")
        }
        "UpdateUserPoolClient" | "DeleteUserPoolClient" => {
            Some("Only one request to update user pool client can be processed at a time.")
        }
        _ => None,
    }
}

async fn check(pool: &Pool<'_>, operation: &str, body: &Value) -> Result<(), Refusal> {
    let has = |name: &str| body.get(name).is_some();
    let verified = pool.visit.settings.verified_identities.as_deref();
    if let Some(message) = mails::refusal(body, verified, &pool.region) {
        return Err(invalid(&message));
    }
    match operation {
        // COG-09, COG-21
        "SetUserPoolMfaConfig" => {
            let factors = ["SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"];
            let any = factors.iter().any(|it| has(it));
            match body["MfaConfiguration"].as_str().unwrap_or("OFF") {
                "OFF" if any => Err(invalid(
                    "Invalid MFA configuration given, can't turn off MFA and configure an MFA together",
                )),
                "ON" | "OPTIONAL" if !any => Err(invalid(
                    "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.",
                )),
                _ => Ok(()),
            }
        }
        // COG-21
        "CreateUserPool" => match body["MfaConfiguration"].as_str() {
            Some("ON" | "OPTIONAL") if !has("SmsConfiguration") => {
                Err(invalid("SMS configuration is required when MFA is ON or OPTIONAL."))
            }
            _ => Ok(()),
        },
        // COG-22
        "UpdateUserPool" => {
            let fixed = ["Schema", "UsernameAttributes", "AliasAttributes", "UsernameConfiguration"];
            match fixed.iter().find(|it| has(it)) {
                Some(name) => Err(invalid(&format!("{name} cannot be changed once the pool is there."))),
                None => Ok(()),
            }
        }
        "UpdateUserPoolClient" if has("GenerateSecret") => {
            Err(invalid("GenerateSecret cannot be changed once the client is there."))
        }
        // COG-52
        "AdminCreateUser" if !is_user_name(&text(&body["Username"])) => Err(invalid(
            "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
        )),
        "DeleteUserPool" => check_delete(pool).await,
        // COG-94
        "DeleteGroup" => {
            let group = json!({ "UserPoolId": pool.id, "GroupName": body["GroupName"], "Limit": 1 });
            let (_, people) = pool.ask("ListUsersInGroup", &group).await?;
            match people["Users"].as_array().is_some_and(|it| !it.is_empty()) {
                true => Err(invalid("The group has users.")),
                false => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Whether Cognito takes a user name: 1 to 128 letters, marks, symbols, digits and punctuation marks.
fn is_user_name(name: &str) -> bool {
    (1..=128).contains(&name.chars().count())
        && !name.contains(|it: char| it.is_whitespace() || it.is_control())
}

async fn check_delete(pool: &Pool<'_>) -> Result<(), Refusal> {
    let (status, answer) = pool.describe().await?;
    let live = &answer["UserPool"];
    if !status.is_success() {
        return Ok(());
    }
    // COG-06
    if live["DeletionProtection"] == "ACTIVE" {
        return Err(invalid(
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must \
                 be inactivated first.",
        ));
    }
    // COG-05
    if !text(&live["Domain"]).is_empty() || !text(&live["CustomDomain"]).is_empty() {
        return Err(invalid(
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        ));
    }
    Ok(())
}

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "InvalidParameterException", message)
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
    edit::add_missing(pool, updates::pool_defaults());
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

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
