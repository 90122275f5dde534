//! The requests about secrets that never carry a value back.

use aws_sdk_ssm::types::{ParameterType, ResourceTypeForTagging, Tag};
use stackctl_aws_client::{
    adopting::Found,
    clients::Aws,
    lock::operations::{DELETE_PARAMETER, PUT_PARAMETER},
    ownership::{owner, require_own},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    tag_command,
    tags::{TagChange, Tags},
    webhook_secret::WebhookSecret,
};
use stackctl_engine::Reporter;

use super::{
    model::{Live, Secret, no_randomness},
    operations,
};

/// Reads the tags of a secret; `None` if it does not exist. The value stays in Systems Manager.
///
/// # Errors
/// SSM's.
pub async fn read(name: &str, aws: &Aws) -> Result<Option<Live>, AwsError> {
    let tags = tags(name, aws).await?;
    Ok(tags.map(|Tags(tags)| Live {
        name: name.to_owned(),
        tags: Tags::read(tags.into_iter().chain(aws.adopted_tags("secret", name))),
    }))
}

async fn tags(name: &str, aws: &Aws) -> Result<Option<Tags>, AwsError> {
    let parameter = ResourceTypeForTagging::Parameter;
    let list = aws.ssm.list_tags_for_resource().resource_type(parameter).resource_id(name);
    let found = if_there(wait::read(&operations::LIST_TAGS_FOR_RESOURCE, || list.clone().send()).await)?;
    Ok(found
        .map(|it| Tags(it.tag_list.unwrap_or_default().into_iter().map(|it| (it.key, it.value)).collect())))
}

/// Finds a secret by its name; `None` if it does not exist.
///
/// # Errors
/// SSM's.
pub async fn find(name: &str, aws: &Aws) -> Result<Option<Found>, AwsError> {
    let tags = tags(name, aws).await?;
    Ok(tags.map(|tags| Found { name: name.to_owned(), id: name.to_owned(), tags }))
}

/// Adds or removes tags.
///
/// # Errors
/// SSM's.
pub async fn change_tags(
    name: &str,
    change: &TagChange,
    aws: &Aws,
    reporter: &Reporter,
) -> Result<(), AwsError> {
    let parameter = ResourceTypeForTagging::Parameter;
    match change {
        TagChange::Set { from: _, to } => {
            let add = aws.ssm.add_tags_to_resource().resource_type(parameter).resource_id(name);
            let add = add.set_tags(Some(tag_list(to)?));
            let sent = wait::change(&operations::ADD_TAGS_TO_RESOURCE, reporter, || add.clone().send());
            sent.await.map(drop)
        }
        TagChange::Remove { from: _, keys } => {
            let remove = aws.ssm.remove_tags_from_resource().resource_type(parameter).resource_id(name);
            let remove = remove.set_tag_keys(Some(keys.clone()));
            let sent =
                wait::write(&operations::REMOVE_TAGS_FROM_RESOURCE, reporter, || remove.clone().send());
            sent.await.map(drop)
        }
    }
}

/// Deletes a secret; one that does not exist any more is success.
///
/// # Errors
/// SSM's.
pub async fn delete(name: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let deleted =
        wait::write(&DELETE_PARAMETER, reporter, || aws.ssm.delete_parameter().name(name).send()).await;
    if_there(deleted).map(drop)
}

fn tag_list(Tags(tags): &Tags) -> Result<Vec<Tag>, AwsError> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let all: Result<_, _> = tags.iter().map(tag).collect();
    all.map_err(|error| AwsError::unreadable("tags", error))
}

impl Secret {
    pub(super) async fn create(&self, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let value = WebhookSecret::fresh().map_err(no_randomness)?.value();
        let put = aws.ssm.put_parameter().name(&self.name).r#type(ParameterType::SecureString).value(value);
        let put = put.set_tags(Some(tag_list(&self.tags)?));
        wait::until(reporter, &operations::SECRET_CREATED, async || {
            match wait::write(&PUT_PARAMETER, reporter, || put.clone().send()).await {
                Ok(_) => Ok(Ok(Live { name: self.name.clone(), tags: self.tags.clone() })),
                // An earlier attempt whose response was lost created it, or its name is not free yet.
                Err(error) if error.is_there_already() => {
                    let found = read(&self.name, aws).await?.map(|live| self.own(live, aws));
                    found.transpose().map(|live| live.ok_or(wait::UNSEEN))
                }
                Err(error) => Err(error),
            }
        })
        .await
    }

    /// Fails unless the parameter is this stack's.
    pub(super) fn own(&self, live: Live, aws: &Aws) -> Result<Live, AwsError> {
        let (owner, tags) = (owner(&live.tags, aws), self.tags.of_owner());
        require_own(&owner, &tag_command::PARAMETER, &self.name, &self.name, &tags, aws).map(|()| live)
    }
}
