//! Accounts that people make themselves: the codes and messages of user pools.

use std::fs;

use serde_json::{Value, json};
use stackctl_localcloud::{Message, Messages, down};

use crate::running::{HttpResponse, Running, start};

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "Lovelace-1815";

/// A cloud with a user pool that anyone may sign up to, or only an administrator.
struct Pool {
    cloud: Running,
    client: String,
    messages: Messages,
}

impl Pool {
    async fn new(admin_only: bool) -> Pool {
        let cloud = Running::new().await;
        let pool = json!({
            "PoolName": "users",
            "AutoVerifiedAttributes": ["email"],
            "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": admin_only },
        });
        let made = cloud.call("cognito-idp", &target("CreateUserPool"), pool).await;
        let client = json!({
            "UserPoolId": made["UserPool"]["Id"],
            "ClientName": "web",
            "PreventUserExistenceErrors": "ENABLED",
        });
        let made = cloud.call("cognito-idp", &target("CreateUserPoolClient"), client).await;
        let messages = Messages::of(&cloud.options.instance);
        Pool { cloud, client: made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned(), messages }
    }

    /// What a page sends: no signature.
    async fn ask(&self, operation: &str, user: &str, more: Value) -> HttpResponse {
        let mut body = json!({ "ClientId": self.client, "Username": user });
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let target = target(operation);
        let request = format!("POST /\nx-amz-target: {target}\ncontent-type: application/x-amz-json-1.1");
        self.cloud.send(&request, body.to_string()).await
    }

    async fn sign_up(&self, user: &str) -> HttpResponse {
        let attributes = json!([{ "Name": "email", "Value": EMAIL }]);
        self.ask("SignUp", user, json!({ "Password": PASSWORD, "UserAttributes": attributes })).await
    }

    async fn confirm(&self, user: &str, code: &str) -> HttpResponse {
        self.ask("ConfirmSignUp", user, json!({ "ConfirmationCode": code })).await
    }

    async fn set_password(&self, user: &str, code: &str) -> HttpResponse {
        let answer = json!({ "ConfirmationCode": code, "Password": "Another-1815" });
        self.ask("ConfirmForgotPassword", user, answer).await
    }

    fn only_message(&mut self) -> Message {
        let news = self.messages.news().unwrap();
        let [message] = news.try_into().unwrap_or_else(|all| panic!("not one message: {all:?}"));
        message
    }
}

fn target(operation: &str) -> String {
    format!("AWSCognitoIdentityProviderService.{operation}")
}

fn refused(answer: &HttpResponse, code: &str) {
    assert_eq!((answer.status.as_u16(), &answer.json()["__type"]), (400, &json!(code)), "{answer:?}");
}

/// Another code of the same form.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_code_confirms_an_account_and_another_sets_a_password() {
    let mut pool = Pool::new(false).await;
    let signed_up = pool.sign_up("ada").await;
    assert_eq!(signed_up.status, 200, "{signed_up:?}");
    assert_eq!(signed_up.json()["CodeDeliveryDetails"]["Destination"], "a****@e****");
    let Message { time, kind, to, from, pool: name, user, code, expires, subject, body } =
        pool.only_message();
    assert_eq!([&kind, &to, &name, &user], ["sign_up", EMAIL, "users", "ada"]);
    assert_eq!((expires.unwrap() - time + 500) / 1000, 24 * 3600);
    let code = code.unwrap();
    assert!(code.len() == 6 && body.contains(&code) && !subject.is_empty() && from.contains('@'), "{body}");

    refused(&pool.confirm("ada", &wrong(&code)).await, "CodeMismatchException");
    assert_eq!(pool.confirm("ada", &code).await.status, 200);
    refused(&pool.confirm("ada", &code).await, "NotAuthorizedException");
    refused(&pool.ask("ResendConfirmationCode", "ada", json!({})).await, "InvalidParameterException");

    assert_eq!(pool.ask("ForgotPassword", "ada", json!({})).await.status, 200, "the address is verified");
    let second = pool.only_message();
    assert_eq!(second.kind, "reset_password");
    assert_eq!((second.expires.unwrap() - second.time + 500) / 1000, 3600);
    let code = second.code.unwrap();
    refused(&pool.set_password("ada", &wrong(&code)).await, "CodeMismatchException");
    assert_eq!(pool.set_password("ada", &code).await.status, 200);
    refused(&pool.set_password("ada", &code).await, "ExpiredCodeException");
}

#[tokio::test]
async fn codes_are_random_and_limited() {
    let mut pool = Pool::new(false).await;
    pool.sign_up("ada").await;
    let mut codes = vec![pool.only_message().code.unwrap()];
    for _ in 0..5 {
        assert_eq!(pool.ask("ResendConfirmationCode", "ada", json!({})).await.status, 200);
        codes.push(pool.only_message().code.unwrap());
    }
    refused(&pool.ask("ResendConfirmationCode", "ada", json!({})).await, "LimitExceededException");
    let last = codes.pop().unwrap();
    // One in a million is the same by chance.
    let mut others: Vec<&String> = codes.iter().filter(|it| **it != last).collect();
    others.dedup();
    assert!(others.len() >= 4, "{codes:?}");
    refused(&pool.confirm("ada", others[0]).await, "CodeMismatchException");
    for _ in 1..15 {
        refused(&pool.confirm("ada", &wrong(&last)).await, "CodeMismatchException");
    }
    refused(&pool.confirm("ada", &last).await, "LimitExceededException");
}

