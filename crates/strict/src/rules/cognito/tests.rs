//! The requests that reach the emulator: those of the caller, and those that the rules add.

use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, Uri,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use stackctl_gateway::{Backend, Caller, CloudRequest, Emulator, Operation, Rules, Upstream, full};
use tokio::net::TcpListener;

use super::answer;
use crate::{harness::settings::StrictSettings, memory::Memory, visit::Visit};

const REGION: &str = "eu-west-1";

/// The rules in front of an emulator that has one pool with one client, and notes what it is asked.
struct Watched {
    backend: Backend,
    memory: Memory,
    settings: Arc<StrictSettings>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Watched {
    async fn with_rule(rule: &str) -> Watched {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Arc::new(Upstream::new("key", "root"));
        upstream.found(listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let notes = notes.clone();
                let service = service_fn(move |request: Request<Incoming>| {
                    let target = request.headers()["x-amz-target"].to_str().unwrap();
                    let operation = target.rsplit('.').next().unwrap().to_owned();
                    let answer = answer_of(&operation).to_string();
                    notes.lock().unwrap().push(operation);
                    async move {
                        request.into_body().collect().await?;
                        Ok::<_, hyper::Error>(Response::new(Full::<Bytes>::from(answer)))
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        let settings = json!({ "rules": { "*": false, rule: true } });
        Watched {
            backend: Backend {
                upstream,
                rules: Rules::new(REGION.to_owned(), Emulator::Other),
                region: REGION.to_owned(),
            },
            memory: Memory::default(),
            settings: Arc::new(serde_json::from_value(settings).unwrap()),
            asked,
        }
    }

    /// The requests that the emulator gets for one of an administrator.
    async fn signed(&self, operation: &'static str, body: Value) -> Vec<String> {
        let credential =
            format!("AWS4-HMAC-SHA256 Credential=root/20260101/{REGION}/cognito-idp/aws4_request");
        self.send(
            operation,
            body,
            HeaderMap::from_iter([(header::AUTHORIZATION, credential.parse().unwrap())]),
        )
        .await
    }

    /// The requests that the emulator gets for one of a user.
    async fn unsigned(&self, operation: &'static str, body: Value) -> Vec<String> {
        self.send(operation, body, HeaderMap::new()).await
    }

    async fn send(&self, operation: &'static str, body: Value, mut headers: HeaderMap) -> Vec<String> {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        headers.insert("x-amz-target", target.parse().unwrap());
        let mut request = CloudRequest {
            operation: Operation { service: "cognito-idp".into(), name: Some(operation.into()), write: true },
            method: Method::POST,
            uri: Uri::from_static("/"),
            headers,
            body: full(body.to_string()),
            has_action: false,
            caller: Caller::Root,
        };
        let visit = Visit { memory: &self.memory, backend: &self.backend, settings: self.settings.clone() };
        let answered = answer(&visit, &mut request).await;
        assert!(answered.is_ok_and(|it| it.status().is_success()), "{operation}");
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn answer_of(operation: &str) -> Value {
    match operation {
        "CreateUserPoolClient" => json!({ "UserPoolClient": { "ClientId": "web" } }),
        "DescribeUserPool" => json!({ "UserPool": { "UserPoolTier": "PLUS" } }),
        "ListUserPools" => json!({ "UserPools": [{ "Id": "pool" }] }),
        "ListUserPoolClients" => json!({ "UserPoolClients": [{ "ClientId": "older" }] }),
        _ => json!({}),
    }
}

#[tokio::test]
async fn the_pool_is_read_where_its_tier_matters() {
    let cloud = Watched::with_rule("cognito_tiers").await;
    for operation in ["ListUsers", "DescribeUserPool", "AdminCreateUser", "CreateUserPool", "DeleteUserPool"]
    {
        assert_eq!(cloud.signed(operation, json!({ "UserPoolId": "pool" })).await, [operation]);
    }
    for operation in
        ["UpdateUserPool", "CreateUserPoolClient", "UpdateUserPoolClient", "SetUserPoolMfaConfig"]
    {
        let asked = cloud.signed(operation, json!({ "UserPoolId": "pool" })).await;
        assert_eq!(asked, ["DescribeUserPool", operation]);
    }
}

#[tokio::test]
async fn the_pool_of_a_client_is_remembered() {
    let cloud = Watched::with_rule("cognito_mails").await;
    let known = ["DescribeUserPool", "SignUp"];
    let of = |client: &str| json!({ "ClientId": client });
    let of_pool = |client: &str| json!({ "UserPoolId": "pool", "ClientId": client });
    cloud.signed("CreateUserPoolClient", of_pool("")).await;
    assert_eq!(cloud.unsigned("SignUp", of("web")).await, known);
    // One from before is searched once.
    let lists = ["ListUserPools", "ListUserPoolClients"];
    assert_eq!(cloud.unsigned("SignUp", of("older")).await, [&lists[..], &known].concat());
    assert_eq!(cloud.unsigned("SignUp", of("older")).await, known);

    cloud.signed("DeleteUserPoolClient", of_pool("web")).await;
    assert_eq!(cloud.unsigned("SignUp", of("web")).await, [&lists[..], &["SignUp"]].concat());
    cloud.signed("DeleteUserPool", json!({ "UserPoolId": "pool" })).await;
    assert_eq!(cloud.unsigned("SignUp", of("older")).await, [&lists[..], &known].concat());
}
