//! Lists that AWS gives in no order: each in more than one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    apis::{ask, create_api, deploy, put_mock},
    functions::{TRUST, create_function, create_role, iam},
    settings::only,
};

const ITEMS: [&str; 5] = ["a1", "b1", "c1", "d1", "e1"];

/// Reads a list repeatedly, and compares the order of its items.
async fn check(what: &str, mark: &str, end: &str, read: impl AsyncFn() -> String) {
    let mut orders = BTreeSet::new();
    for _ in 0..8 {
        let text = read().await;
        let marks = text.split(mark).skip(1).filter_map(|it| it.split(end).next());
        let marks: Vec<_> = marks.map(str::to_owned).collect();
        assert_eq!(marks.iter().collect::<BTreeSet<_>>().len(), marks.len(), "{what}: {text}");
        assert!(marks.len() >= ITEMS.len(), "{what}: {text}");
        orders.insert(marks);
    }
    assert!(orders.len() > 3, "{what}: {orders:?}");
}

#[tokio::test]
async fn of_api_gateway() {
    let cloud = only("list_order").await;
    let (api, root) = create_api(&cloud).await;
    put_mock(&cloud, &api, &root, "GET", "hello").await;
    for item in ITEMS {
        create_api(&cloud).await;
        let body = json!({ "pathPart": item });
        assert_eq!(ask(&cloud, &format!("POST /restapis/{api}/resources/{root}"), body).await.status, 201);
        let pool = json!([format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_{item}")]);
        let body = json!({ "name": item, "type": "COGNITO_USER_POOLS", "providerARNs": pool,
            "identitySource": "method.request.header.Authorization" });
        assert_eq!(ask(&cloud, &format!("POST /restapis/{api}/authorizers"), body).await.status, 201);
        let deployment = deploy(&cloud, &api).await;
        let body = json!({ "stageName": item, "deploymentId": deployment });
        assert_eq!(ask(&cloud, &format!("POST /restapis/{api}/stages"), body).await.status, 201);
    }
    let get = async |path: &str| ask(&cloud, &format!("GET {path}"), Value::Null).await.text;
    for (below, mark) in [
        ("/resources", "\"id\":\""),
        ("/authorizers", "\"id\":\""),
        ("/deployments", "\"id\":\""),
        ("/stages", "\"stageName\":\""),
        ("/gatewayresponses", "\"responseType\":\""),
    ] {
        check(below, mark, "\"", async || get(&format!("/restapis/{api}{below}")).await).await;
    }
    check("APIs", "\"id\":\"", "\"", async || get("/restapis").await).await;
}

#[tokio::test]
async fn of_other_services() {
    let cloud = only("list_order").await;
    let cognito = |operation: &str| format!("AWSCognitoIdentityProviderService.{operation}");
    let pool = cloud.call("cognito-idp", &cognito("CreateUserPool"), json!({ "PoolName": "p" })).await;
    let pool = pool["UserPool"]["Id"].clone();
    create_role(&cloud, "role", TRUST).await;
    for item in ITEMS {
        cloud.call("cognito-idp", &cognito("CreateUserPool"), json!({ "PoolName": item })).await;
        let client = json!({ "UserPoolId": pool, "ClientName": item });
        cloud.call("cognito-idp", &cognito("CreateUserPoolClient"), client).await;
        assert_eq!(create_function(&cloud, item, "role", json!({})).await.status, 201);
        let parameter = json!({ "Name": format!("/{item}"), "Value": "1", "Type": "String",
            "Tags": [{ "Key": "k", "Value": "v" }] });
        cloud.call("ssm", "AmazonSSM.PutParameter", parameter).await;
        let tags = json!({ "ResourceType": "Parameter", "ResourceId": "/a1", "Tags": [{ "Key": item, "Value": "v" }] });
        cloud.call("ssm", "AmazonSSM.AddTagsToResource", tags).await;
        let form = format!("Action=TagRole&RoleName=role&Tags.member.1.Key={item}&Tags.member.1.Value=v");
        assert_eq!(iam(&cloud, &form).await.status, 200);
    }
    let of_ssm = json!({ "ResourceType": "Parameter", "ResourceId": "/a1" });
    let calls = [
        ("cognito-idp", cognito("ListUserPools"), json!({ "MaxResults": 60 }), "\"Id\":\""),
        (
            "cognito-idp",
            cognito("ListUserPoolClients"),
            json!({ "UserPoolId": pool, "MaxResults": 60 }),
            "\"ClientId\":\"",
        ),
        ("ssm", "AmazonSSM.DescribeParameters".to_owned(), json!({}), "\"Name\":\""),
        ("ssm", "AmazonSSM.ListTagsForResource".to_owned(), of_ssm, "\"Key\":\""),
        (
            "tagging",
            "ResourceGroupsTaggingAPI_20170126.GetResources".to_owned(),
            json!({}),
            "\"ResourceARN\":\"",
        ),
    ];
    for (service, operation, body, mark) in calls {
        let read = async || cloud.call(service, &operation, body.clone()).await.to_string();
        check(&operation, mark, "\"", read).await;
    }
    let functions = async || cloud.signed("lambda", "GET /2015-03-31/functions", "").await.text;
    check("functions", "\"FunctionName\":\"", "\"", functions).await;
    for action in ["GetRole", "ListRoleTags"] {
        let read = async || iam(&cloud, &format!("Action={action}&RoleName=role")).await.text;
        check(action, "<Key>", "<", read).await;
    }
}
