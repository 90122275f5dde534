//! The tags by which a function is a stack's.

use stackctl_aws_client::{
    adopting::Found,
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::tags::{TagChange, Tags};
use stackctl_engine::Reporter;

use crate::{function::operations, function_listing as listing};

/// Finds a function by its name; `None` if it does not exist.
///
/// # Errors
/// Lambda's.
pub async fn find(name: &str, aws: &Aws) -> Result<Option<Found>, AwsError> {
    let function = listing::function(name, aws).await?;
    Ok(function.map(|function| Found {
        name: name.to_owned(),
        id: name.to_owned(),
        tags: Tags(function.tags.unwrap_or_default().into_iter().collect()),
    }))
}

/// Changes the tags of a function, and keeps all others.
///
/// # Errors
/// Lambda's.
pub async fn change(name: &str, change: &TagChange, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let arn = aws.account.function_arn(name).0;
    match change {
        TagChange::Set { from: _, to } => {
            let tag = || aws.lambda.tag_resource().resource(&arn).set_tags(Some(to.to_map())).send();
            wait::change(&operations::TAG_RESOURCE, reporter, tag).await.map(drop)
        }
        TagChange::Remove { from: _, keys } => {
            let untag = || aws.lambda.untag_resource().resource(&arn).set_tag_keys(Some(keys.clone())).send();
            wait::write(&operations::UNTAG_RESOURCE, reporter, untag).await.map(drop)
        }
    }
}
