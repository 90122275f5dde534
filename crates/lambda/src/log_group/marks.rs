//! The tags by which a log group is a stack's.

use stackctl_aws_client::{
    adopting::Found,
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::tags::TagChange;
use stackctl_engine::Reporter;

use super::{operations, read};

/// Finds a log group by its name; `None` if it does not exist.
///
/// # Errors
/// Those of CloudWatch Logs.
pub async fn find(name: &str, aws: &Aws) -> Result<Option<Found>, AwsError> {
    let tags = read::tags(name, aws).await?;
    Ok(tags.map(|tags| Found { name: name.to_owned(), id: name.to_owned(), tags }))
}

/// Changes the tags of a log group, and keeps all others.
///
/// # Errors
/// Those of CloudWatch Logs.
pub async fn change(name: &str, change: &TagChange, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let arn = aws.account.log_group_arn(name).0;
    match change {
        TagChange::Set { from: _, to } => {
            let tag = || aws.logs.tag_resource().resource_arn(&arn).set_tags(Some(to.to_map())).send();
            wait::change(&operations::TAG_RESOURCE, reporter, tag).await.map(drop)
        }
        TagChange::Remove { from: _, keys } => {
            let untag =
                || aws.logs.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys.clone())).send();
            wait::write(&operations::UNTAG_RESOURCE, reporter, untag).await.map(drop)
        }
    }
}
