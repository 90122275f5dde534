//! Cognito as on AWS, each rule alone.

use serde_json::{Value, json};

use crate::{
    running::{HttpResponse, Running},
    settings::{after_a_moment, only},
};

async fn ask(cloud: &Running, operation: &str, body: Value) -> HttpResponse {
    let request = format!(
        "POST /\nx-amz-target: AWSCognitoIdentityProviderService.{operation}\ncontent-type: application/x-amz-json-1.1"
    );
    cloud.signed("cognito-idp", &request, body.to_string()).await
}

fn refusal(answer: &HttpResponse) -> String {
    let json = answer.json();
    let text = json["message"].as_str().or(json["Message"].as_str()).unwrap_or_default();
    format!("{} {} {text}", answer.status.as_u16(), json["__type"].as_str().unwrap_or_default())
}

async fn create_pool(cloud: &Running, mut settings: Value) -> Value {
    settings["PoolName"] = json!("users");
    let answer = ask(cloud, "CreateUserPool", settings).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["UserPool"]["Id"].clone()
}

async fn describe(cloud: &Running, pool: &Value) -> Value {
    ask(cloud, "DescribeUserPool", json!({ "UserPoolId": pool })).await.json()["UserPool"].clone()
}

const TOLD: &str = r#"{"DeletionProtection": "ACTIVE", "AutoVerifiedAttributes": ["email"]}"#;

