//! A stage serves its deployment, after a delay.

use std::time::Duration;

use serde_json::{Value, json};
use stackctl_localcloud::down;

use crate::{
    apis::{ask, create_api, create_stage, deploy, put_mock},
    functions::{create_function, create_role},
    running::{HttpResponse, Running, start},
};

const TRUST: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#;

async fn strict(rules: &[&str], deployment: f64) -> Running {
    let mut switches = json!({ "*": false });
    for rule in rules {
        switches[*rule] = json!(true);
    }
    Running::strict(json!({ "rules": switches, "seconds": { "deployment": deployment } })).await
}

/// Every deployment has reached its stage.
async fn arrive(cloud: &Running) {
    cloud.settings(json!({ "time_scale": 0, "rules": { "*": false, "deployments": true } })).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
}

/// Those from now on take long again.
async fn slow(cloud: &Running) {
    let seconds = json!({ "deployment": 6000 });
    cloud.settings(json!({ "seconds": seconds, "rules": { "*": false, "deployments": true } })).await;
}

async fn visit(cloud: &Running, api: &str, path: &str) -> (u16, String) {
    let answer = cloud.send(&format!("GET /_aws/execute-api/{api}/production{path}"), "").await;
    (answer.status.as_u16(), answer.text.trim().to_owned())
}

async fn point(cloud: &Running, api: &str, deployment: &str) -> HttpResponse {
    let patch =
        json!({ "patchOperations": [{ "op": "replace", "path": "/deploymentId", "value": deployment }] });
    ask(cloud, &format!("PATCH /restapis/{api}/stages/production"), patch).await
}

