//! An API that is imported, and how it answers.

use serde_json::{Value, json};

use crate::running::{HttpResponse, Running};

const ORIGINS: &str = r##"#set($origin = $input.params("Origin"))
#if($origin == "")#set($origin = $input.params("origin"))#end
#if($origin == "http://a.example" || $origin == "http://b.example")
#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end"##;

/// The document, with a pool of this cloud.
fn document(pool: &str) -> Value {
    let mut document: Value =
        serde_json::from_str(include_str!("../../../gateway/src/apis/openapi/document.json")).unwrap();
    let scheme = &mut document["components"]["securitySchemes"]["users"];
    scheme["x-amazon-apigateway-authorizer"]["providerARNs"] =
        json!([format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/{pool}")]);
    document
}

async fn create_api(cloud: &Running) -> Value {
    let body =
        json!({ "name": "demo", "tags": { "a": "b" }, "endpointConfiguration": { "types": ["REGIONAL"] } });
    cloud.signed("apigateway", "POST /restapis", body.to_string()).await.json()
}

async fn put(cloud: &Running, api: &str, document: &Value) -> HttpResponse {
    let request = format!("PUT /restapis/{api}?mode=overwrite&failonwarnings=true");
    cloud.signed("apigateway", &request, document.to_string()).await
}

async fn get(cloud: &Running, api: &str, below: &str) -> Value {
    cloud.signed("apigateway", &format!("GET /restapis/{api}{below}"), "").await.json()
}

async fn deploy(cloud: &Running, api: &str) -> String {
    let deployment =
        cloud.signed("apigateway", &format!("POST /restapis/{api}/deployments"), "{}").await.json();
    let stage = json!({ "stageName": "production", "deploymentId": deployment["id"] });
    let created =
        cloud.signed("apigateway", &format!("POST /restapis/{api}/stages"), stage.to_string()).await;
    assert_eq!(created.status, 201);
    format!("/_aws/execute-api/{api}/production")
}

/// Creates a pool with a user; returns its id, an id token, an access token and a refresh token.
async fn signed_in(cloud: &Running) -> (String, String, String, String) {
    let call = async |name: &str, body: Value| {
        cloud.call("cognito-idp", &format!("AWSCognitoIdentityProviderService.{name}"), body).await
    };
    let pool = call("CreateUserPool", json!({ "PoolName": "users" })).await["UserPool"]["Id"].clone();
    let flows = json!(["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
    let client = call(
        "CreateUserPoolClient",
        json!({ "UserPoolId": pool, "ClientName": "web", "ExplicitAuthFlows": flows }),
    )
    .await["UserPoolClient"]["ClientId"]
        .clone();
    call("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "me", "MessageAction": "SUPPRESS" }))
        .await;
    let password =
        json!({ "UserPoolId": pool, "Username": "me", "Password": "Passw0rd!Passw0rd", "Permanent": true });
    call("AdminSetUserPassword", password).await;
    let signed_in = call(
        "AdminInitiateAuth",
        json!({
            "UserPoolId": pool,
            "ClientId": client,
            "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": "me", "PASSWORD": "Passw0rd!Passw0rd" },
        }),
    )
    .await;
    let token = |name: &str| signed_in["AuthenticationResult"][name].as_str().unwrap().to_owned();
    (pool.as_str().unwrap().to_owned(), token("IdToken"), token("AccessToken"), token("RefreshToken"))
}

#[tokio::test]
async fn imports() {
    let cloud = Running::new().await;
    let created = create_api(&cloud).await;
    let api = created["id"].as_str().unwrap();
    let mut document = document("eu-west-1_abcdefghi");
    let route = document["paths"]["/"].clone();
    document["paths"]["/files/{key+}"] = route.clone();
    document["info"]["description"] = json!("first");

    let answer = put(&cloud, api, &document).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let about = answer.json();
    assert_eq!(about["id"], created["id"]);
    assert_eq!(about["rootResourceId"], created["rootResourceId"]);
    assert_eq!(about["name"], "demo-uploads");
    assert_eq!(about["description"], "first");
    assert_eq!(about["tags"], json!({ "a": "b" }));
    assert_eq!(about["endpointConfiguration"]["types"], json!(["REGIONAL"]));

    let ids = async || {
        let resources = get(&cloud, api, "/resources?embed=methods&limit=500").await;
        let mut ids: Vec<_> = resources["item"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", it["path"], it["id"]))
            .collect();
        ids.sort();
        ids
    };
    let (first, authorizers) = (ids().await, get(&cloud, api, "/authorizers").await);
    assert_eq!(first.len(), 3);
    assert_eq!(put(&cloud, api, &document).await.status, 200);
    assert_eq!(ids().await, first, "the ids survive");
    assert_eq!(get(&cloud, api, "/authorizers").await, authorizers);

    let mut broken = document.clone();
    broken["paths"]["/"]["get"]["x-amazon-apigateway-integration"]["uri"] = json!("nothing");
    broken["paths"]["/more"] = json!({});
    let answer = put(&cloud, api, &broken).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-amzn-errortype")), (400, "BadRequestException"));
    assert!(answer.text.contains("Errors found during import"), "{answer:?}");
    assert_eq!(ids().await, first, "a failing import changes nothing");

    document["paths"].as_object_mut().unwrap().remove("/files/{key+}");
    document["paths"]["/"].as_object_mut().unwrap().remove("get");
    document["components"] = json!({});
    document["x-amazon-apigateway-gateway-responses"].as_object_mut().unwrap().remove("DEFAULT_5XX");
    assert_eq!(put(&cloud, api, &document).await.status, 200);
    let resources = get(&cloud, api, "/resources?embed=methods").await;
    assert_eq!(resources["item"].as_array().unwrap().len(), 1);
    let verbs: Vec<_> = resources["item"][0]["resourceMethods"].as_object().unwrap().keys().collect();
    assert_eq!(verbs, ["OPTIONS"]);
    assert_eq!(get(&cloud, api, "/authorizers").await["item"], json!([]));
    let responses = get(&cloud, api, "/gatewayresponses").await;
    let set: Vec<_> = responses["item"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["defaultResponse"] == false)
        .map(|it| it["responseType"].as_str().unwrap())
        .collect();
    assert_eq!(set, ["DEFAULT_4XX"]);

    let missing = put(&cloud, "none", &document).await;
    assert_eq!((missing.status.as_u16(), missing.header("x-amzn-errortype")), (404, "NotFoundException"));
    let imports = cloud.requests().iter().filter(|it| it["operation"] == "PutRestApi").count();
    assert_eq!(imports, 5);
    assert!(!cloud.requests().iter().any(|it| it["operation"] == "PutMethod"), "inner calls are not logged");
}

#[tokio::test]
async fn refusals_carry_cors() {
    let cloud = Running::new().await;
    let (pool, id_token, access_token, refresh_token) = signed_in(&cloud).await;
    let api = create_api(&cloud).await["id"].as_str().unwrap().to_owned();
    assert_eq!(put(&cloud, &api, &document(&pool)).await.status, 200);
    let url = deploy(&cloud, &api).await;
    let ask = async |token: &str| {
        let request = format!("GET {url}/\norigin: http://localhost:5173\nauthorization: {token}");
        cloud.send(&request, "").await
    };
    let signature = id_token.rfind('.').unwrap();
    let tampered = format!("{}.{}", &id_token[..signature], "A".repeat(id_token.len() - signature - 1));
    for (what, token) in [
        ("an access token", access_token.clone()),
        ("an access token as bearer", format!("Bearer {access_token}")),
        ("a tampered token", tampered),
        ("a refresh token", refresh_token),
        ("garbage", "garbage".to_owned()),
    ] {
        let answer = ask(&token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (401, r#"{"message":"Unauthorized"}"#),
            "{what}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:5173", "{what}");
        assert_eq!(answer.header("vary"), "Origin", "{what}");
    }
    // There is no function: so a good token meets a 5xx, with CORS as well.
    let answer = ask(&id_token).await;
    assert_eq!(answer.status, 500, "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:5173");

    let unknown = cloud.send(&format!("GET {url}/none\norigin: http://localhost:5173"), "").await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.text.as_str()),
        (403, r#"{"message":"Missing Authentication Token"}"#)
    );
    assert_eq!(unknown.header("access-control-allow-origin"), "http://localhost:5173");
}

#[tokio::test]
async fn refusals_carry_nothing_unless_told() {
    let cloud = Running::new().await;
    let api = create_api(&cloud).await["id"].as_str().unwrap().to_owned();
    let mut document = document("eu-west-1_abcdefghi");
    document["x-amazon-apigateway-gateway-responses"] = json!({});
    assert_eq!(put(&cloud, &api, &document).await.status, 200);
    let url = deploy(&cloud, &api).await;
    for (path, status) in [("/", 401), ("/none", 403)] {
        let answer = cloud.send(&format!("GET {url}{path}\norigin: http://localhost:5173"), "").await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

/// Methods with scopes want an access token that has one of them (AGW-56).
#[tokio::test]
async fn scopes_want_access_tokens() {
    let cloud = Running::new().await;
    let (pool, id_token, access_token, refresh_token) = signed_in(&cloud).await;
    let api = create_api(&cloud).await["id"].as_str().unwrap().to_owned();
    let mut document = document(&pool);
    for (path, scope) in [("/", "aws.cognito.signin.user.admin"), ("/others", "files/read")] {
        let mut route = document["paths"]["/"]["get"].clone();
        route["security"] = json!([{ "users": [scope] }]);
        document["paths"][path]["get"] = route;
    }
    assert_eq!(put(&cloud, &api, &document).await.status, 200);
    let url = deploy(&cloud, &api).await;
    let ask = async |path: &str, token: &str| {
        cloud.send(&format!("GET {url}{path}\nauthorization: {token}"), "").await.status.as_u16()
    };
    // There is no function: who is let in meets a 5xx.
    assert_eq!(ask("/", &access_token).await, 500);
    assert_eq!(ask("/", &id_token).await, 401);
    assert_eq!(ask("/others", &access_token).await, 401);
    assert_eq!(ask("/", &refresh_token).await, 401);
}

#[tokio::test]
async fn merging_and_overwriting() {
    let cloud = Running::new().await;
    let created = create_api(&cloud).await;
    let api = created["id"].as_str().unwrap();
    let import = async |mode: &str, path: &str, binary: &str| {
        let mut document = document("eu-west-1_abcdefghi");
        let route = document["paths"]["/"].clone();
        document["paths"] = json!({ path: route });
        document["x-amazon-apigateway-binary-media-types"] = json!([binary]);
        let request = format!("PUT /restapis/{api}{mode}");
        let answer = cloud.signed("apigateway", &request, document.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let resources = get(&cloud, api, "/resources").await;
        let mut paths: Vec<_> =
            resources["item"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
        paths.sort_unstable();
        let about = get(&cloud, api, "").await;
        assert_eq!(about["rootResourceId"], created["rootResourceId"]);
        let mut types: Vec<_> =
            about["binaryMediaTypes"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        types.sort_unstable();
        format!("{} {}", paths.join(" "), types.join(" "))
    };
    assert_eq!(import("", "/a", "image/png").await, "/ /a image/png");
    assert_eq!(import("?mode=merge", "/b", "text/csv").await, "/ /a /b image/png text/csv");
    assert_eq!(import("?mode=overwrite", "/c", "text/csv").await, "/ /c text/csv");
}

#[tokio::test]
async fn preflights() {
    let cloud = Running::new().await;
    let api = create_api(&cloud).await["id"].as_str().unwrap().to_owned();
    let mut document = document("eu-west-1_abcdefghi");
    let several = document["paths"]["/"]["options"].clone();
    document["paths"]["/several"] = json!({ "options": several });
    document["paths"]["/broken"] = json!({ "options": several });
    let templates = |document: &mut Value, path: &str, template: &str| {
        let integration = &mut document["paths"][path]["options"]["x-amazon-apigateway-integration"];
        let response = &mut integration["responses"]["default"];
        response["responseParameters"] =
            json!({ "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'" });
        response["responseTemplates"] = json!({ "application/json": template });
    };
    templates(&mut document, "/several", ORIGINS);
    templates(&mut document, "/broken", "#foreach($x in $y)$context.responseOverride.status#end");
    assert_eq!(put(&cloud, &api, &document).await.status, 200);
    let url = deploy(&cloud, &api).await;
    let ask = async |path: &str, origin: &str| {
        let request = format!("OPTIONS {url}{path}\norigin: {origin}\naccess-control-request-method: GET");
        cloud.send(&request, "").await
    };
    let one = ask("/", "http://anywhere.example").await;
    assert_eq!(
        (one.status.as_u16(), one.header("access-control-allow-origin")),
        (200, "http://localhost:5173")
    );
    for (origin, allowed) in [
        ("http://a.example", "http://a.example"),
        ("http://b.example", "http://b.example"),
        ("http://c.example", ""),
    ] {
        let answer = ask("/several", origin).await;
        assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, allowed));
        assert_eq!(answer.header("access-control-allow-methods"), "GET,OPTIONS");
        assert_eq!(answer.text.trim(), "");
    }
    assert_eq!(ask("/broken", "http://a.example").await.status, 500);
}

#[tokio::test]
async fn tags_and_pools_change_as_on_aws() {
    let cloud = Running::new().await;
    let api = create_api(&cloud).await["id"].as_str().unwrap().to_owned();
    assert_eq!(put(&cloud, &api, &document("eu-west-1_first")).await.status, 200);
    deploy(&cloud, &api).await;
    for below in ["", "/stages/production"] {
        let arn = format!(
            "/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Frestapis%2F{api}{}",
            below.replace('/', "%2F")
        );
        let tagged =
            cloud.signed("apigateway", &format!("PUT {arn}"), r#"{"tags": {"x": "y", "z": "1"}}"#).await;
        assert_eq!(tagged.status, 204);
        let untagged = cloud.signed("apigateway", &format!("DELETE {arn}?tagKeys=z&tagKeys=a"), "").await;
        assert_eq!(untagged.status, 204);
        assert_eq!(get(&cloud, &api, below).await["tags"], json!({ "x": "y" }));
    }
    let authorizer = get(&cloud, &api, "/authorizers").await["item"][0].clone();
    let pool = |name: &str| format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_{name}");
    let patch = json!({ "patchOperations": [
        { "op": "add", "path": "/providerARNs", "value": pool("second") },
        { "op": "remove", "path": "/providerARNs", "value": pool("first") },
    ]});
    let path = format!("/authorizers/{}", authorizer["id"].as_str().unwrap());
    let request = format!("PATCH /restapis/{api}{path}");
    assert_eq!(cloud.signed("apigateway", &request, patch.to_string()).await.status, 200);
    assert_eq!(get(&cloud, &api, &path).await["providerARNs"], json!([pool("second")]));
}
