//! IAM as on AWS, and what Lambda makes of roles, each rule alone.

use serde_json::{Value, json};

use crate::{
    apis::{ask, create_api, create_stage, deploy},
    functions::{TRUST, call, create_function, create_role, encoded, iam, settled},
    lambda::refusal,
    running::{HttpResponse, Running},
    settings::{at_once, only, settings_of},
};

const NOT_ASSUMED: &str =
    "400 InvalidParameterValueException The role defined for the function cannot be assumed by Lambda.";

#[tokio::test]
async fn a_new_role_is_not_seen_at_once() {
    let cloud = only("iam_propagation").await;
    create_role(&cloud, "young", TRUST).await;
    for _ in 0..3 {
        assert_eq!(refusal(&create_function(&cloud, "f", "young", json!({})).await), NOT_ASSUMED);
    }
    at_once(&cloud, "iam_propagation").await;
    let created = create_function(&cloud, "f", "young", json!({})).await;
    assert_eq!(created.status, 201, "{created:?}");

    cloud.settings(settings_of("iam_propagation", 10_000.0)).await;
    create_role(&cloud, "younger", TRUST).await;
    let other = json!({ "Role": "arn:aws:iam::000000000000:role/younger" });
    let update = "PUT /2015-03-31/functions/f/configuration";
    assert_eq!(refusal(&call(&cloud, update, other).await), NOT_ASSUMED);
    assert_eq!(call(&cloud, update, json!({ "MemorySize": 256 })).await.status, 200);
}

#[tokio::test]
async fn a_role_that_trusts_somebody_else_is_never_seen() {
    let cloud = only("iam_propagation").await;
    create_role(&cloud, "wrong", &TRUST.replace("lambda", "ec2")).await;
    assert_eq!(refusal(&create_function(&cloud, "f", "none", json!({})).await), NOT_ASSUMED);
    at_once(&cloud, "iam_propagation").await;
    assert_eq!(refusal(&create_function(&cloud, "f", "wrong", json!({})).await), NOT_ASSUMED);
    // Mended, it takes its time again.
    cloud.settings(settings_of("iam_propagation", 10_000.0)).await;
    let mend = format!("Action=UpdateAssumeRolePolicy&RoleName=wrong&PolicyDocument={}", encoded(TRUST));
    assert_eq!(iam(&cloud, &mend).await.status, 200);
    assert_eq!(refusal(&create_function(&cloud, "f", "wrong", json!({})).await), NOT_ASSUMED);
    at_once(&cloud, "iam_propagation").await;
    assert_eq!(create_function(&cloud, "f", "wrong", json!({})).await.status, 201);
}

#[tokio::test]
async fn documents_come_percent_encoded() {
    let cloud = only("iam_propagation").await;
    create_role(&cloud, "role", TRUST).await;
    let read = iam(&cloud, "Action=GetRole&RoleName=role").await.text;
    assert!(read.contains("%22Service%22%3A%20%22lambda.amazonaws.com%22"), "{read}");
    // As it was put, white space and all.
    let document = "{\"Version\": \"2012-10-17\",\n  \"Statement\" : {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}";
    let put = format!("Action=PutRolePolicy&RoleName=role&PolicyName=p&PolicyDocument={}", encoded(document));
    assert_eq!(iam(&cloud, &put).await.status, 200);
    let read = iam(&cloud, "Action=GetRolePolicy&RoleName=role&PolicyName=p").await.text;
    assert!(
        read.contains("%7B%22Version%22%3A%20%222012-10-17%22%2C%0A%20%20%22Statement%22%20%3A"),
        "{read}"
    );
}

#[tokio::test]
async fn names_are_equal_whatever_their_case() {
    let cloud = only("role_names").await;
    create_role(&cloud, "Role", TRUST).await;
    let create = async |name: &str| {
        let form = format!("Action=CreateRole&RoleName={name}&AssumeRolePolicyDocument={}", encoded(TRUST));
        error(&iam(&cloud, &form).await)
    };
    assert_eq!(create("rOLE").await, "409 EntityAlreadyExists");
    assert_eq!(create("Role").await, "409 EntityAlreadyExists");
    assert_eq!(create("Roles").await, "200 ");
}

#[tokio::test]
async fn a_role_with_policies_stays() {
    let cloud = only("iam_propagation").await;
    create_role(&cloud, "role", TRUST).await;
    let ask = async |action: &str, more: &str| {
        error(&iam(&cloud, &format!("Action={action}&RoleName=role{more}")).await)
    };
    let managed = format!("&PolicyArn={}", encoded("arn:aws:iam::aws:policy/ReadOnlyAccess"));
    let inline = "&PolicyName=p";
    let document = encoded(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
    );
    assert_eq!(ask("PutRolePolicy", &format!("{inline}&PolicyDocument={document}")).await, "200 ");
    assert_eq!(ask("DeleteRole", "").await, "409 DeleteConflict");
    assert_eq!(ask("DeleteRolePolicy", inline).await, "200 ");
    assert_eq!(ask("AttachRolePolicy", &managed).await, "200 ");
    assert_eq!(ask("DeleteRole", "").await, "409 DeleteConflict");
    assert_eq!(ask("DetachRolePolicy", &managed).await, "200 ");
    assert_eq!(ask("DeleteRole", "").await, "200 ");
}