#[tokio::test]
async fn what_is_left_out_is_reset() {
    let cloud = only("cognito_updates").await;
    let told: Value = serde_json::from_str(TOLD).unwrap();
    let documented = create_pool(&cloud, told.clone()).await;
    let measured = create_pool(&cloud, told).await;
    let create = json!({ "UserPoolId": documented, "ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "PreventUserExistenceErrors": "ENABLED" });
    let client =
        ask(&cloud, "CreateUserPoolClient", create).await.json()["UserPoolClient"]["ClientId"].clone();

    let update = json!({ "UserPoolId": documented, "MfaConfiguration": "OFF" });
    assert_eq!(ask(&cloud, "UpdateUserPool", update).await.status, 200);
    let pool = describe(&cloud, &documented).await;
    assert_eq!(
        (&pool["DeletionProtection"], &pool["AutoVerifiedAttributes"]),
        (&json!("INACTIVE"), &json!([]))
    );
    let update = json!({ "UserPoolId": documented, "ClientId": client, "ClientName": "web" });
    let updated = ask(&cloud, "UpdateUserPoolClient", update.clone()).await.json()["UserPoolClient"].clone();
    assert_eq!(
        (&updated["ExplicitAuthFlows"], &updated["PreventUserExistenceErrors"]),
        (&json!([]), &json!("LEGACY"))
    );

    let rules = json!({ "*": false, "cognito_updates": true });
    cloud.settings(json!({ "rules": rules, "cognito_updates": "measured" })).await;
    assert_eq!(ask(&cloud, "UpdateUserPool", json!({ "UserPoolId": measured })).await.status, 200);
    let pool = describe(&cloud, &measured).await;
    assert_eq!(
        (&pool["DeletionProtection"], &pool["AutoVerifiedAttributes"]),
        (&json!("ACTIVE"), &json!([]))
    );
}

#[tokio::test]
async fn a_group_with_people_stays() {
    let cloud = only("cognito_checks").await;
    let pool = create_pool(&cloud, json!({})).await;
    let group = json!({ "UserPoolId": pool, "GroupName": "admins" });
    assert_eq!(ask(&cloud, "CreateGroup", group.clone()).await.status, 200);
    let user = json!({ "UserPoolId": pool, "Username": "ada", "GroupName": "admins" });
    assert_eq!(ask(&cloud, "AdminCreateUser", user.clone()).await.status, 200);
    assert_eq!(ask(&cloud, "AdminAddUserToGroup", user.clone()).await.status, 200);
    let refused = ask(&cloud, "DeleteGroup", group.clone()).await;
    assert_eq!(refusal(&refused), "400 InvalidParameterException The group has users.");
    assert_eq!(ask(&cloud, "AdminRemoveUserFromGroup", user).await.status, 200);
    assert_eq!(ask(&cloud, "DeleteGroup", group).await.status, 200);
}

#[tokio::test]
async fn names_may_be_had_twice() {
    let cloud = only("cognito_checks").await;
    let (one, other) = (create_pool(&cloud, json!({})).await, create_pool(&cloud, json!({})).await);
    assert_ne!(one, other);
    let create = json!({ "UserPoolId": one, "ClientName": "web" });
    let client = async || ask(&cloud, "CreateUserPoolClient", create.clone()).await.json();
    let (one, other) = (client().await, client().await);
    assert_ne!(one["UserPoolClient"]["ClientId"], other["UserPoolClient"]["ClientId"]);
    let pools = ask(&cloud, "ListUserPools", json!({ "MaxResults": 10 })).await.json();
    let names: Vec<_> = pools["UserPools"].as_array().unwrap().iter().map(|it| &it["Name"]).collect();
    assert_eq!(names, ["users", "users"]);
}

#[tokio::test]
async fn one_update_at_a_time() {
    let cloud = only("cognito_overlap").await;
    let (pool, other) = (create_pool(&cloud, json!({})).await, create_pool(&cloud, json!({})).await);
    let client =
        ask(&cloud, "CreateUserPoolClient", json!({ "UserPoolId": pool, "ClientName": "web" })).await;
    let client = client.json()["UserPoolClient"]["ClientId"].clone();
    let update = async |pool: &Value| ask(&cloud, "UpdateUserPool", json!({ "UserPoolId": pool })).await;
    let of_client = json!({ "UserPoolId": pool, "ClientId": client, "ClientName": "web" });
    let (first, second, elsewhere) = tokio::join!(
        update(&pool),
        after_a_moment(ask(&cloud, "UpdateUserPoolClient", of_client)),
        after_a_moment(update(&other))
    );
    assert_eq!((first.status.as_u16(), elsewhere.status.as_u16()), (200, 200));
    assert_eq!(
        refusal(&second),
        "400 ConcurrentModificationException Only one request to update user pool client can be processed at a time."
    );
    let (first, second) = tokio::join!(update(&pool), after_a_moment(update(&pool)));
    assert_eq!(first.status, 200);
    assert_eq!(
        refusal(&second),
        "400 ConcurrentModificationException Only one request to update this UserPool can be processed at a time"
    );
}

#[tokio::test]
async fn what_it_does_not_take() {
    let cloud = only("cognito_checks").await;
    let pool = create_pool(&cloud, json!({ "DeletionProtection": "ACTIVE" })).await;
    let mfa = async |body: Value| {
        let mut body = body;
        body["UserPoolId"] = pool.clone();
        ask(&cloud, "SetUserPoolMfaConfig", body).await
    };
    let factor = json!({ "Enabled": false });
    let both = mfa(json!({ "MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": factor })).await;
    assert!(refusal(&both).contains("can't turn off MFA and configure an MFA together"), "{both:?}");
    assert_eq!(mfa(json!({ "SoftwareTokenMfaConfiguration": factor })).await.status, 400, "left out is OFF");
    let neither = mfa(json!({ "MfaConfiguration": "OPTIONAL" })).await;
    assert!(refusal(&neither).contains("must be enabled"), "{neither:?}");
    let on =
        mfa(json!({ "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true } })).await;
    assert_eq!(on.status, 200);
    let born = ask(&cloud, "CreateUserPool", json!({ "PoolName": "x", "MfaConfiguration": "ON" })).await;
    assert_eq!(born.status, 400);
    for fixed in ["Schema", "UsernameAttributes", "AliasAttributes"] {
        let answer = ask(&cloud, "UpdateUserPool", json!({ "UserPoolId": pool, fixed: ["email"] })).await;
        assert_eq!(answer.status, 400, "{fixed}");
    }

    let delete = async || ask(&cloud, "DeleteUserPool", json!({ "UserPoolId": pool })).await;
    let protected = delete().await;
    assert!(refusal(&protected).contains("deletion protection is activated"), "{protected:?}");
    let off = json!({ "UserPoolId": pool, "DeletionProtection": "INACTIVE" });
    assert_eq!(ask(&cloud, "UpdateUserPool", off).await.status, 200);
    let domain = json!({ "UserPoolId": pool, "Domain": "sign-in" });
    assert_eq!(ask(&cloud, "CreateUserPoolDomain", domain.clone()).await.status, 200);
    let has_domain = delete().await;
    assert!(refusal(&has_domain).contains("It has a domain configured"), "{has_domain:?}");
    assert_eq!(ask(&cloud, "DeleteUserPoolDomain", domain).await.status, 200);
    assert_eq!(delete().await.status, 200);
}

#[tokio::test]
async fn rates() {
    let cloud = only("rates").await;
    let (pool, other) = (create_pool(&cloud, json!({})).await, create_pool(&cloud, json!({})).await);
    let list = async |pool: &Value| {
        ask(&cloud, "ListUserPoolClients", json!({ "UserPoolId": pool, "MaxResults": 10 })).await
    };
    for _ in 0..5 {
        assert_eq!(list(&pool).await.status, 200);
    }
    assert_eq!(refusal(&list(&pool).await), "400 TooManyRequestsException Rate exceeded");
    assert_eq!(list(&other).await.status, 200);
}

#[tokio::test]
async fn defaults_read_back() {
    let cloud = only("defaults").await;
    let pool =
        create_pool(&cloud, json!({ "Policies": { "PasswordPolicy": { "MinimumLength": 12 } } })).await;
    let read = describe(&cloud, &pool).await;
    assert_eq!(read["UserPoolTier"], "ESSENTIALS");
    assert_eq!(read["AccountRecoverySetting"]["RecoveryMechanisms"][0]["Name"], "verified_email");
    assert_eq!(read["VerificationMessageTemplate"], json!({ "DefaultEmailOption": "CONFIRM_WITH_CODE" }));
    assert_eq!(read["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"], json!(["PASSWORD"]));
    let policy = &read["Policies"]["PasswordPolicy"];
    assert_eq!((&policy["MinimumLength"], &policy["RequireSymbols"]), (&json!(12), &json!(false)));
    assert!(read["SchemaAttributes"].as_array().unwrap().len() >= 18);
    for absent in ["AliasAttributes", "SmsConfiguration", "Domain", "SmsVerificationMessage"] {
        assert!(read.get(absent).is_none(), "{absent}: {read}");
    }
    let create = json!({ "UserPoolId": pool, "ClientName": "web", "CallbackURLs": ["https://b.example", "https://a.example"] });
    let client = ask(&cloud, "CreateUserPoolClient", create).await.json()["UserPoolClient"].clone();
    assert_eq!(client["CallbackURLs"], json!(["https://a.example", "https://b.example"]));
    assert!(client.get("LogoutURLs").is_none(), "{client}");
}

#[tokio::test]
async fn features_of_tiers() {
    let cloud = only("cognito_tiers").await;
    let pool = create_pool(&cloud, json!({ "UserPoolTier": "LITE" })).await;
    let codes = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } });
    let update = async |tier: &str| {
        let body = json!({ "UserPoolId": pool, "UserPoolTier": tier, "Policies": codes });
        ask(&cloud, "UpdateUserPool", body).await
    };
    assert_eq!(
        refusal(&update("LITE").await),
        "400 FeatureUnavailableInTierException The following features need to be disabled for the LITE pricing tier \
         configured: Passwordless Sign-In"
    );
    assert_eq!(update("ESSENTIALS").await.status, 200);
    // Its features have to be turned off before the tier.
    let lower = ask(&cloud, "UpdateUserPool", json!({ "UserPoolId": pool, "UserPoolTier": "LITE" })).await;
    assert_eq!(lower.status, 400, "{lower:?}");
}

#[tokio::test]
async fn mails_from_an_identity_that_is_not_verified() {
    let cloud = only("cognito_checks").await;
    let arn = "arn:aws:ses:eu-west-1:000000000000:identity/example.com";
    let from = |arn: &str| {
        let email =
            json!({ "EmailSendingAccount": "DEVELOPER", "SourceArn": arn, "From": "no-reply@example.com" });
        json!({ "PoolName": "x", "EmailConfiguration": email })
    };
    let rules = json!({ "*": false, "cognito_checks": true });
    cloud.settings(json!({ "rules": rules, "verified_identities": [arn] })).await;
    assert_eq!(ask(&cloud, "CreateUserPool", from(arn)).await.status, 200);
    let other = ask(&cloud, "CreateUserPool", from(&arn.replace("example.com", "example.org"))).await;
    assert!(refusal(&other).contains("Email address is not verified."), "{other:?}");
    assert!(refusal(&other).ends_with("in region EU-WEST-1: example.org"), "{other:?}");
}

#[tokio::test]
async fn mails_of_a_day() {
    let cloud = only("cognito_mails").await;
    let rules = json!({ "*": false, "cognito_mails": true });
    cloud.settings(json!({ "rules": rules, "mails_a_day": 2 })).await;
    let email = json!({ "EmailSendingAccount": "DEVELOPER", "From": "no-reply@example.com",
        "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com" });
    let open = json!({ "AutoVerifiedAttributes": ["email"],
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": false } });
    let mut by_ses = open.clone();
    by_ses["EmailConfiguration"] = email;
    let clients = async |settings: Value| {
        let pool = create_pool(&cloud, settings).await;
        let client =
            ask(&cloud, "CreateUserPoolClient", json!({ "UserPoolId": pool, "ClientName": "web" })).await;
        (pool, client.json()["UserPoolClient"]["ClientId"].clone())
    };
    let (pool, client) = clients(open).await;
    let (_, other) = clients(by_ses).await;
    let sign_up = async |client: &Value, name: &str| {
        let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
        let body = json!({ "ClientId": client, "Username": name, "Password": "Lovelace-1815", "UserAttributes": email });
        ask(&cloud, "SignUp", body).await
    };
    for name in ["ada", "bob"] {
        let signed_up = sign_up(&client, name).await;
        assert_eq!(signed_up.status, 200, "{signed_up:?}");
    }
    let over = sign_up(&client, "cyd").await;
    assert!(refusal(&over).starts_with("400 LimitExceededException Exceeded daily email limit"), "{over:?}");
    let get = json!({ "UserPoolId": pool, "Username": "cyd" });
    assert_eq!(ask(&cloud, "AdminGetUser", get.clone()).await.json()["UserStatus"], "UNCONFIRMED");
    let again = json!({ "ClientId": client, "Username": "ada" });
    assert_eq!(ask(&cloud, "ResendConfirmationCode", again).await.status, 400);
    let quietly = json!({ "UserPoolId": pool, "Username": "dan", "MessageAction": "SUPPRESS" });
    assert_eq!(ask(&cloud, "AdminCreateUser", quietly).await.status, 200);
    assert_eq!(sign_up(&other, "eve").await.status, 200, "SES has limits of its own");
}

#[tokio::test]
async fn users_are_checked_while_mails_are_counted() {
    let cloud = only("cognito_mails").await;
    cloud.settings(json!({ "rules": { "*": false, "cognito_mails": true, "cognito_checks": true } })).await;
    let pool = create_pool(&cloud, json!({})).await;
    let create = async |name: &str| {
        ask(&cloud, "AdminCreateUser", json!({ "UserPoolId": pool, "Username": name })).await
    };
    let refused = create("ada lovelace").await;
    assert!(refusal(&refused).starts_with("400 InvalidParameterException 1 validation error"), "{refused:?}");
    assert_eq!(create("ada-lovelace").await.status, 200);
}
