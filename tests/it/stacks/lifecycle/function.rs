//! The function.

use super::{Row, send};

pub const ROWS: &[Row] = &[
    Row(
        "function: memory",
        |aws, it| {
            drop(send!(aws.lambda.update_function_configuration().function_name(&it.name).memory_size(256)))
        },
        &["function.presign: memory"],
    ),
    Row(
        "function: timeout",
        |aws, it| drop(send!(aws.lambda.update_function_configuration().function_name(&it.name).timeout(29))),
        &["function.presign: timeout"],
    ),
    Row(
        "function: handler",
        |aws, it| {
            drop(send!(aws.lambda.update_function_configuration().function_name(&it.name).handler("other")))
        },
        &["function.presign: handler"],
    ),
    Row(
        "function: runtime",
        |aws, it| {
            drop(send!(
                aws.lambda
                    .update_function_configuration()
                    .function_name(&it.name)
                    .runtime(aws_sdk_lambda::types::Runtime::Providedal2)
            ))
        },
        &["function.presign: runtime"],
    ),
    Row(
        "function: role",
        |aws, it| {
            drop(send!(
                aws.lambda
                    .update_function_configuration()
                    .function_name(&it.name)
                    .role("arn:aws:iam::000000000000:role/other")
            ))
        },
        &["function.presign: role"],
    ),
    Row(
        "function: description",
        |aws, it| {
            drop(send!(
                aws.lambda.update_function_configuration().function_name(&it.name).description("mine")
            ))
        },
        &["function.presign: description"],
    ),
    Row(
        "function: a variable changed and one added",
        |aws, it| {
            let live = send!(aws.lambda.get_function_configuration().function_name(&it.name));
            let mut all = live.environment.unwrap().variables.unwrap();
            all.insert("URL_EXPIRES".to_owned(), "1h".to_owned());
            all.insert("MORE".to_owned(), "1".to_owned());
            let environment = aws_sdk_lambda::types::Environment::builder().set_variables(Some(all)).build();
            send!(
                aws.lambda.update_function_configuration().function_name(&it.name).environment(environment)
            );
        },
        &["function.presign: environment.MORE, environment.URL_EXPIRES"],
    ),
    Row(
        "function: code",
        |aws, it| {
            let zip = aws_sdk_lambda::primitives::Blob::new(EMPTY_ZIP);
            send!(aws.lambda.update_function_code().function_name(&it.name).zip_file(zip));
        },
        &["function.presign: code"],
    ),
    Row(
        "function: a tag changed",
        |aws, it| {
            let arn = send!(aws.lambda.get_function().function_name(&it.name))
                .configuration
                .unwrap()
                .function_arn
                .unwrap();
            send!(aws.lambda.tag_resource().resource(arn).tags("team", "other"));
        },
        &["function.presign: tags.team"],
    ),
    Row(
        "function: a tag added",
        |aws, it| {
            let arn = send!(aws.lambda.get_function().function_name(&it.name))
                .configuration
                .unwrap()
                .function_arn
                .unwrap();
            send!(aws.lambda.tag_resource().resource(arn).tags("cost", "1"));
        },
        &["function.presign: tags.cost"],
    ),
    Row(
        "function: permission removed",
        |aws, it| {
            send!(
                aws.lambda
                    .remove_permission()
                    .function_name(&it.name)
                    .statement_id("stackctl-uploads-production")
            );
        },
        &["function.presign: permission.stackctl-uploads-production"],
    ),
    Row(
        "function: permission for any API",
        |aws, it| {
            send!(
                aws.lambda
                    .remove_permission()
                    .function_name(&it.name)
                    .statement_id("stackctl-uploads-production")
            );
            send!(
                aws.lambda
                    .add_permission()
                    .function_name(&it.name)
                    .statement_id("stackctl-uploads-production")
                    .action("lambda:InvokeFunction")
                    .principal("apigateway.amazonaws.com")
            );
        },
        &["function.presign: permission.stackctl-uploads-production, permission.stackctl-uploads-production"],
    ),
    Row(
        "function: deleted",
        |aws, it| drop(send!(aws.lambda.delete_function().function_name(&it.name))),
        &["function.presign: create, permission.stackctl-uploads-production, wait for"],
    ),
];

/// A zip file with nothing in it.
pub const EMPTY_ZIP: [u8; 22] = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
