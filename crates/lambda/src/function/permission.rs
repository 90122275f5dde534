//! The calls that add statements to the policy of a function, and remove them.

use aws_sdk_lambda::operation::add_permission::builders::AddPermissionFluentBuilder;
use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{account::Arn, invoke_permission::BucketSource};
use stackctl_engine::Reporter;

use crate::function::operations;

/// Lets a stage of an API invoke a function.
///
/// # Errors
/// The errors of Lambda; the statement exists.
pub async fn add_api(
    function: &str,
    statement: &str,
    source: &Arn,
    aws: &Aws,
    reporter: &Reporter,
) -> Result<(), AwsError> {
    add(reporter, || of(function, statement, "apigateway.amazonaws.com", aws).source_arn(&source.0)).await
}

/// Lets S3 invoke a function for a bucket.
///
/// # Errors
/// The errors of Lambda; the statement exists.
pub async fn add_bucket(
    function: &str,
    statement: &str,
    source: &BucketSource,
    aws: &Aws,
    reporter: &Reporter,
) -> Result<(), AwsError> {
    let BucketSource { bucket, account } = source;
    add(reporter, || {
        of(function, statement, "s3.amazonaws.com", aws).source_arn(bucket).source_account(account)
    })
    .await
}

fn of(function: &str, statement: &str, service: &str, aws: &Aws) -> AddPermissionFluentBuilder {
    aws.lambda
        .add_permission()
        .function_name(function)
        .statement_id(statement)
        .action("lambda:InvokeFunction")
        .principal(service)
}

async fn add(reporter: &Reporter, request: impl Fn() -> AddPermissionFluentBuilder) -> Result<(), AwsError> {
    wait::change(&operations::ADD_PERMISSION, reporter, || request().send()).await.map(drop)
}

/// Removes a statement; one that does not exist is success.
///
/// # Errors
/// The errors of Lambda.
pub async fn remove(function: &str, statement: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let remove = || aws.lambda.remove_permission().function_name(function).statement_id(statement).send();
    if_there(wait::write(&operations::REMOVE_PERMISSION, reporter, remove).await).map(drop)
}
