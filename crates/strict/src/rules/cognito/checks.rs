//! Input that Cognito refuses.

use serde_json::{Value, json};
use stackctl_gateway::Refusal;

use super::{
    mails,
    pool::{Pool, text},
};

/// Refuses input that Cognito refuses.
pub(super) async fn check(pool: &Pool<'_>, operation: &str, body: &Value) -> Result<(), Refusal> {
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
