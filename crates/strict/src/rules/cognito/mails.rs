//! Mails: only from an identity of SES that is verified (COG-115), and 50 a day by Cognito itself (COG-113).

use hyper::Response;
use serde_json::{Value, json};
use stackctl_gateway::{Body, Refusal};

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

/// Whether a mail of this operation counts, since Cognito itself would send it. After the day's last mail the operation is
/// refused, but for a sign-up, which makes its user first.
pub(super) async fn count(pool: &Pool<'_>, operation: &str, body: &Value) -> Result<bool, Refusal> {
    if body["MessageAction"] == "SUPPRESS" || !is_by_cognito(pool, body).await? {
        return Ok(false);
    }
    if operation != "SignUp" && !has_more(pool) {
        return Err(is_over());
    }
    Ok(true)
}

/// Counts the mail that an operation sent. Without one of the day left, a sign-up is refused here.
pub(super) async fn counted(
    pool: &Pool<'_>,
    operation: &str,
    response: Response<Body>,
) -> Result<Response<Body>, Refusal> {
    if !response.status().is_success() {
        return Ok(response);
    }
    let mut sent = operation.starts_with("Admin");
    let response = edit::json(response, |answer| sent |= answer.get("CodeDeliveryDetails").is_some()).await;
    if !sent {
        return Ok(response);
    }
    if !has_more(pool) {
        return Err(is_over());
    }
    let memory = pool.visit.memory;
    memory.mails.add(&pool.region, memory.clock.deadline(DAY));
    Ok(response)
}

fn has_more(pool: &Pool<'_>) -> bool {
    let Visit { memory, settings, .. } = pool.visit;
    memory.mails.count(&pool.region, &memory.clock) < settings.mails_a_day
}

fn is_over() -> Refusal {
    let text = "Exceeded daily email limit for the operation or the account. If a higher limit is required, please \
                configure your user pool to use your own Amazon SES configuration for sending email.";
    Refusal::new(400, "LimitExceededException", text)
}

/// Whether Cognito sends the mails of the request's pool, which a user's request names by an app client.
async fn is_by_cognito(pool: &Pool<'_>, body: &Value) -> Result<bool, Refusal> {
    let id = match (body["UserPoolId"].as_str(), body["ClientId"].as_str()) {
        (Some(id), _) => Some(id.to_owned()),
        (None, Some(client)) => pool_of(pool, client).await?,
        (None, None) => None,
    };
    let Some(id) = id else { return Ok(false) };
    let (status, answer) = pool.ask("DescribeUserPool", &json!({ "UserPoolId": id })).await?;
    let account = &answer["UserPool"]["EmailConfiguration"]["EmailSendingAccount"];
    Ok(status.is_success() && account != "DEVELOPER")
}

/// The pool of an app client. A client that was created before this cloud began is searched in the lists.
async fn pool_of(pool: &Pool<'_>, client: &str) -> Result<Option<String>, Refusal> {
    let known = &pool.visit.memory.clients;
    if let Some(id) = known.pool(client) {
        return Ok(Some(id));
    }
    let (_, pools) = pool.ask("ListUserPools", &json!({ "MaxResults": 60 })).await?;
    for id in pools["UserPools"].as_array().into_iter().flatten().filter_map(|it| it["Id"].as_str()) {
        let list = json!({ "UserPoolId": id, "MaxResults": 60 });
        let (_, clients) = pool.ask("ListUserPoolClients", &list).await?;
        let clients = clients["UserPoolClients"].as_array();
        if clients.is_some_and(|all| all.iter().any(|it| it["ClientId"] == client)) {
            known.add(client, id);
            return Ok(Some(id.to_owned()));
        }
    }
    Ok(None)
}
