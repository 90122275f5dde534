//! API Gateway's control plane as on AWS, each rule alone.

use serde_json::{Value, json};

use crate::{
    running::{HttpResponse, Running},
    settings::{after_a_moment, at_once, only},
};

pub async fn ask(cloud: &Running, request: &str, body: Value) -> HttpResponse {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    cloud.signed("apigateway", request, body).await
}

pub async fn create_api(cloud: &Running) -> (String, String) {
    let body = json!({ "name": "demo", "endpointConfiguration": { "types": ["REGIONAL"] } });
    let api = ask(cloud, "POST /restapis", body).await.json();
    (api["id"].as_str().unwrap().to_owned(), api["rootResourceId"].as_str().unwrap().to_owned())
}

/// A method that answers 200 with that text, to everybody.
pub async fn put_mock(cloud: &Running, api: &str, resource: &str, verb: &str, text: &str) {
    let at = format!("/restapis/{api}/resources/{resource}/methods/{verb}");
    let parts = [
        (String::new(), json!({ "authorizationType": "NONE" })),
        ("/responses/200".to_owned(), json!({})),
        (
            "/integration".to_owned(),
            json!({ "type": "MOCK", "requestTemplates": { "application/json": "{\"statusCode\": 200}" } }),
        ),
        (
            "/integration/responses/200".to_owned(),
            json!({ "responseTemplates": { "application/json": text }, "selectionPattern": "" }),
        ),
    ];
    for (below, body) in parts {
        let answer = ask(cloud, &format!("PUT {at}{below}"), body).await;
        assert_eq!(answer.status, 201, "{below}: {answer:?}");
    }
}

pub async fn deploy(cloud: &Running, api: &str) -> String {
    let answer = ask(cloud, &format!("POST /restapis/{api}/deployments"), json!({})).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

pub async fn create_stage(cloud: &Running, api: &str, deployment: &str) -> HttpResponse {
    let body = json!({ "stageName": "production", "deploymentId": deployment, "tags": { "a": "b" } });
    ask(cloud, &format!("POST /restapis/{api}/stages"), body).await
}

fn refusal(answer: &HttpResponse) -> String {
    let json = answer.json();
    let text = json["message"].as_str().unwrap_or_default();
    format!("{} {} {text}", answer.status.as_u16(), answer.header("x-amzn-errortype"))
}

const BUSY: &str = "409 ConflictException Unable to complete operation due to concurrent modification. Please try again later.";

#[tokio::test]
async fn one_write_at_a_time() {
    let cloud = only("api_writes").await;
    let (api, root) = create_api(&cloud).await;
    let (other, _) = create_api(&cloud).await;
    let part = async |api: &str, root: &str, part: &str| {
        ask(&cloud, &format!("POST /restapis/{api}/resources/{root}"), json!({ "pathPart": part })).await
    };
    let patch = json!({ "patchOperations": [{ "op": "replace", "path": "/name", "value": "x" }] });
    let rename = format!("PATCH /restapis/{other}");
    let patch = ask(&cloud, &rename, patch);
    let (first, second, elsewhere) =
        tokio::join!(part(&api, &root, "a"), after_a_moment(part(&api, &root, "b")), after_a_moment(patch));
    assert_eq!(first.status, 201);
    assert_eq!(refusal(&second), BUSY);
    assert_eq!(elsewhere.status, 200);
    assert_eq!(part(&api, &root, "b").await.status, 201);

    let deploy = async || ask(&cloud, &format!("POST /restapis/{api}/deployments"), json!({})).await;
    put_mock(&cloud, &api, &root, "GET", "hello").await;
    let (first, second) = tokio::join!(deploy(), after_a_moment(deploy()));
    assert_eq!(first.status, 201);
    assert_eq!(
        refusal(&second),
        format!(
            "409 ConflictException Another Deployment is in progress for rest api with id {api} . Please try again later."
        )
    );
    // The trap: an API that is not there reads like one that is busy.
    let missing =
        ask(&cloud, "POST /restapis/none/authorizers", json!({ "name": "a", "type": "TOKEN" })).await;
    assert_eq!(refusal(&missing), BUSY);
}

#[tokio::test]
async fn rates() {
    let cloud = only("rates").await;
    let create = async |types: Value| {
        ask(&cloud, "POST /restapis", json!({ "name": "x", "endpointConfiguration": { "types": types } }))
            .await
    };
    let first = create(json!(["REGIONAL"])).await;
    assert_eq!(first.status, 201);
    let throttled = create(json!(["REGIONAL"])).await;
    assert_eq!(refusal(&throttled), "429 TooManyRequestsException Too Many Requests");
    assert!(throttled.header("retry-after").parse::<u32>().unwrap() > 0, "{throttled:?}");
    // Edge APIs have a rate of their own, which is that of nothing said.
    assert_eq!(create(Value::Null).await.status, 201);
    assert_eq!(create(json!(["EDGE"])).await.status, 429);
    at_once(&cloud, "rates").await;
    let second = create(json!(["REGIONAL"])).await;
    assert_eq!(second.status, 201);
    let slow = json!({ "time_scale": 10_000, "rules": { "*": false, "rates": true } });
    cloud.settings(slow).await;

    let delete = async |api: &HttpResponse| {
        let id = api.json()["id"].as_str().unwrap().to_owned();
        ask(&cloud, &format!("DELETE /restapis/{id}"), Value::Null).await.status.as_u16()
    };
    assert_eq!(delete(&first).await, 202);
    assert_eq!(delete(&second).await, 429);
    at_once(&cloud, "rates").await;
    assert_eq!(delete(&second).await, 202);
}

#[tokio::test]
async fn what_is_there_already() {
    let cloud = only("api_conflicts").await;
    let (api, root) = create_api(&cloud).await;
    let empty = ask(&cloud, &format!("POST /restapis/{api}/deployments"), json!({})).await;
    assert_eq!(refusal(&empty), "400 BadRequestException The REST API doesn't contain any methods");
    let part = json!({ "pathPart": "a" });
    let create = format!("POST /restapis/{api}/resources/{root}");
    let resource = ask(&cloud, &create, part.clone()).await.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        refusal(&ask(&cloud, &create, part).await),
        "409 ConflictException Another resource with the same parent already has this name: a"
    );

    let pool = json!(["arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_abcdefghi"]);
    let body = json!({ "name": "users", "type": "COGNITO_USER_POOLS", "providerARNs": pool,
        "identitySource": "method.request.header.Authorization" });
    let authorizer = ask(&cloud, &format!("POST /restapis/{api}/authorizers"), body).await.json();
    let method = format!("PUT /restapis/{api}/resources/{resource}/methods/POST");
    let body = json!({ "authorizationType": "COGNITO_USER_POOLS", "authorizerId": authorizer["id"] });
    assert_eq!(ask(&cloud, &method, body.clone()).await.status, 201);
    assert_eq!(
        refusal(&ask(&cloud, &method, body).await),
        "409 ConflictException Method already exists for this resource"
    );
    let bare = ask(&cloud, &format!("POST /restapis/{api}/deployments"), json!({})).await;
    assert_eq!(refusal(&bare), "400 BadRequestException No integration defined for method");
    let authorizer = format!("/restapis/{api}/authorizers/{}", authorizer["id"].as_str().unwrap());
    assert_eq!(ask(&cloud, &format!("DELETE {authorizer}"), Value::Null).await.status, 409);
    let method = method.replace("PUT", "DELETE");
    assert_eq!(ask(&cloud, &method, Value::Null).await.status, 204);
    assert_eq!(ask(&cloud, &format!("DELETE {authorizer}"), Value::Null).await.status, 202);

    put_mock(&cloud, &api, &root, "GET", "hello").await;
    let deployment = deploy(&cloud, &api).await;
    assert_eq!(create_stage(&cloud, &api, "none").await.status, 400);
    assert_eq!(create_stage(&cloud, &api, &deployment).await.status, 201);
    assert_eq!(
        refusal(&create_stage(&cloud, &api, &deployment).await),
        "409 ConflictException Stage already exists"
    );
    let patch = json!({ "patchOperations": [{ "op": "replace", "path": "/deploymentId", "value": "none" }] });
    assert_eq!(ask(&cloud, &format!("PATCH /restapis/{api}/stages/production"), patch).await.status, 400);
    let delete = format!("DELETE /restapis/{api}/deployments/{deployment}");
    assert_eq!(
        refusal(&ask(&cloud, &delete, Value::Null).await),
        "400 BadRequestException Active stages pointing to this deployment must be moved or deleted"
    );
    assert_eq!(
        ask(&cloud, &format!("DELETE /restapis/{api}/stages/production"), Value::Null).await.status,
        202
    );
    assert_eq!(ask(&cloud, &delete, Value::Null).await.status, 202);
}