fn error(answer: &HttpResponse) -> String {
    let code = answer.text.split_once("<Code>").and_then(|(_, it)| it.split_once('<')).map_or("", |it| it.0);
    format!("{} {code}", answer.status.as_u16())
}

async fn make_again(cloud: &Running, role: &str) {
    assert_eq!(iam(cloud, &format!("Action=DeleteRole&RoleName={role}")).await.status, 200);
    create_role(cloud, role, TRUST).await;
}

#[tokio::test]
async fn a_role_made_again_is_another_one() {
    let cloud = only("role_ids").await;
    let id = async || {
        let read = iam(&cloud, "Action=GetRole&RoleName=role").await.text;
        read.split_once("<RoleId>").unwrap().1.split_once('<').unwrap().0.to_owned()
    };
    create_role(&cloud, "role", TRUST).await;
    create_role(&cloud, "other", TRUST).await;
    let first = id().await;
    for (name, variables) in [("f", json!({ "A1": "b" })), ("bare", json!({}))] {
        assert_eq!(create_function(&cloud, name, "role", variables).await.status, 201);
        settled(&cloud, name).await;
    }
    let invoke = async |name: &str| {
        refusal(&call(&cloud, &format!("POST /2015-03-31/functions/{name}/invocations"), json!({})).await)
    };
    let configure = async |name: &str, body: Value| {
        let update = format!("PUT /2015-03-31/functions/{name}/configuration");
        assert_eq!(call(&cloud, &update, body).await.status, 200);
        settled(&cloud, name).await;
    };
    let give = async |role: &str| {
        configure("f", json!({ "Role": format!("arn:aws:iam::000000000000:role/{role}") })).await;
    };
    let broken = "502 KMSAccessDeniedException Lambda was unable to decrypt the environment variables because KMS \
                  access was denied. Please check the function's KMS key settings.";
    assert!(invoke("f").await.starts_with("200"));
    make_again(&cloud, "role").await;
    assert_ne!(id().await, first);
    assert_eq!(invoke("f").await, broken);
    assert!(invoke("bare").await.starts_with("200"), "it has no variables");
    configure("bare", json!({ "Environment": { "Variables": { "A1": "b" } } })).await;
    assert!(invoke("bare").await.starts_with("200"), "the role of now was given them");
    configure("f", json!({ "MemorySize": 256 })).await;
    give("role").await;
    assert_eq!(invoke("f").await, broken, "it has that role already");
    give("other").await;
    assert!(invoke("f").await.starts_with("200"));
    give("role").await;
    assert!(invoke("f").await.starts_with("200"));
    make_again(&cloud, "role").await;
    assert_eq!(invoke("f").await, broken);
    assert_eq!(call(&cloud, "DELETE /2015-03-31/functions/f", Value::Null).await.status, 204);
    assert_eq!(create_function(&cloud, "f", "role", json!({ "A1": "b" })).await.status, 201);
    settled(&cloud, "f").await;
    assert!(invoke("f").await.starts_with("200"), "it was made anew");
}

/// What callers of an API see of it.
#[tokio::test]
async fn an_api_whose_function_lost_its_role() {
    let cloud = only("role_ids").await;
    let rules = json!({ "*": false, "role_ids": true, "deployments": true, "invoke_permission": true });
    cloud.settings(json!({ "time_scale": 0, "rules": rules })).await;
    create_role(&cloud, "role", TRUST).await;
    assert_eq!(create_function(&cloud, "f", "role", json!({ "A1": "b" })).await.status, 201);
    settled(&cloud, "f").await;
    let (api, root) = create_api(&cloud).await;
    let at = format!("/restapis/{api}/resources/{root}/methods/GET");
    let function = "arn:aws:lambda:eu-west-1:000000000000:function:f";
    let uri = format!("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{function}/invocations");
    let method = json!({ "authorizationType": "NONE" });
    assert_eq!(ask(&cloud, &format!("PUT {at}"), method).await.status, 201);
    let integration = json!({ "type": "AWS_PROXY", "httpMethod": "POST", "uri": uri });
    assert_eq!(ask(&cloud, &format!("PUT {at}/integration"), integration).await.status, 201);
    let permission = json!({ "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com" });
    assert_eq!(call(&cloud, "POST /2015-03-31/functions/f/policy", permission).await.status, 201);
    let deployment = deploy(&cloud, &api).await;
    assert_eq!(create_stage(&cloud, &api, &deployment).await.status, 201);
    let visit = async || cloud.send(&format!("GET /_aws/execute-api/{api}/production/"), "").await.status;
    assert_eq!(visit().await, 200);
    make_again(&cloud, "role").await;
    assert_eq!(visit().await, 500);
}
