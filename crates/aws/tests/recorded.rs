//! Answers that AWS gave, read as a look reads them: over HTTP, by the SDK, into what is compared. The files say where
//! each answer is from.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use expect_test::expect;
use serde_json::Value;
use stackctl_apigateway::rest_api::{self, read::Parts};
use stackctl_aws_client::clients::{Aws, Clients, Reach};
use stackctl_aws_data::account::Account;
use stackctl_cognito::user_pool;

/// Answers each request with what `answer` says of its first line and headers; returns the address.
fn server(answer: fn(&str) -> Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let body = answer(&request(&mut stream)).to_string();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    url
}

/// The head of a request, once its body has come too.
fn request(stream: &mut TcpStream) -> String {
    let (mut text, mut bytes) = (String::new(), [0; 4096]);
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase().lines().find_map(|it| {
                it.strip_prefix("content-length: ").and_then(|length| length.parse::<usize>().ok())
            });
            if body.len() >= length.unwrap_or(0) {
                return head.to_owned();
            }
        }
        let read = stream.read(&mut bytes).unwrap();
        assert!(read > 0, "the request has an end: {text}");
        text.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
}

async fn aws(answer: fn(&str) -> Value) -> Aws {
    let Ok(stack) = stackctl_stackfile::parse("stack: demo\nregion: eu-west-1\n", None) else {
        panic!("the file is right")
    };
    let key = Some(("test".to_owned(), "test".to_owned()));
    let reach = Reach { endpoint: Some(server(answer)), access_key: key, ..Reach::default() };
    let account = Account::offline(&stack, "123456789012".to_owned());
    Aws { clients: Clients::new(&stack, &reach).await.unwrap(), account }
}

#[tokio::test]
async fn an_api() {
    let aws = aws(|head| {
        let all: Value = serde_json::from_str(include_str!("recorded/rest_api.json")).unwrap();
        let path = head.split([' ', '?']).nth(1).unwrap();
        let name = path.rsplit('/').next().unwrap();
        match name {
            "gatewayresponses" => serde_json::json!({ "item": [] }),
            name => all[name]["answer"].clone(),
        }
    })
    .await;
    let Parts { shape, authorizers, stages, .. } = rest_api::read::read("x", &aws.clients).await.unwrap();
    expect![[r#"
        Shape {
            authorizers: {
                "test-authorizer": Some(
                    {},
                ),
                "test-authorizer-not-used": Some(
                    {},
                ),
            },
            methods: {
                (
                    "/",
                    "GET",
                ): Method {
                    authorizer: Some(
                        "CUSTOM test-authorizer",
                    ),
                    scopes: {},
                    api_key: false,
                    integration: Preflight {
                        headers: {
                            "Content-Type": "text/html",
                        },
                        template: "",
                    },
                },
                (
                    "/",
                    "OPTIONS",
                ): Method {
                    authorizer: None,
                    scopes: {},
                    api_key: false,
                    integration: Preflight {
                        headers: {
                            "Access-Control-Allow-Headers": "Content-Type",
                        },
                        template: "",
                    },
                },
                (
                    "/person",
                    "POST",
                ): Method {
                    authorizer: None,
                    scopes: {},
                    api_key: false,
                    integration: Preflight {
                        headers: {},
                        template: "{\"echo\": $input.json('$'), \"response\": \"mocked\"}",
                    },
                },
                (
                    "/pets",
                    "GET",
                ): Method {
                    authorizer: Some(
                        "CUSTOM test-authorizer",
                    ),
                    scopes: {},
                    api_key: false,
                    integration: Other(
                        "HTTP GET http://petstore.execute-api.eu-west-1.amazonaws.com/petstore/pets",
                    ),
                },
            },
            gateway_responses: {},
        }
        {"a1": ("test-authorizer", {}), "a2": ("test-authorizer-not-used", {})}
        [
            Stage {
                name: "dev",
                deployment: "123h64",
                variables: {},
                throttling: None,
                cluster: true,
                caching: false,
                data_trace: false,
                overrides: {
                    "~1resource~1subresource/POST",
                },
                canary: false,
                tags: Tags(
                    {},
                ),
            },
        ]
    "#]]
    .assert_eq(&format!("{shape:#?}\n{authorizers:?}\n{stages:#?}\n"));
}

#[tokio::test]
async fn a_user_pool() {
    let aws = aws(|head| {
        let pool: Value = serde_json::from_str(include_str!("recorded/user_pool.json")).unwrap();
        if head.contains("DescribeUserPool") {
            pool["answer"].clone()
        } else {
            serde_json::json!({ "UserPoolClients": [] })
        }
    })
    .await;
    let live = user_pool::read::read("us-west-2_aaaaaaaaa", &aws).await.unwrap().unwrap();
    expect![[r#"
        UserPoolSettings {
            name: "MyUserPool",
            sign_up: Open,
            sign_in_with: {
                Email,
            },
            recovery: Some(
                Email,
            ),
            mails: Some(
                Mails {
                    identity: None,
                    from: None,
                    reply_to: None,
                },
            ),
            tier: None,
            password: PasswordPolicy {
                minimum_length: 8,
                lowercase: true,
                uppercase: true,
                digits: true,
                symbols: true,
                temporary_validity: Seconds(
                    604800,
                ),
            },
            deletion_protection: false,
            verify_email: true,
            tags: Tags(
                {},
            ),
        }
    "#]]
    .assert_eq(&format!("{:#?}\n", live.settings));
}
