//! Reading log groups.

use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::tags::Tags;

use super::{
    model::{Live, LogGroupSettings},
    operations,
};

/// Reads the tags of a listed log group; `None` if it does not exist any more.
pub async fn read(name: &str, retention: Option<i32>, aws: &Aws) -> Result<Option<Live>, AwsError> {
    let arn = aws.account.log_group_arn(name);
    let ask = || aws.logs.list_tags_for_resource().resource_arn(&arn.0).send();
    let Some(found) = if_there(wait::read(&operations::LIST_TAGS_FOR_RESOURCE, ask).await)? else {
        return Ok(None);
    };
    let tags = found.tags.unwrap_or_default();
    let has_no_tags = tags.is_empty();
    let settings = LogGroupSettings { retention, tags: Tags::read(tags) };
    Ok(Some(Live { name: name.to_owned(), arn, settings, has_no_tags }))
}
