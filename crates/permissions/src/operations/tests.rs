//! How stackctl takes AWS's answers to its operations.

mod outcomes;
mod rates;
mod recorded;

use stackctl_aws_client::request::{error::AwsError, operation::ErrorAnswer, retry};

use super::*;

/// The operation with this name, or one of the same service that stackctl does not send.
fn operation(name: &str) -> &'static Operation {
    let service = |it: &str| it.split(':').next().unwrap_or_default().to_owned();
    find(name).unwrap_or_else(|| {
        let same = all().find(|it| service(it.name) == service(name)).unwrap_or_else(|| panic!("{name}"));
        let name = Box::leak(name.to_owned().into_boxed_str());
        Box::leak(Box::new(Operation { name, service: same.service, permissions: &[] }))
    })
}

/// An error that AWS answered with.
fn answered(name: &str, status: u16, code: &str, message: &str) -> AwsError {
    let (code, message) = (code.to_owned(), message.to_owned());
    AwsError::Answer(ErrorAnswer { operation: operation(name), status, code, message, retry_after: None })
}

#[test]
fn no_operation_is_declared_twice() {
    let mut names: Vec<_> = all().map(|it| it.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

fn denied(operation: &str, message: &str, expected: &str) {
    let AwsError::Answer(answer) = answered(operation, 403, "AccessDenied", message) else { unreachable!() };
    let hint = retry::hint(&answer).unwrap();
    let said = hint.strip_prefix("the credentials in use may not do ").unwrap().split(';').next().unwrap();
    assert_eq!(said, expected, "{operation}: {message}");
}

#[test]
fn what_is_denied_is_named() {
    denied("s3:PutBucketCors", "Access Denied", "s3:PutBucketCORS");
    denied(
        "s3:PutBucketCors",
        "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: s3:PutBucketCORS on resource: \
         \"arn:aws:s3:::demo-uploads\" because no identity-based policy allows the s3:PutBucketCORS action",
        "s3:PutBucketCORS on arn:aws:s3:::demo-uploads",
    );
    denied(
        "lambda:CreateFunction",
        "User: arn:aws:iam::1:user/ada is not authorized to perform: iam:PassRole on resource: \
         arn:aws:iam::1:role/stackctl/demo/demo-presign because no identity-based policy allows it",
        "iam:PassRole on arn:aws:iam::1:role/stackctl/demo/demo-presign",
    );
    // IAM names a role that does not exist without its ARN (IAM-17).
    denied(
        "iam:GetRole",
        "ada is not authorized to perform: iam:GetRole on resource: role demo",
        "iam:GetRole",
    );
    denied("s3:Unheard", "", "s3:Unheard");
}
