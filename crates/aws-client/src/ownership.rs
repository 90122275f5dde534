//! Whether a resource that has a desired name belongs to this stack.

use stackctl_aws_data::{
    tag_command::TagCommand,
    tags::{Owner, Tags},
};

use crate::{clients::Aws, request::error::AwsError};

/// The owner of a resource with these tags.
pub fn owner(tags: &Tags, aws: &Aws) -> Owner {
    tags.owner(aws.account.stack.as_str())
}

/// Whether a resource with these tags is this stack's.
pub fn is_own(tags: &Tags, aws: &Aws) -> bool {
    owner(tags, aws) == Owner::ThisStack
}

/// Fails unless the owner of a resource is this stack. The error contains the commands that give the resource `tags`;
/// `id` is its name or its ARN, as the command takes it.
///
/// # Errors
/// [`AwsError::NotOurs`].
pub fn require_own(
    owner: &Owner,
    command: &TagCommand,
    name: &str,
    id: &str,
    tags: &Tags,
    aws: &Aws,
) -> Result<(), AwsError> {
    match owner {
        Owner::ThisStack => Ok(()),
        Owner::Other(owner) => Err(AwsError::NotOurs {
            what: command.what,
            name: name.to_owned(),
            owner: owner.clone(),
            tag: format!(
                "take it into the stack with `stackctl adopt {} {name}`, or choose another name; if it is this stack's \
                 and has lost its tags, give them back with the command below
{}",
                tags.address().unwrap_or_default(),
                command.text(id, tags, &aws.cli())
            ),
        }),
    }
}
