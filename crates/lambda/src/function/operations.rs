//! The operations of Lambda, and how Lambda answers.

use std::time::Duration;

use stackctl_aws_client::request::{
    operation::{
        ANYTHING, APPLY, APPLY_OR_ADOPT, Awaited, Class, ErrorAnswer, LOOK, LOOK_OR_LOGS, Meaning, Rate,
        Schedule, Scope, Service, Target, VERIFY, operations,
    },
    retry,
};
use stackctl_aws_data::account::with_prefix;

use crate::role::operations::{EXISTING_ROLES_FOR_LAMBDA, ROLES_FOR_LAMBDA};

/// AWS Lambda.
pub static LAMBDA: Service = Service {
    meanings: &[
        Meaning::of("InvalidParameterValueException", "cannot be assumed by Lambda", Class::Propagation),
        Meaning::of(
            "InvalidParameterValueException",
            "does not have permissions to call",
            Class::Propagation,
        ),
        // A bucket that was created for the records (LAM-78).
        Meaning::of("InvalidParameterValueException", "The destination ARN", Class::NotVisible)
            .only_for("PutFunctionEventInvokeConfig"),
        Meaning::of(
            "InvalidParameterValueException",
            "KMS key is invalid for CreateGrant",
            Class::Propagation,
        ),
        Meaning::of("InvalidParameterValueException", "valid principal", Class::Propagation),
        // The same code also means "busy", so these rows come first.
        Meaning::of("ResourceConflictException", "already exist", Class::Exists),
        Meaning::of("ResourceConflictException", "provided already exists", Class::Exists),
        Meaning::of("ResourceConflictException", "", Class::Busy),
    ],
    // LAM-50
    rates: |operation| {
        vec![match operation {
            "GetFunction" => Rate { of: "lambda:GetFunction", burst: 100, per_second: 100.0 },
            "GetPolicy" => Rate { of: "lambda:GetPolicy", burst: 15, per_second: 15.0 },
            _ => Rate { of: "lambda", burst: 15, per_second: 15.0 },
        }]
    },
    hint: |answer| {
        let hint = "Lambda lets the function's former role alone read its variables: run `stackctl apply` once more, or \
                    give the function another role and then its own";
        is_of_key(answer).then(|| hint.to_owned())
    },
    ..Service::new()
};

/// Without a VPC, Lambda creates a function within seconds (LAM-31).
pub const FUNCTION_ACTIVE: Awaited = Awaited {
    for_what: "the function to become active",
    not_before: Duration::ZERO,
    schedule: Schedule::new(150, 400, 300).paced(),
    hint: Some("see the function in the Lambda console, then run the command again"),
};

/// Lambda updates a function within seconds (LAM-30), and never at once.
pub const FUNCTION_UPDATED: Awaited = Awaited {
    for_what: "the update of the function to end",
    not_before: Duration::from_millis(250),
    ..FUNCTION_ACTIVE
};

/// Whether KMS refused Lambda's request, because the role is not the one that may read the variables (LAM-40). A role
/// that is only new has a row in the table (LAM-03).
pub fn is_of_key(answer: &ErrorAnswer) -> bool {
    let ErrorAnswer { code, message, .. } = answer;
    retry::class(answer) == Class::Final
        && (code.starts_with("KMS") || message.contains("KMS Exception") || message.contains("kms:Decrypt"))
}

/// The stack's functions.
static FUNCTIONS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let names = with_prefix(&stack.name, account.function_names(stack));
        names.iter().map(|it| account.function_arn(it).0).collect()
    },
    ..Target::new("Functions")
};

/// The functions that others made and the stack uses.
static EXISTING_FUNCTIONS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        stack.existing_functions.values().map(|it| account.function_arn(it.as_str()).0).collect()
    },
    ..Target::new("ExistingFunctions")
};

/// The stack's functions that events of buckets call.
static CALLED_FUNCTIONS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let called = stack.buckets.values().flat_map(|it| &it.events).map(|event| &event.call);
        let called = called.filter_map(|name| Some((name, stack.functions.get(name)?)));
        called.map(|(name, it)| account.function_arn(&account.function_name(name, it)).0).collect()
    },
    ..Target::new("CalledFunctions")
};

operations! {
    &LAMBDA;
    // Tags are in the answer only for those who may list them (LAM-52).
    GET_FUNCTION = "lambda:GetFunction": LOOK_OR_LOGS ["lambda:GetFunction", "lambda:ListTags"] FUNCTIONS LOOK_OR_LOGS ["lambda:GetFunction"] EXISTING_FUNCTIONS;
    GET_POLICY = "lambda:GetPolicy": LOOK ["lambda:GetPolicy"] FUNCTIONS LOOK ["lambda:GetPolicy"] EXISTING_FUNCTIONS;
    LIST_FUNCTION_URL_CONFIGS = "lambda:ListFunctionUrlConfigs": LOOK ["lambda:ListFunctionUrlConfigs"] FUNCTIONS;
    // For all functions of the region: IAM can't restrict it (LAM-61).
    LIST_EVENT_SOURCE_MAPPINGS = "lambda:ListEventSourceMappings": LOOK ["lambda:ListEventSourceMappings"] ANYTHING;
    // The function's role is passed to Lambda (IAM-18).
    CREATE_FUNCTION = "lambda:CreateFunction": APPLY ["lambda:CreateFunction", "lambda:TagResource"] FUNCTIONS APPLY ["iam:PassRole"] ROLES_FOR_LAMBDA APPLY ["iam:PassRole"] EXISTING_ROLES_FOR_LAMBDA;
    UPDATE_FUNCTION_CODE = "lambda:UpdateFunctionCode": APPLY ["lambda:UpdateFunctionCode"] FUNCTIONS;
    UPDATE_FUNCTION_CONFIGURATION = "lambda:UpdateFunctionConfiguration": APPLY ["lambda:UpdateFunctionConfiguration"] FUNCTIONS APPLY ["iam:PassRole"] ROLES_FOR_LAMBDA APPLY ["iam:PassRole"] EXISTING_ROLES_FOR_LAMBDA;
    ADD_PERMISSION = "lambda:AddPermission": APPLY ["lambda:AddPermission"] FUNCTIONS;
    REMOVE_PERMISSION = "lambda:RemovePermission": APPLY ["lambda:RemovePermission"] FUNCTIONS;
    // Only of functions that events call.
    GET_FUNCTION_EVENT_INVOKE_CONFIG = "lambda:GetFunctionEventInvokeConfig": LOOK ["lambda:GetFunctionEventInvokeConfig"] FUNCTIONS;
    PUT_FUNCTION_EVENT_INVOKE_CONFIG = "lambda:PutFunctionEventInvokeConfig": APPLY ["lambda:PutFunctionEventInvokeConfig"] CALLED_FUNCTIONS;
    DELETE_FUNCTION_EVENT_INVOKE_CONFIG = "lambda:DeleteFunctionEventInvokeConfig": APPLY ["lambda:DeleteFunctionEventInvokeConfig"] FUNCTIONS;
    // `verify --events` delivers events.
    INVOKE = "lambda:Invoke": VERIFY ["lambda:InvokeFunction"] CALLED_FUNCTIONS;
    TAG_RESOURCE = "lambda:TagResource": APPLY_OR_ADOPT ["lambda:TagResource"] FUNCTIONS;
    UNTAG_RESOURCE = "lambda:UntagResource": APPLY_OR_ADOPT ["lambda:UntagResource"] FUNCTIONS;
    DELETE_FUNCTION = "lambda:DeleteFunction": APPLY ["lambda:DeleteFunction"] FUNCTIONS;
}