#[tokio::test]
async fn strangers_learn_nothing() {
    let mut pool = Pool::new(false).await;
    let told = pool.ask("ForgotPassword", "nobody", json!({})).await;
    assert_eq!(told.status, 200, "{told:?}");
    refused(&pool.set_password("nobody", "123456").await, "CodeMismatchException");
    for _ in 0..4 {
        pool.ask("ForgotPassword", "nobody", json!({})).await;
    }
    refused(&pool.ask("ForgotPassword", "nobody", json!({})).await, "LimitExceededException");
    assert_eq!(pool.messages.news().unwrap(), []);
}

#[tokio::test]
async fn only_an_administrator_adds_users() {
    let mut pool = Pool::new(true).await;
    let refused = pool.sign_up("ada").await;
    assert_eq!(refused.json()["message"], "SignUp is not permitted for this user pool");
    assert_eq!(pool.messages.news().unwrap(), []);
}

#[tokio::test]
async fn codes_expire() {
    let mut pool = Pool::new(false).await;
    pool.sign_up("ada").await;
    let code = pool.only_message().code.unwrap();
    let instance = pool.cloud.options.instance.clone();
    down(&instance, &mut |_| {}).await.unwrap();
    let path = instance.folder().join("emulator/cognito.json");
    let state = fs::read_to_string(&path).unwrap();
    let (before, after) = state.split_once(r#""_confirmation_code_until": "#).unwrap();
    let rest = &after[after.find([',', '}']).unwrap()..];
    fs::write(&path, format!(r#"{before}"_confirmation_code_until": 1{rest}"#)).unwrap();
    pool.cloud.cloud = start(&pool.cloud.options).await.unwrap();
    refused(&pool.confirm("ada", &code).await, "ExpiredCodeException");
    assert_eq!(pool.ask("ResendConfirmationCode", "ada", json!({})).await.status, 200);
    let code = pool.only_message().code.unwrap();
    assert_eq!(pool.confirm("ada", &code).await.status, 200);
}

#[tokio::test]
async fn refresh_tokens_rotate() {
    let cloud = Running::new().await;
    let made = cloud.call("cognito-idp", &target("CreateUserPool"), json!({ "PoolName": "users" })).await;
    let pool = &made["UserPool"]["Id"];
    let client = |flows: Value| {
        json!({
            "UserPoolId": pool,
            "ClientName": "web",
            "ExplicitAuthFlows": flows,
            "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 1 },
        })
    };
    let both = client(json!(["ALLOW_REFRESH_TOKEN_AUTH"])).to_string();
    let request = format!(
        "POST /\nx-amz-target: {}\ncontent-type: application/x-amz-json-1.1",
        target("CreateUserPoolClient")
    );
    refused(&cloud.signed("cognito-idp", &request, both).await, "InvalidParameterException");
    let client = client(json!(["ALLOW_USER_PASSWORD_AUTH"]));
    let made = cloud.call("cognito-idp", &target("CreateUserPoolClient"), client).await;
    assert_eq!(made["UserPoolClient"]["RefreshTokenRotation"]["Feature"], "ENABLED");
    let client = made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
    let user = json!({ "UserPoolId": pool, "Username": "ada", "MessageAction": "SUPPRESS" });
    cloud.call("cognito-idp", &target("AdminCreateUser"), user).await;
    let password = json!({ "UserPoolId": pool, "Username": "ada", "Password": PASSWORD, "Permanent": true });
    cloud.call("cognito-idp", &target("AdminSetUserPassword"), password).await;

    let ask = async |operation: &str, body: Value| {
        let request =
            format!("POST /\nx-amz-target: {}\ncontent-type: application/x-amz-json-1.1", target(operation));
        cloud.send(&request, body.to_string()).await
    };
    let answers = json!({ "USERNAME": "ada", "PASSWORD": PASSWORD });
    let begin = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": answers });
    let begun = ask("InitiateAuth", begin).await.json();
    let token = |answer: &Value| answer["AuthenticationResult"]["RefreshToken"].as_str().unwrap().to_owned();
    let first = token(&begun);
    let renew = async |token: &str| {
        ask("GetTokensFromRefreshToken", json!({ "ClientId": client, "RefreshToken": token })).await
    };
    let second = token(&renew(&first).await.json());
    assert_ne!(first, second);
    assert_eq!(renew(&first).await.status, 200, "within the grace");
    let parameters = json!({ "REFRESH_TOKEN": second });
    let old = json!({ "ClientId": client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters });
    refused(&ask("InitiateAuth", old).await, "InvalidParameterException");
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    refused(&renew(&first).await, "RefreshTokenReuseException");
    refused(&renew(&second).await, "NotAuthorizedException");
}
