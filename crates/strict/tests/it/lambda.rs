//! Lambda as on AWS, each rule alone.

use serde_json::{Value, json};

use crate::{
    functions::{TRUST, ZIP, call, configuration, create_function, create_role, settled},
    running::HttpResponse,
    settings::{after_a_moment, at_once, only, settings_of},
};

pub fn refusal(answer: &HttpResponse) -> String {
    format!("{} {} {}", answer.status.as_u16(), answer.header("x-amzn-errortype"), message(answer))
}

fn message(answer: &HttpResponse) -> String {
    let json = answer.json();
    json["Message"].as_str().or(json["message"].as_str()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn pending_and_in_progress() {
    let cloud = only("function_states").await;
    create_role(&cloud, "role", TRUST).await;
    let created = create_function(&cloud, "f", "role", json!({})).await.json();
    assert_eq!((&created["State"], &created["StateReasonCode"]), (&json!("Pending"), &json!("Creating")));
    assert!(created.get("LastUpdateStatus").is_none(), "{created}");
    assert!(created["RevisionId"].is_string(), "{created}");

    let pending = "409 ResourceConflictException The operation cannot be performed at this time. The function is \
                   currently in the following state: Pending";
    for (request, body) in [
        ("PUT /2015-03-31/functions/f/configuration", json!({ "MemorySize": 256 })),
        ("PUT /2015-03-31/functions/f/code", json!({ "ZipFile": ZIP })),
        ("POST /2015-03-31/functions/f/versions", json!({})),
        ("PUT /2021-07-20/functions/f/runtime-management-config", json!({ "UpdateRuntimeOn": "Auto" })),
        ("POST /2015-03-31/functions/f/invocations", json!({})),
        ("DELETE /2015-03-31/functions/f", Value::Null),
    ] {
        assert_eq!(refusal(&call(&cloud, request, body).await), pending, "{request}");
    }
    let permission = json!({ "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com" });
    let add = "POST /2015-03-31/functions/f/policy";
    assert_eq!(call(&cloud, add, permission).await.status, 201, "accepted while Pending");

    at_once(&cloud, "function_states").await;
    let active = settled(&cloud, "f").await;
    assert_eq!((&active["State"], &active["LastUpdateStatus"]), (&json!("Active"), &json!("Successful")));
    assert_ne!(active["RevisionId"], created["RevisionId"], "each transition makes another revision");
    cloud.settings(settings_of("function_states", 10_000.0)).await;
    let update = "PUT /2015-03-31/functions/f/configuration";
    let updated = call(&cloud, update, json!({ "MemorySize": 256 })).await.json();
    assert_eq!((&updated["State"], &updated["LastUpdateStatus"]), (&json!("Active"), &json!("InProgress")));
    let code = "PUT /2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Af/code";
    let busy = "409 ResourceConflictException The operation cannot be performed at this time. An update is in \
                progress for resource: arn:aws:lambda:eu-west-1:000000000000:function:f";
    assert_eq!(refusal(&call(&cloud, code, json!({ "ZipFile": ZIP })).await), busy);
    at_once(&cloud, "function_states").await;
    let settled = settled(&cloud, "f").await;
    assert_eq!((&settled["State"], &settled["LastUpdateStatus"]), (&json!("Active"), &json!("Successful")));
    assert_eq!(call(&cloud, "DELETE /2015-03-31/functions/f", Value::Null).await.status, 204);
}

#[tokio::test]
async fn each_transition_is_a_revision() {
    let cloud = only("function_states").await;
    create_role(&cloud, "role", TRUST).await;
    let pending = create_function(&cloud, "f", "role", json!({})).await.json()["RevisionId"].clone();
    at_once(&cloud, "function_states").await;
    let active = settled(&cloud, "f").await["RevisionId"].clone();
    let update = async |revision: &Value| {
        let body = json!({ "MemorySize": 256, "RevisionId": revision });
        call(&cloud, "PUT /2015-03-31/functions/f/configuration", body).await
    };
    let publish = async |revision: &Value| {
        call(&cloud, "POST /2015-03-31/functions/f/versions", json!({ "RevisionId": revision })).await
    };
    let stale = |answer: &HttpResponse| refusal(answer).starts_with("412 PreconditionFailedException");
    assert!(stale(&update(&pending).await) && stale(&publish(&pending).await));
    assert_eq!(publish(&active).await.status, 201);
    cloud.settings(settings_of("function_states", 10_000.0)).await;
    let updated = update(&active).await;
    assert_eq!(updated.status, 200, "{updated:?}");
    let in_progress = updated.json()["RevisionId"].clone();
    at_once(&cloud, "function_states").await;
    let done = settled(&cloud, "f").await["RevisionId"].clone();
    let all =
        std::collections::BTreeSet::from([&pending, &active, &in_progress, &done].map(Value::to_string));
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(stale(&update(&in_progress).await) && stale(&update(&active).await));
    // A change without a revision passes, also after other changes.
    assert_eq!(
        call(&cloud, "PUT /2015-03-31/functions/f/configuration", json!({ "Timeout": 4 })).await.status,
        200
    );
}

#[tokio::test]
async fn a_function_that_fails() {
    let cloud = only("function_states").await;
    cloud.settings(json!({ "time_scale": 0, "functions_fail": true })).await;
    create_role(&cloud, "role", TRUST).await;
    assert_eq!(create_function(&cloud, "f", "role", json!({})).await.status, 201);
    assert_eq!(settled(&cloud, "f").await["State"], "Failed");
    assert_eq!(call(&cloud, "DELETE /2015-03-31/functions/f", Value::Null).await.status, 204);
}

#[tokio::test]
async fn variables_and_code_that_cannot_be() {
    let cloud = only("function_checks").await;
    create_role(&cloud, "role", TRUST).await;
    let reserved = create_function(&cloud, "f", "role", json!({ "AWS_REGION": "x", "A1": "b" })).await;
    assert!(message(&reserved).ends_with("Reserved keys used in this request: AWS_REGION"), "{reserved:?}");
    let large = create_function(&cloud, "f", "role", json!({ "A1": "x".repeat(4096) })).await;
    assert!(message(&large).contains("exceeded the 4KB limit"), "{large:?}");

    let body = json!({ "FunctionName": "f", "Code": { "ZipFile": "A".repeat(69_905_072) } });
    let zip = cloud.signed("lambda", "POST /2015-03-31/functions", body.to_string()).await;
    assert_eq!(
        refusal(&zip),
        "413 RequestEntityTooLargeException Zipped size must be smaller than 52428800 bytes"
    );
}

#[tokio::test]
async fn statements_of_a_policy() {
    let cloud = only("function_checks").await;
    create_role(&cloud, "role", TRUST).await;
    assert_eq!(create_function(&cloud, "f", "role", json!({})).await.status, 201);
    let add = async |sid: &str| {
        let permission = json!({ "StatementId": sid, "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com" });
        refusal(&call(&cloud, "POST /2015-03-31/functions/f/policy", permission).await)
    };
    let wrong = add("a.b").await;
    assert!(wrong.starts_with("400 ValidationException") && wrong.contains("'statementId'"), "{wrong}");
    assert!(add("a-b_1").await.starts_with("201"));
    let again = add("a-b_1").await;
    assert!(
        again.starts_with("409 ResourceConflictException The statement id (a-b_1) provided already exists."),
        "{again}"
    );
}

#[tokio::test]
async fn two_permissions_at_once() {
    let cloud = only("permission_overlap").await;
    create_role(&cloud, "role", TRUST).await;
    for name in ["f", "g"] {
        assert_eq!(create_function(&cloud, name, "role", json!({})).await.status, 201);
    }
    let add = async |function: &str, sid: &str| {
        let permission = json!({ "StatementId": sid, "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com" });
        call(&cloud, &format!("POST /2015-03-31/functions/{function}/policy"), permission).await
    };
    let (one, other, elsewhere) =
        tokio::join!(add("f", "a"), after_a_moment(add("f", "b")), after_a_moment(add("g", "a")));
    assert_eq!(one.status, 201);
    assert_eq!(
        refusal(&other),
        "409 ResourceConflictException The function could not be updated due to a concurrent update operation."
    );
    assert_eq!(elsewhere.status, 201);
    assert_eq!(add("f", "b").await.status, 201);
    let remove = call(&cloud, "DELETE /2015-03-31/functions/f/policy/a", Value::Null);
    let (one, other) = tokio::join!(add("f", "c"), after_a_moment(remove));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (201, 409));
}

#[tokio::test]
async fn fifteen_a_second() {
    let cloud = only("rates").await;
    let list = async || call(&cloud, "GET /2015-03-31/functions", Value::Null).await;
    for _ in 0..15 {
        assert_eq!(list().await.status, 200);
    }
    assert_eq!(refusal(&list().await), "429 TooManyRequestsException Rate exceeded");
    // GetFunction has a rate of its own.
    assert_eq!(call(&cloud, "GET /2015-03-31/functions/none", Value::Null).await.status, 404);
    at_once(&cloud, "rates").await;
    assert_eq!(list().await.status, 200);
}

#[tokio::test]
async fn defaults_read_back() {
    let cloud = only("defaults").await;
    create_role(&cloud, "role", TRUST).await;
    assert_eq!(create_function(&cloud, "f", "role", json!({ "A1": "b" })).await.status, 201);
    let read = configuration(&cloud, "f").await;
    for absent in ["KMSKeyArn", "VpcConfig", "LastUpdateStatusReason"] {
        assert!(read.get(absent).is_none(), "{absent}: {read}");
    }
    assert_eq!(read["Timeout"], 3);
    assert_eq!(read["MemorySize"], 128);
    assert_eq!(read["EphemeralStorage"], json!({ "Size": 512 }));
    assert_eq!(read["TracingConfig"], json!({ "Mode": "PassThrough" }));
    assert_eq!(read["LoggingConfig"], json!({ "LogFormat": "Text", "LogGroup": "/aws/lambda/f" }));
    assert!(
        read["RuntimeVersionConfig"]["RuntimeVersionArn"].as_str().unwrap().starts_with("arn:aws:lambda")
    );
    let whole = call(&cloud, "GET /2015-03-31/functions/f", Value::Null).await.json();
    assert!(whole["Configuration"].get("KMSKeyArn").is_none());
    let listed = call(&cloud, "GET /2015-03-31/functions", Value::Null).await.json();
    assert!(listed["Functions"][0].get("State").is_none(), "{listed}");

    let permission = json!({ "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com" });
    assert_eq!(call(&cloud, "POST /2015-03-31/functions/f/policy", permission).await.status, 201);
    assert_eq!(call(&cloud, "GET /2015-03-31/functions/f/policy", Value::Null).await.status, 200);
    let remove = "DELETE /2015-03-31/functions/f/policy/s";
    assert_eq!(call(&cloud, remove, Value::Null).await.status, 204);
    let gone = call(&cloud, "GET /2015-03-31/functions/f/policy", Value::Null).await;
    assert_eq!(refusal(&gone), "404 ResourceNotFoundException The resource you requested does not exist.");
}