#[tokio::test]
async fn defaults_read_back() {
    let cloud = only("defaults").await;
    let (api, root) = create_api(&cloud).await;
    put_mock(&cloud, &api, &root, "GET", "hello").await;
    let get =
        async |below: &str| ask(&cloud, &format!("GET /restapis/{api}{below}"), Value::Null).await.json();
    let about = get("").await;
    assert_eq!((&about["apiKeySource"], &about["securityPolicy"]), (&json!("HEADER"), &json!("TLS_1_0")));
    assert_eq!(about["endpointConfiguration"]["ipAddressType"], "ipv4");
    let whole = get("/resources?embed=methods").await["item"][0].clone();
    assert!(whole.get("pathPart").is_none(), "{whole}");
    let method = &whole["resourceMethods"]["GET"];
    assert!(method.get("operationName").is_none() && method.get("authorizationScopes").is_none(), "{method}");
    let integration = &method["methodIntegration"];
    assert!(integration.get("uri").is_none() && integration.get("httpMethod").is_none(), "{integration}");
    assert_eq!(integration["timeoutInMillis"], 29000);
    assert_eq!(integration["cacheNamespace"], root.as_str());
    assert_eq!(get("/resources").await["item"][0]["resourceMethods"], json!({ "GET": {} }));

    let deployment = deploy(&cloud, &api).await;
    assert_eq!(create_stage(&cloud, &api, &deployment).await.status, 201);
    let patch = json!({ "patchOperations": [
        { "op": "replace", "path": "/*/*/throttling/rateLimit", "value": "20" },
        { "op": "replace", "path": "/*/*/throttling/burstLimit", "value": "40" },
    ]});
    assert_eq!(ask(&cloud, &format!("PATCH /restapis/{api}/stages/production"), patch).await.status, 200);
    let settings = get("/stages/production").await["methodSettings"]["*/*"].clone();
    assert_eq!(settings["cacheTtlInSeconds"], 300, "{settings}");
    assert_eq!(settings["throttlingBurstLimit"], 40, "{settings}");
}
