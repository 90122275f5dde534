//! The REST API, its deployment and its stage.

use aws_sdk_apigateway::types::{Op, PatchOperation};
use stackctl_aws_client::clients::Clients;

use super::{Names, Row, send};

pub const ROWS: &[Row] = &[
    Row(
        "API: a method deleted",
        |aws, it| {
            send!(
                aws.apigateway
                    .delete_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("GET")
            );
        },
        &["rest_api.uploads: GET /"],
    ),
    Row(
        "API: a method opened",
        |aws, it| {
            let patch = patch(Op::Replace, "/authorizationType", "NONE");
            send!(
                aws.apigateway
                    .update_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("GET")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: GET /"],
    ),
    Row(
        "API: a method added",
        |aws, it| {
            send!(
                aws.apigateway
                    .put_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("DELETE")
                    .authorization_type("NONE")
            );
        },
        &["rest_api.uploads: DELETE /"],
    ),
    Row(
        "API: the preflight deleted",
        |aws, it| {
            send!(
                aws.apigateway
                    .delete_method()
                    .rest_api_id(&it.api)
                    .resource_id(root(aws, it))
                    .http_method("OPTIONS")
            );
        },
        &["rest_api.uploads: OPTIONS /"],
    ),
    Row(
        "API: a gateway response deleted",
        |aws, it| {
            send!(
                aws.apigateway
                    .delete_gateway_response()
                    .rest_api_id(&it.api)
                    .response_type(aws_sdk_apigateway::types::GatewayResponseType::Default4Xx)
            );
        },
        &["rest_api.uploads: response.DEFAULT_4XX"],
    ),
    Row(
        "API: a gateway response changed",
        |aws, it| {
            send!(
                aws.apigateway
                    .put_gateway_response()
                    .rest_api_id(&it.api)
                    .response_type(aws_sdk_apigateway::types::GatewayResponseType::Default5Xx)
                    .response_parameters("gatewayresponse.header.Access-Control-Allow-Origin", "'*'")
            );
        },
        &["rest_api.uploads: response.DEFAULT_5XX"],
    ),
    Row(
        "API: renamed",
        |aws, it| {
            send!(aws.apigateway.update_rest_api().rest_api_id(&it.api).patch_operations(patch(
                Op::Replace,
                "/name",
                "other"
            )));
        },
        &["rest_api.uploads: name"],
    ),
    Row(
        "API: a tag changed",
        |aws, it| {
            send!(
                aws.apigateway
                    .tag_resource()
                    .resource_arn(format!("arn:aws:apigateway:eu-west-1::/restapis/{}", it.api))
                    .tags("team", "other")
            );
        },
        &["rest_api.uploads: tags.team"],
    ),
    Row(
        "API: the stage's tag changed",
        |aws, it| {
            let arn = format!("arn:aws:apigateway:eu-west-1::/restapis/{}/stages/production", it.api);
            send!(aws.apigateway.tag_resource().resource_arn(arn).tags("team", "other"));
        },
        &["rest_api.uploads: stage.tags.team"],
    ),
    Row(
        "API: throttling lifted",
        |aws, it| {
            let patch = patch(Op::Replace, "/*/*/throttling/rateLimit", "9999");
            send!(
                aws.apigateway
                    .update_stage()
                    .rest_api_id(&it.api)
                    .stage_name("production")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: throttling.rate"],
    ),
    Row(
        "API: a stage variable changed",
        |aws, it| {
            let patch = patch(Op::Replace, "/variables/CORS_ORIGINS", "any");
            send!(
                aws.apigateway
                    .update_stage()
                    .rest_api_id(&it.api)
                    .stage_name("production")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: variables.CORS_ORIGINS"],
    ),
    Row(
        "API: data trace logging, which logs tokens",
        |aws, it| patch_stage(aws, it, patch(Op::Replace, "/*/*/logging/dataTrace", "true")),
        &["rest_api.uploads: data_trace"],
    ),
    Row(
        "API: a method's own settings",
        |aws, it| patch_stage(aws, it, patch(Op::Replace, "/~1/GET/logging/dataTrace", "true")),
        &["rest_api.uploads: method_settings"],
    ),
    Row(
        "API: answers cached",
        |aws, it| patch_stage(aws, it, patch(Op::Replace, "/*/*/caching/enabled", "true")),
        &["rest_api.uploads: caching"],
    ),
    Row(
        "API: another deployment served",
        |aws, it| {
            let other = send!(aws.apigateway.create_deployment().rest_api_id(&it.api)).id.unwrap();
            let patch = patch(Op::Replace, "/deploymentId", &other);
            send!(
                aws.apigateway
                    .update_stage()
                    .rest_api_id(&it.api)
                    .stage_name("production")
                    .patch_operations(patch)
            );
        },
        &["rest_api.uploads: deploy, set the stage of"],
    ),
    Row(
        "API: the stage deleted",
        |aws, it| {
            send!(aws.apigateway.delete_stage().rest_api_id(&it.api).stage_name("production"));
        },
        &["rest_api.uploads: deploy, create the stage of, throttling.rate, throttling.burst"],
    ),
    Row(
        "API: the authorizer's pool changed",
        |aws, it| {
            let authorizer = send!(aws.apigateway.get_authorizers().rest_api_id(&it.api))
                .items
                .unwrap()
                .remove(0)
                .id
                .unwrap();
            let other = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_other";
            let patches = vec![patch(Op::Add, "/providerARNs", other)];
            send!(
                aws.apigateway
                    .update_authorizer()
                    .rest_api_id(&it.api)
                    .authorizer_id(authorizer)
                    .set_patch_operations(Some(patches))
            );
        },
        &["rest_api.uploads: authorizer"],
    ),
    Row(
        "API: deleted",
        |aws, it| drop(send!(aws.apigateway.delete_rest_api().rest_api_id(&it.api))),
        &[
            "rest_api.uploads: create, authorizer.users, GET /, OPTIONS /, response.DEFAULT_4XX, response.DEFAULT_5XX, deploy, create the stage of, throttling.rate, throttling.burst",
            "function.presign: permission.stackctl-uploads-production, permission.stackctl-uploads-production",
        ],
    ),
];

fn root(aws: &Clients, it: &Names) -> String {
    let all = send!(aws.apigateway.get_resources().rest_api_id(&it.api)).items.unwrap();
    all.into_iter().find(|it| it.path() == Some("/")).unwrap().id.unwrap()
}

fn patch(op: Op, path: &str, value: &str) -> PatchOperation {
    PatchOperation::builder().op(op).path(path).value(value).build()
}

fn patch_stage(aws: &Clients, it: &Names, patch: PatchOperation) {
    let update = aws.apigateway.update_stage().rest_api_id(&it.api).stage_name("production");
    send!(update.patch_operations(patch));
}
