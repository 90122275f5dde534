//! Mails: only from an identity of SES that is verified (COG-115), and 50 a day by Cognito itself (COG-113).

use hyper::Response;
use serde_json::{Value, json};
use stackctl_gateway::{Body, CloudRequest, Refusal};

use super::pool::Pool;
use crate::{edit, visit::Visit};

const DAY: f64 = 86_400.0;

/// Cognito's refusal of the settings of mails of a pool.
pub(super) fn refusal(body: &Value, verified: Option<&[String]>, region: &str) -> Option<String> {
    let settings = &body["EmailConfiguration"];
    let identity = settings["SourceArn"].as_str().unwrap_or_default();
    if settings["EmailSendingAccount"] != "DEVELOPER" || verified?.iter().any(|it| it == identity) {
        return None;
    }
    let name = identity.rsplit('/').next().unwrap_or_default();
    Some(format!(
        "Cognito received the following error from Amazon SES when attempting to send email: Email address is not \
         verified. The following identities failed the check in region {}: {name}",
        region.to_uppercase()
    ))
}

/// Whether an operation may send a mail.
pub(super) fn may_be_sent_by(operation: &str) -> bool {
    matches!(
        operation,
        "AdminCreateUser" | "AdminResetUserPassword" | "ForgotPassword" | "ResendConfirmationCode" | "SignUp"
    )
}

/// Passes an operation that may send a mail. After the day's last mail it is refused; a sign-up has made its user then.
pub(super) async fn pass(
    pool: &Pool<'_>,
    request: &mut CloudRequest,
    operation: &str,
    body: &Value,
) -> Result<Response<Body>, Refusal> {
    let Visit { memory, settings, .. } = pool.visit;
    if !is_by_cognito(pool, body).await? || body["MessageAction"] == "SUPPRESS" {
        return Ok(pool.visit.pass(request).await);
    }
    let day = || memory.clock.deadline(DAY);
    let is_over = || Refusal::new(400, "LimitExceededException", OVER);
    let has_more = || memory.mails.count(&pool.region, &memory.clock) < settings.mails_a_day;
    if !has_more() && operation != "SignUp" {
        return Err(is_over());
    }
    let response = pool.visit.pass(request).await;
    if !response.status().is_success() {
        return Ok(response);
    }
    let mut sent = operation.starts_with("Admin");
    let response = edit::json(response, |answer| sent |= answer.get("CodeDeliveryDetails").is_some()).await;
    if !sent {
        return Ok(response);
    }
    if !has_more() {
        return Err(is_over());
    }
    memory.mails.add(&pool.region, day());
    Ok(response)
}

const OVER: &str = "Exceeded daily email limit for the operation or the account. If a higher limit is required, please \
    configure your user pool to use your own Amazon SES configuration for sending email.";

/// Whether Cognito sends the mails of the request's pool, which a user's request names by an app client.
async fn is_by_cognito(pool: &Pool<'_>, body: &Value) -> Result<bool, Refusal> {
    let id = match (body["UserPoolId"].as_str(), body["ClientId"].as_str()) {
        (Some(id), _) => id.to_owned(),
        (None, Some(client)) => pool_of(pool, client).await?.unwrap_or_default(),
        (None, None) => return Ok(false),
    };
    let (status, answer) = pool.ask("DescribeUserPool", &json!({ "UserPoolId": id })).await?;
    let account = &answer["UserPool"]["EmailConfiguration"]["EmailSendingAccount"];
    Ok(status.is_success() && account != "DEVELOPER")
}

async fn pool_of(pool: &Pool<'_>, client: &str) -> Result<Option<String>, Refusal> {
    let (_, pools) = pool.ask("ListUserPools", &json!({ "MaxResults": 60 })).await?;
    for it in pools["UserPools"].as_array().into_iter().flatten() {
        let list = json!({ "UserPoolId": it["Id"], "MaxResults": 60 });
        let (_, clients) = pool.ask("ListUserPoolClients", &list).await?;
        if clients["UserPoolClients"]
            .as_array()
            .is_some_and(|all| all.iter().any(|it| it["ClientId"] == client))
        {
            return Ok(it["Id"].as_str().map(str::to_owned));
        }
    }
    Ok(None)
}
