//! The operations of CloudWatch Logs, and how it answers.

use stackctl_aws_client::request::operation::{
    ANYTHING, APPLY, APPLY_OR_ADOPT, Class, LOOK, Meaning, READ_LOGS, Rate, Scope, Service, Target,
    operations,
};
use stackctl_aws_data::account::{log_group_name, with_prefix};

/// Amazon CloudWatch Logs.
pub static LOGS: Service = Service {
    meanings: &[
        Meaning::of("ResourceAlreadyExistsException", "", Class::Exists),
        Meaning::of("OperationAbortedException", "", Class::Busy),
    ],
    // LOG-09
    rates: |operation| match operation {
        "FilterLogEvents" => vec![Rate { of: "logs:FilterLogEvents", burst: 5, per_second: 5.0 }],
        _ => Vec::new(),
    },
    ..Service::new()
};

/// The log groups of the stack's functions. Some actions are asked about the group's streams (LOG-05).
static LOG_GROUPS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let functions = with_prefix(&stack.name, account.function_names(stack));
        let arns = functions.iter().flat_map(|it| {
            let group = account.log_group_arn(&log_group_name(it)).0;
            let streams = (!it.ends_with('*')).then(|| format!("{group}:*"));
            [Some(group), streams]
        });
        arns.flatten().collect()
    },
    ..Target::new("LogGroups")
};

/// The log groups of functions that others made and the stack uses.
static EXISTING_LOG_GROUPS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let groups = stack.existing_functions.values().map(|it| log_group_name(it.as_str()));
        groups.map(|it| account.log_group_arn(&it).0).flat_map(|it| [format!("{it}:*"), it]).collect()
    },
    ..Target::new("ExistingLogGroups")
};

operations! {
    &LOGS;
    DESCRIBE_LOG_GROUPS = "logs:DescribeLogGroups": LOOK ["logs:DescribeLogGroups"] ANYTHING;
    LIST_TAGS_FOR_RESOURCE = "logs:ListTagsForResource": LOOK ["logs:ListTagsForResource"] LOG_GROUPS;
    CREATE_LOG_GROUP = "logs:CreateLogGroup": APPLY ["logs:CreateLogGroup", "logs:TagResource"] LOG_GROUPS;
    PUT_RETENTION_POLICY = "logs:PutRetentionPolicy": APPLY ["logs:PutRetentionPolicy"] LOG_GROUPS;
    TAG_RESOURCE = "logs:TagResource": APPLY_OR_ADOPT ["logs:TagResource"] LOG_GROUPS;
    UNTAG_RESOURCE = "logs:UntagResource": APPLY_OR_ADOPT ["logs:UntagResource"] LOG_GROUPS;
    FILTER_LOG_EVENTS = "logs:FilterLogEvents": READ_LOGS ["logs:FilterLogEvents"] LOG_GROUPS READ_LOGS ["logs:FilterLogEvents"] EXISTING_LOG_GROUPS;
    DELETE_LOG_GROUP = "logs:DeleteLogGroup": APPLY ["logs:DeleteLogGroup"] LOG_GROUPS;
}
