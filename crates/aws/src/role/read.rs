//! Reading roles.

use aws_sdk_iam::types::Tag;

use super::{Live, Settings, policies};
use crate::{
    account::Arn,
    clients::Aws,
    error::AwsError,
    policy::Policy,
    tags::{Owner, Tags},
    wait,
};

/// Whether there is a role of this name, at any path.
pub async fn exists(name: &str, aws: &Aws) -> Result<bool, AwsError> {
    match wait::read("iam:GetRole", || aws.iam.get_role().role_name(name).send()).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_gone() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads everything of a role at once; none when it does not exist.
pub async fn read(name: &str, aws: &Aws) -> Result<Option<(Live, Owner)>, AwsError> {
    let (role, policy, mut surplus, attached) = tokio::join!(
        wait::read("iam:GetRole", || aws.iam.get_role().role_name(name).send()),
        policies::read(name, aws),
        policies::inline(name, aws),
        policies::attached(name, aws),
    );
    let role = match role {
        Ok(found) => found.role,
        Err(error) if error.is_gone() => None,
        Err(error) => return Err(error),
    };
    let Some(role) = role else { return Ok(None) };
    if let Ok(names) = &mut surplus {
        names.remove(policies::NAME);
    }
    let trust = Policy::decode(role.assume_role_policy_document.as_deref().unwrap_or("{}"))
        .map_err(|error| AwsError::unreadable(format!("the trust policy of the role {name}"), error))?;
    let tags = role.tags.unwrap_or_default();
    let settings = Settings {
        elsewhere: Some(role.path).filter(|path| *path != aws.account.role_path()),
        trust,
        policy: policy?,
        surplus: surplus?,
        attached: attached?,
        tags: Tags::read(tags.into_iter().map(|Tag { key, value, .. }| (key, value))),
    };
    let owner = settings.tags.owner(aws.account.stack.as_str());
    Ok(Some((Live { name: role.role_name, arn: Arn(role.arn), settings }, owner)))
}
