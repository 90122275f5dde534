use expect_test::{Expect, expect};

use super::*;

/// The document that stackctl sends for one function and one origin.
pub(crate) const DOCUMENT: &str = include_str!("document.json");

fn check(edit: impl FnOnce(&mut Value), expected: Expect) {
    let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
    edit(&mut document);
    let refusal = read(document.to_string().as_bytes(), true).map(|_| ()).map_err(|it| it.message());
    expected.assert_eq(&refusal.err().unwrap_or_default());
}

#[test]
fn a_whole_document() {
    let definition = read(DOCUMENT.as_bytes(), true).unwrap();
    assert_eq!(definition.name, "demo-uploads");
    let method = &definition.methods["/"]["GET"];
    assert_eq!(method.authorizer.as_deref(), Some("users"));
    expect![[r#"{"authorizationType":"COGNITO_USER_POOLS"}"#]]
        .assert_eq(&Value::from(method.body.clone()).to_string());
    expect![[r#"{"httpMethod":"POST","passthroughBehavior":"WHEN_NO_MATCH","timeoutInMillis":29000,"type":"AWS_PROXY","uri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:demo-presign/invocations"}"#]]
        .assert_eq(&method.integration.as_ref().unwrap().to_string());
    let options = &definition.methods["/"]["OPTIONS"];
    assert_eq!(options.authorizer, None);
    expect![[r#"{"responseParameters":{"method.response.header.Access-Control-Allow-Headers":"'Authorization,Content-Type'","method.response.header.Access-Control-Allow-Methods":"'GET,OPTIONS'","method.response.header.Access-Control-Allow-Origin":"'http://localhost:5173'"},"responseTemplates":{},"selectionPattern":""}"#]]
        .assert_eq(&options.integration_responses["200"].to_string());
    expect![[r#"{"authType":"cognito_user_pools","identitySource":"method.request.header.Authorization","name":"users","providerARNs":["arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_abcdefghi"],"type":"COGNITO_USER_POOLS"}"#]]
        .assert_eq(&definition.authorizers["users"].body.to_string());
}

#[test]
fn scopes() {
    let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
    document["paths"]["/"]["get"]["security"] = json!([{ "users": ["a", "b"] }]);
    let definition = read(document.to_string().as_bytes(), true).unwrap();
    assert_eq!(definition.methods["/"]["GET"].body["authorizationScopes"], json!(["a", "b"]));
}

#[test]
fn not_a_document() {
    let refusal = read(b"paths: {}", true).unwrap_err();
    assert_eq!(refusal.message(), "Invalid OpenAPI input.");
}

#[test]
fn an_integration_without_a_function() {
    check(
        |it| it["paths"]["/"]["get"]["x-amazon-apigateway-integration"]["uri"] = json!("presign"),
        expect![[r#"
            Errors found during import:
            	Unable to put integration on 'GET' for resource at path '/': Invalid ARN specified in the request"#]],
    );
}

#[test]
fn an_authorizer_that_is_not_there() {
    check(
        |it| it["paths"]["/"]["get"]["security"] = json!([{ "others": [] }]),
        expect![[r#"
            Errors found during import:
            	Unable to put method 'GET' on resource at path '/': Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."#]],
    );
}

#[test]
fn paths_that_cannot_be() {
    check(
        |it| {
            it["paths"]["/a b"] = json!({});
            it["paths"]["/{all+}/more"] = json!({});
            it["paths"]["/files/{id}"] = json!({});
            it["paths"]["/files/{name}"] = json!({});
        },
        expect![[r#"
            Errors found during import:
            	Unable to create resource at path '/a b': Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.
            	Unable to create resource at path '/{all+}/more': Cannot create a child of a resource with a greedy path variable: {all+}
            	Unable to create resource at path '/files/{name}': A sibling ({id}) of this resource already has a variable path part -- only one is allowed"#]],
    );
}

#[test]
fn a_header_that_is_not_declared_or_not_quoted() {
    check(
        |it| {
            let mappings = &mut it["paths"]["/"]["options"]["x-amazon-apigateway-integration"]["responses"]["default"]
                ["responseParameters"];
            *mappings = json!({
                "method.response.header.X-Other": "'1'",
                "method.response.header.Access-Control-Allow-Origin": "*",
            });
        },
        expect![[r#"
            Errors found during import:
            	Unable to put integration response on 'OPTIONS' for resource at path '/': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: *]
            	Unable to put integration response on 'OPTIONS' for resource at path '/': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.X-Other]"#]],
    );
}

#[test]
fn a_warning_fails_when_told_to() {
    let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
    document["paths"]["files"] = json!({});
    let text = document.to_string();
    assert!(read(text.as_bytes(), false).is_ok());
    expect![[r#"
        Warnings found during import:
        	Parse issue: attribute paths. Resource files should start with /"#]]
    .assert_eq(&read(text.as_bytes(), true).unwrap_err().message());
}
