//! The groups of a user pool. The table's stack has none, so these rows have a stack of their own.

use stackctl_aws_client::clients::Clients;

use super::{Names, Row, STACK, send};

/// The stack of these rows.
pub fn stack() -> String {
    STACK.replace("    clients: { web: {} }\n", "    clients: { web: {} }\n    groups: [admins, team-a]\n")
}

pub const ROWS: &[Row] = &[
    Row(
        "group: deleted",
        |aws, it| {
            send!(aws.cognito.delete_group().user_pool_id(&it.pool).group_name("team-a"));
        },
        &["user_pool_group.users/team-a: create"],
    ),
    Row(
        "group: one that was the stack's",
        |aws, it| {
            let marker = format!("Made by stackctl for the stack {}", aws.stack);
            create(aws, it, "former", &marker);
        },
        &["user_pool_group.users/former: delete"],
    ),
    Row("group: one of others", |aws, it| create(aws, it, "theirs", "Made by hand"), &[]),
    Row(
        "group: made by others in place of the stack's",
        |aws, it| {
            send!(aws.cognito.delete_group().user_pool_id(&it.pool).group_name("admins"));
            create(aws, it, "admins", "Made by hand");
        },
        &[],
    ),
];

fn create(aws: &Clients, it: &Names, name: &str, description: &str) {
    send!(aws.cognito.create_group().user_pool_id(&it.pool).group_name(name).description(description));
}
