//! Reads the live role.

use aws_sdk_iam::types::{Role, Tag};
use stackctl_aws_client::{clients::Aws, request::error::AwsError};
use stackctl_aws_data::{
    account::Arn,
    policy::Policy,
    tags::{Owner, Tags},
};

use super::{
    model::{Live, RoleSettings},
    policies,
};
use crate::function_listing as listing;

/// Reads a role and its policies; `None` if it does not exist.
pub async fn read(name: &str, aws: &Aws) -> Result<Option<(Live, Owner)>, AwsError> {
    match listing::role(name, aws).await? {
        Some(role) => with_policies(role, aws).await.map(Some),
        None => Ok(None),
    }
}

/// Reads the policies of a role that was read.
pub async fn with_policies(role: Role, aws: &Aws) -> Result<(Live, Owner), AwsError> {
    let name = role.role_name.clone();
    let (policy, (mut live, owner)) =
        tokio::try_join!(policies::read(&name, aws), with_policy_names(role, aws))?;
    live.settings.surplus.remove(policies::NAME);
    live.settings.policy = policy;
    Ok((live, owner))
}

/// Reads the names of a role's policies. All count as surplus, since a role is deleted only without policies (IAM-03).
pub async fn with_policy_names(role: Role, aws: &Aws) -> Result<(Live, Owner), AwsError> {
    let name = &role.role_name;
    let (surplus, attached) = tokio::try_join!(policies::inline(name, aws), policies::attached(name, aws))?;
    let trust = Policy::decode(role.assume_role_policy_document.as_deref().unwrap_or("{}"))
        .map_err(|error| AwsError::unreadable(format!("the trust policy of the role {name}"), error))?;
    let boundary = role.permissions_boundary.and_then(|it| it.permissions_boundary_arn);
    let tags = role.tags.unwrap_or_default();
    let settings = RoleSettings {
        elsewhere: Some(role.path).filter(|path| *path != aws.account.role_path()),
        boundary: boundary.map(Arn),
        trust,
        policy: None,
        surplus,
        attached,
        tags: Tags::read(tags.into_iter().map(|Tag { key, value, .. }| (key, value))),
    };
    let owner = settings.tags.owner_in(aws.account.stack.as_str(), aws.account.region.as_str());
    Ok((Live { name: role.role_name, arn: Arn(role.arn), id: role.role_id, settings }, owner))
}
