//! The role.

use stackctl_aws_client::clients::Clients;

use super::{Names, Row, send};

/// A role with the same name, path and tags that is another one.
pub const MADE_AGAIN: &str = "role: made again";

pub const ROWS: &[Row] = &[
    Row(
        "role: trust changed",
        |aws, it| {
            let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
            send!(aws.iam.update_assume_role_policy().role_name(&it.role).policy_document(trust));
        },
        &["role.presign: trust, trust"],
    ),
    Row(
        "role: policy opened",
        |aws, it| {
            let policy =
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
            send!(
                aws.iam.put_role_policy().role_name(&it.role).policy_name("stackctl").policy_document(policy)
            );
        },
        &["role.presign: policy, policy, policy"],
    ),
    Row(
        "role: a boundary put",
        |aws, it| {
            let boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
            send!(aws.iam.put_role_permissions_boundary().role_name(&it.role).permissions_boundary(boundary));
        },
        &["role.presign: boundary"],
    ),
    Row(
        "role: policy deleted",
        |aws, it| drop(send!(aws.iam.delete_role_policy().role_name(&it.role).policy_name("stackctl"))),
        &["role.presign: policy, policy"],
    ),
    Row(
        "role: another policy put",
        |aws, it| {
            let policy =
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
            send!(aws.iam.put_role_policy().role_name(&it.role).policy_name("more").policy_document(policy));
        },
        &["role.presign: inline_policies"],
    ),
    Row(
        "role: a managed policy attached",
        |aws, it| {
            send!(
                aws.iam
                    .attach_role_policy()
                    .role_name(&it.role)
                    .policy_arn("arn:aws:iam::aws:policy/AdministratorAccess")
            );
        },
        &["role.presign: managed_policies"],
    ),
    Row(
        "role: a tag changed",
        |aws, it| {
            let tag = aws_sdk_iam::types::Tag::builder().key("team").value("other").build().unwrap();
            send!(aws.iam.tag_role().role_name(&it.role).tags(tag));
        },
        &["role.presign: tags.team"],
    ),
    Row(
        "role: a tag added",
        |aws, it| {
            let tag = aws_sdk_iam::types::Tag::builder().key("cost").value("1").build().unwrap();
            send!(aws.iam.tag_role().role_name(&it.role).tags(tag));
        },
        &["role.presign: tags.cost"],
    ),
    Row("role: deleted", delete, &["role.presign: create, policy, policy", "function.presign: role"]),
    Row(
        MADE_AGAIN,
        |aws, it| {
            let role = send!(aws.iam.get_role().role_name(&it.role)).role.unwrap();
            delete(aws, it);
            let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
            let create = aws.iam.create_role().role_name(&it.role).path(role.path);
            send!(create.assume_role_policy_document(trust).set_tags(role.tags));
        },
        &["role.presign: policy, policy", "function.presign: role"],
    ),
];

fn delete(aws: &Clients, it: &Names) {
    send!(aws.iam.delete_role_policy().role_name(&it.role).policy_name("stackctl"));
    send!(aws.iam.delete_role().role_name(&it.role));
}
