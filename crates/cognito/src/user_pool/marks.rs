//! The tags by which a user pool is a stack's.

use futures_util::future::try_join_all;
use stackctl_aws_client::{
    adopting::Found,
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::tags::{TagChange, Tags};
use stackctl_engine::{Reporter, Resource};

use super::{
    model::{Listed, Named, UserPool},
    operations,
};

/// Finds the user pool of the region with an id, or the pools with a name.
///
/// # Errors
/// Cognito's, and a pool of another region.
pub async fn find(name_or_id: &str, aws: &Aws) -> Result<Vec<Found>, AwsError> {
    let Listed(all) = UserPool::list(aws).await?;
    let by_id = all.iter().find(|it| it.id == name_or_id);
    let named: Vec<&Named> = match by_id {
        Some(one) => vec![one],
        None => all.iter().filter(|it| it.name == name_or_id).collect(),
    };
    if named.is_empty() {
        unless_elsewhere(name_or_id, aws)?;
    }
    let found = try_join_all(named.into_iter().map(async |Named { id, name }| {
        let ask = || aws.cognito.describe_user_pool().user_pool_id(id).send();
        let found = if_there(wait::read(&operations::DESCRIBE_USER_POOL, ask).await)?;
        Ok(found.and_then(|it| it.user_pool).map(|pool| Found {
            name: name.clone(),
            id: id.clone(),
            tags: Tags(pool.user_pool_tags.unwrap_or_default().into_iter().collect()),
        }))
    }));
    Ok(found.await?.into_iter().flatten().collect())
}

/// Fails if this is an id of another region: an id begins with its region.
fn unless_elsewhere(id: &str, aws: &Aws) -> Result<(), AwsError> {
    let region = id.split_once('_').map(|(region, _)| region).filter(|it| it.split('-').count() > 2);
    match region {
        Some(region) if region != aws.account.region.as_str() => Err(AwsError::Elsewhere {
            what: "the user pool",
            name: id.to_owned(),
            region: Some(region.to_owned()),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Changes the tags of the user pool with an id, and keeps all others.
///
/// # Errors
/// Cognito's.
pub async fn change(id: &str, change: &TagChange, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let (cognito, arn) = (&aws.cognito, aws.account.user_pool_arn(id).0);
    match change {
        TagChange::Set { from: _, to } => {
            let tag = || cognito.tag_resource().resource_arn(&arn).set_tags(Some(to.to_map())).send();
            wait::write(&operations::TAG_RESOURCE, reporter, tag).await.map(drop)
        }
        TagChange::Remove { from: _, keys } => {
            let untag =
                || cognito.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys.clone())).send();
            wait::write(&operations::UNTAG_RESOURCE, reporter, untag).await.map(drop)
        }
    }
}
