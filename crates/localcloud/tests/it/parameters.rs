//! Parameters of Systems Manager, and their tags.

use serde_json::{Value, json};

use crate::running::{HttpResponse, Running};

async fn ssm(cloud: &Running, operation: &str, body: Value) -> HttpResponse {
    let head =
        format!("POST /\ncontent-type: application/x-amz-json-1.1\nx-amz-target: AmazonSSM.{operation}");
    cloud.signed("ssm", &head, body.to_string()).await
}

/// SSM-08.
#[tokio::test]
async fn a_parameter_that_does_not_exist_has_no_tags() {
    let cloud = Running::new().await;
    let named = json!({ "ResourceType": "Parameter", "ResourceId": "/app/secret" });
    let and = |key: &str, value: Value| {
        let mut body = named.clone();
        body[key] = value;
        body
    };
    let tags = json!([{ "Key": "team", "Value": "web" }]);
    let all = [
        ("ListTagsForResource", named.clone()),
        ("AddTagsToResource", and("Tags", tags.clone())),
        ("RemoveTagsFromResource", and("TagKeys", json!(["other"]))),
    ];
    for (operation, body) in &all {
        let refused = ssm(&cloud, operation, body.clone()).await;
        assert_eq!(refused.status, 400, "{operation} {}", refused.text);
        assert!(refused.text.contains("InvalidResourceId"), "{operation} {}", refused.text);
    }
    let parameter = json!({ "Name": "/app/secret", "Type": "SecureString", "Value": "a" });
    assert_eq!(ssm(&cloud, "PutParameter", parameter).await.status, 200);
    for (operation, body) in all.iter().rev() {
        assert_eq!(ssm(&cloud, operation, body.clone()).await.status, 200, "{operation}");
    }
    assert_eq!(ssm(&cloud, "ListTagsForResource", named).await.json()["TagList"], tags);
}
