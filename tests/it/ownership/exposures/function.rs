//! The function.

use aws_sdk_lambda::{
    primitives::Blob,
    types::{FunctionUrlAuthType, LayerVersionContentInput},
};

use super::Row;
use crate::stacks::lifecycle::{EMPTY_ZIP, send};

pub const ROWS: &[Row] = &[
    Row(
        "function: anyone may invoke it",
        |aws, it| {
            let add = aws.lambda.add_permission().function_name(&it.name).statement_id("evil");
            send!(add.action("lambda:InvokeFunction").principal("*"));
        },
        &[
            "function.presign: anyone with an AWS account may invoke it directly, with claims of their own making \
             (statement evil of its policy: Allow lambda:InvokeFunction, ",
        ],
    ),
    Row(
        "function: another account may invoke it",
        |aws, it| {
            let add = aws.lambda.add_permission().function_name(&it.name).statement_id("other");
            send!(add.action("lambda:InvokeFunction").principal("111111111111"));
        },
        &[
            "function.presign: it may be invoked by others than the stack's APIs (statement other of its policy: ",
        ],
    ),
    Row(
        "function: a URL that anyone may call",
        |aws, it| {
            let url = aws.lambda.create_function_url_config().function_name(&it.name);
            send!(url.auth_type(FunctionUrlAuthType::None));
            let add = aws.lambda.add_permission().function_name(&it.name).statement_id("open");
            let add = add.action("lambda:InvokeFunctionUrl").principal("*");
            send!(add.function_url_auth_type(FunctionUrlAuthType::None));
        },
        &[
            "function.presign: it may be invoked by others than the stack's APIs (statement open of its policy: ",
            "function.presign: anyone on the internet may call it, without signing in, by its function URL https://",
        ],
    ),
    Row(
        "function: a URL of an alias",
        |aws, it| {
            let version = send!(aws.lambda.publish_version().function_name(&it.name)).version.unwrap();
            let alias = aws.lambda.create_alias().function_name(&it.name).name("live");
            send!(alias.function_version(version));
            let url = aws.lambda.create_function_url_config().function_name(&it.name).qualifier("live");
            send!(url.auth_type(FunctionUrlAuthType::AwsIam));
        },
        &["function.presign: it may be called with IAM credentials, by its function URL https://"],
    ),
    Row(
        "function: a queue calls it",
        |aws, it| {
            let map = aws.lambda.create_event_source_mapping().function_name(&it.name).enabled(false);
            send!(map.event_source_arn("arn:aws:sqs:eu-west-1:000000000000:jobs"));
        },
        &[
            "function.presign: what arrives at arn:aws:sqs:eu-west-1:000000000000:jobs invokes it (event source mapping ",
        ],
    ),
    Row(
        "function: a layer",
        |aws, it| {
            let content = LayerVersionContentInput::builder().zip_file(Blob::new(EMPTY_ZIP)).build();
            let layer = send!(aws.lambda.publish_layer_version().layer_name(&it.name).content(content));
            let arn = layer.layer_version_arn.unwrap();
            send!(aws.lambda.update_function_configuration().function_name(&it.name).layers(arn));
        },
        &["function.presign: code of others runs in it (layers: arn:aws:lambda:"],
    ),
];
