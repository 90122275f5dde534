//! The secret of a webhook. The table's stack has none, so these rows have a stack of their own.

use aws_sdk_ssm::types::{ParameterType, ResourceTypeForTagging, Tag};
use stackctl_aws_client::clients::Clients;

use super::{Row, STACK, send};

/// The stack of these rows.
pub fn stack() -> String {
    with_webhook(STACK)
}

/// A stack with a webhook of its bucket.
pub fn with_webhook(stack: &str) -> String {
    let webhook = "    on_destroy: empty\n    webhook: { url: https://example.com/hooks }\n";
    stack.replace("    on_destroy: empty\n", webhook)
}

pub const ROWS: &[Row] = &[
    Row(
        "secret: deleted",
        |aws, _| drop(send!(aws.ssm.delete_parameter().name(name(aws)))),
        &["secret.uploads-webhook: create"],
    ),
    Row(
        "secret: a tag changed and one added",
        |aws, _| {
            let tag = |key, value| Tag::builder().key(key).value(value).build().unwrap();
            let add = aws.ssm.add_tags_to_resource().resource_type(ResourceTypeForTagging::Parameter);
            send!(add.resource_id(name(aws)).tags(tag("team", "other")).tags(tag("by", "hand")));
        },
        &["secret.uploads-webhook: tags.team, tags.by"],
    ),
    Row(
        "secret: another value",
        |aws, _| {
            let put = aws.ssm.put_parameter().name(name(aws)).r#type(ParameterType::SecureString);
            send!(put.value("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").overwrite(true));
        },
        // The value is never read, and may come from a rotation.
        &[],
    ),
];

fn name(aws: &Clients) -> String {
    format!("/stackctl/{}/uploads/webhook", aws.stack)
}
