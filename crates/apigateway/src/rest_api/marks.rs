//! The tags by which a REST API is a stack's.

use aws_sdk_apigateway::types::RestApi as Listed;
use stackctl_aws_client::{
    adopting::Found,
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::{
    account::Arn,
    tags::{TagChange, Tags},
};
use stackctl_engine::{Reporter, Resource};

use super::{model::RestApi, operations};

/// Finds the REST API of the region with an id, or the APIs with a name.
///
/// # Errors
/// API Gateway's.
pub async fn find(name_or_id: &str, aws: &Aws) -> Result<Vec<Found>, AwsError> {
    let all = RestApi::list(aws).await?;
    let named: Vec<&Listed> = match all.iter().find(|it| it.id() == Some(name_or_id)) {
        Some(one) => vec![one],
        None => all.iter().filter(|it| it.name() == Some(name_or_id)).collect(),
    };
    let found = named.into_iter().map(|it| Found {
        name: it.name().unwrap_or_default().to_owned(),
        id: it.id().unwrap_or_default().to_owned(),
        tags: Tags(it.tags.clone().unwrap_or_default().into_iter().collect()),
    });
    Ok(found.collect())
}

/// Changes the tags of the API with an id, and keeps all others.
///
/// # Errors
/// API Gateway's.
pub async fn change(id: &str, change: &TagChange, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    change_at(&aws.account.api_arn(id), change, aws, reporter).await
}

/// Changes the tags of an API or of a stage.
pub(super) async fn change_at(
    Arn(arn): &Arn,
    change: &TagChange,
    aws: &Aws,
    reporter: &Reporter,
) -> Result<(), AwsError> {
    let api_gateway = &aws.apigateway;
    match change {
        TagChange::Set { from: _, to } => {
            let tag = || api_gateway.tag_resource().resource_arn(arn).set_tags(Some(to.to_map())).send();
            wait::write(&operations::TAG_RESOURCE, reporter, tag).await.map(drop)
        }
        TagChange::Remove { from: _, keys } => {
            let untag =
                || api_gateway.untag_resource().resource_arn(arn).set_tag_keys(Some(keys.clone())).send();
            wait::write(&operations::UNTAG_RESOURCE, reporter, untag).await.map(drop)
        }
    }
}
