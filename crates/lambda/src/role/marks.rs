//! The tags by which a role is a stack's.

use aws_sdk_iam::{error::BuildError, types::Tag};
use stackctl_aws_client::{
    adopting::Found,
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::tags::{TagChange, Tags};
use stackctl_engine::Reporter;

use super::operations;
use crate::function_listing as listing;

/// Finds a role by its name; `None` if it does not exist.
///
/// # Errors
/// IAM's.
pub async fn find(name: &str, aws: &Aws) -> Result<Option<Found>, AwsError> {
    let role = listing::role(name, aws).await?;
    Ok(role.map(|role| Found {
        name: role.role_name.clone(),
        id: role.role_name,
        tags: Tags(
            role.tags.unwrap_or_default().into_iter().map(|Tag { key, value, .. }| (key, value)).collect(),
        ),
    }))
}

/// Changes the tags of a role, and keeps all others.
///
/// # Errors
/// IAM's.
pub async fn change(role: &str, change: &TagChange, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let iam = &aws.iam;
    match change {
        TagChange::Set { from: _, to } => {
            let tags = list(to)?;
            let tag = || iam.tag_role().role_name(role).set_tags(Some(tags.clone())).send();
            wait::change(&operations::TAG_ROLE, reporter, tag).await.map(drop)
        }
        TagChange::Remove { from: _, keys } => {
            let untag = || iam.untag_role().role_name(role).set_tag_keys(Some(keys.clone())).send();
            wait::write(&operations::UNTAG_ROLE, reporter, untag).await.map(drop)
        }
    }
}

/// Tags as IAM takes them.
pub(super) fn list(tags: &Tags) -> Result<Vec<Tag>, AwsError> {
    let tags: Result<_, BuildError> =
        tags.0.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    tags.map_err(|error| AwsError::unreadable("tags", error))
}