fn missing() -> (u16, String) {
    (403, r#"{"message":"Missing Authentication Token"}"#.to_owned())
}

fn text(text: &str) -> (u16, String) {
    (200, text.to_owned())
}

#[tokio::test]
async fn only_what_was_deployed_and_late() {
    let cloud = strict(&["deployments"], 6000.0).await;
    let (api, root) = create_api(&cloud).await;
    put_mock(&cloud, &api, &root, "GET", "first").await;
    let first = deploy(&cloud, &api).await;
    assert_eq!(create_stage(&cloud, &api, &first).await.status, 201);
    assert_eq!(visit(&cloud, &api, "/").await, missing(), "on its way");
    arrive(&cloud).await;
    assert_eq!(visit(&cloud, &api, "/").await, text("first"));
    assert_eq!(visit(&cloud, &api, "/?x=y").await, text("first"));

    // Changed, extended and deleted, and nothing of it deployed.
    let created =
        ask(&cloud, &format!("POST /restapis/{api}/resources/{root}"), json!({ "pathPart": "more" })).await;
    let more = created.json()["id"].as_str().unwrap().to_owned();
    put_mock(&cloud, &api, &more, "GET", "second").await;
    let method = format!("DELETE /restapis/{api}/resources/{root}/methods/GET");
    assert_eq!(ask(&cloud, &method, Value::Null).await.status, 204);
    assert_eq!(visit(&cloud, &api, "/").await, text("first"));
    assert_eq!(visit(&cloud, &api, "/more").await, missing());

    slow(&cloud).await;
    let second = deploy(&cloud, &api).await;
    assert_eq!(visit(&cloud, &api, "/more").await, missing(), "deployed, and no stage points there");
    assert_eq!(point(&cloud, &api, &second).await.status, 200);
    assert_eq!(visit(&cloud, &api, "/").await, text("first"), "on its way");
    arrive(&cloud).await;
    assert_eq!(visit(&cloud, &api, "/more").await, text("second"));
    assert_eq!(visit(&cloud, &api, "/").await, missing());

    // And back.
    assert_eq!(point(&cloud, &api, &first).await.status, 200);
    assert_eq!(visit(&cloud, &api, "/").await, text("first"));

    let apis = ask(&cloud, "GET /restapis", Value::Null).await.json();
    assert_eq!(apis["item"].as_array().unwrap().len(), 1, "the copies are hidden: {apis}");
    assert_eq!(ask(&cloud, &format!("DELETE /restapis/{api}"), Value::Null).await.status, 202);
    assert_ne!(visit(&cloud, &api, "/").await.0, 200);
}

#[tokio::test]
async fn what_was_deployed_outlives_the_cloud() {
    let mut cloud = strict(&["deployments"], 0.0).await;
    let (api, root) = create_api(&cloud).await;
    put_mock(&cloud, &api, &root, "GET", "first").await;
    let first = deploy(&cloud, &api).await;
    assert_eq!(create_stage(&cloud, &api, &first).await.status, 201);
    let method = format!("DELETE /restapis/{api}/resources/{root}/methods/GET");
    assert_eq!(ask(&cloud, &method, Value::Null).await.status, 204);
    assert!(down(&cloud.options.instance, &mut |_| {}).await.unwrap());
    cloud.cloud = start(&cloud.options).await.unwrap();
    arrive(&cloud).await;
    assert_eq!(visit(&cloud, &api, "/").await, text("first"));
    let second = deploy(&cloud, &api).await;
    assert_eq!(point(&cloud, &api, &second).await.status, 200);
    assert_eq!(visit(&cloud, &api, "/").await, missing());
}

#[tokio::test]
async fn a_deployment_that_makes_its_stage() {
    let cloud = strict(&["deployments"], 6000.0).await;
    let (api, root) = create_api(&cloud).await;
    put_mock(&cloud, &api, &root, "GET", "first").await;
    let deploy = async || {
        let body = json!({ "stageName": "production" });
        ask(&cloud, &format!("POST /restapis/{api}/deployments"), body).await
    };
    assert_eq!(deploy().await.status, 201);
    assert_eq!(visit(&cloud, &api, "/").await, missing());
    arrive(&cloud).await;
    assert_eq!(visit(&cloud, &api, "/").await, text("first"));
    slow(&cloud).await;
    let response = format!("PUT /restapis/{api}/resources/{root}/methods/GET/integration/responses/200");
    let body = json!({ "responseTemplates": { "application/json": "second" }, "selectionPattern": "" });
    assert_eq!(ask(&cloud, &response, body).await.status, 201);
    assert_eq!(deploy().await.status, 201);
    assert_eq!(visit(&cloud, &api, "/").await, text("first"));
    arrive(&cloud).await;
    assert_eq!(visit(&cloud, &api, "/").await, text("second"));
}

#[tokio::test]
async fn a_function_lets_in_whom_its_policy_names() {
    let cloud = strict(&["deployments", "invoke_permission"], 0.0).await;
    let (api, root) = create_api(&cloud).await;
    create_role(&cloud, "role", TRUST).await;
    assert_eq!(create_function(&cloud, "f", "role", json!({})).await.status, 201);
    let at = format!("/restapis/{api}/resources/{root}/methods/GET");
    let function = "arn:aws:lambda:eu-west-1:000000000000:function:f";
    let uri = format!("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{function}/invocations");
    let method = json!({ "authorizationType": "NONE" });
    assert_eq!(ask(&cloud, &format!("PUT {at}"), method).await.status, 201);
    let integration = json!({ "type": "AWS_PROXY", "httpMethod": "POST", "uri": uri });
    assert_eq!(ask(&cloud, &format!("PUT {at}/integration"), integration).await.status, 201);
    let response = json!({ "responseParameters":
        { "gatewayresponse.header.Access-Control-Allow-Origin": "'http://localhost:5173'" } });
    let request = format!("PUT /restapis/{api}/gatewayresponses/DEFAULT_5XX");
    assert_eq!(ask(&cloud, &request, response).await.status, 201);
    let deployment = deploy(&cloud, &api).await;
    assert_eq!(create_stage(&cloud, &api, &deployment).await.status, 201);
    tokio::time::sleep(Duration::from_millis(700)).await;

    let calls = async || {
        let answer = cloud.send(&format!("GET /_aws/execute-api/{api}/production/"), "").await;
        (answer.status.as_u16(), answer.header("access-control-allow-origin").to_owned(), answer.text)
    };
    let permit = async |sid: &str, source: &str| {
        let body = json!({ "StatementId": sid, "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": format!("arn:aws:execute-api:eu-west-1:000000000000:{source}") });
        let answer = cloud.signed("lambda", "POST /2015-03-31/functions/f/policy", body.to_string()).await;
        assert_eq!(answer.status, 201);
    };
    let text = r#"{"message": "Internal server error"}"#.to_owned();
    let refused = (500, "http://localhost:5173".to_owned(), text);
    assert_eq!(calls().await, refused);
    permit("other", "other/*/*/*").await;
    assert_eq!(calls().await, refused);
    permit("right", &format!("{api}/production/GET/")).await;
    assert_eq!(calls().await, (200, String::new(), "called".to_owned()));
    let remove = "DELETE /2015-03-31/functions/f/policy/right";
    assert_eq!(cloud.signed("lambda", remove, "").await.status, 204);
    assert_eq!(calls().await, refused);
}
