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

/// Reads a listed log group; `None` if it does not exist any more.
pub async fn read(name: &str, retention: Option<i32>, aws: &Aws) -> Result<Option<Live>, AwsError> {
    let Some(Tags(mut tags)) = tags(name, aws).await? else { return Ok(None) };
    tags.extend(aws.adopted_tags("log_group", name));
    let has_no_tags = tags.is_empty();
    let settings = LogGroupSettings { retention, tags: Tags::read(tags) };
    let arn = aws.account.log_group_arn(name);
    Ok(Some(Live { name: name.to_owned(), arn, settings, has_no_tags }))
}

/// Reads the tags of a log group, AWS's own among them; `None` if it does not exist.
pub(super) async fn tags(name: &str, aws: &Aws) -> Result<Option<Tags>, AwsError> {
    let arn = aws.account.log_group_arn(name);
    let ask = || aws.logs.list_tags_for_resource().resource_arn(&arn.0).send();
    let found = if_there(wait::read(&operations::LIST_TAGS_FOR_RESOURCE, ask).await)?;
    Ok(found.map(|it| Tags(it.tags.unwrap_or_default().into_iter().collect())))
}
