//! The log group.

use super::{Row, send};

pub const ROWS: &[Row] = &[
    Row(
        "log group: retention changed",
        |aws, it| drop(send!(aws.logs.put_retention_policy().log_group_name(&it.group).retention_in_days(1))),
        &["log_group.presign: log_retention"],
    ),
    Row(
        "log group: retention deleted",
        |aws, it| drop(send!(aws.logs.delete_retention_policy().log_group_name(&it.group))),
        &["log_group.presign: log_retention"],
    ),
    Row(
        "log group: a tag changed",
        |aws, it| {
            let arn = format!("arn:aws:logs:eu-west-1:000000000000:log-group:{}", it.group);
            send!(aws.logs.tag_resource().resource_arn(arn).tags("team", "other"));
        },
        &["log_group.presign: tags.team"],
    ),
    Row(
        "log group: deleted",
        |aws, it| drop(send!(aws.logs.delete_log_group().log_group_name(&it.group))),
        &["log_group.presign: create, log_retention"],
    ),
];
