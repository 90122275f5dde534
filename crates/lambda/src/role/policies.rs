//! The policies of a role: its trust policy, its one inline policy, and those that others added.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
pub use stackctl_aws_data::desired::role::{POLICY as NAME, trust as lambda};
use stackctl_aws_data::{
    account::Arn,
    cli::Cli,
    policy::{Policy, open},
};
use stackctl_engine::{Exposure, Reporter, Step};

use super::model::Role;
use crate::role::operations;

/// The policy of the function's grants and of its log.
pub fn desired(role: &Role) -> Policy {
    stackctl_aws_data::desired::role::policy(
        &role.grants,
        role.keys.as_ref(),
        &role.parameters,
        &role.log_group,
    )
}

/// The trust policy that a role should have. An adopted role keeps the statements of others.
pub fn trusting(live: &Policy, is_adopted: bool) -> Policy {
    let own = lambda();
    if is_adopted { live.with(&own) } else { own }
}

/// The statements of a trust policy that let in callers of other accounts.
pub fn exposures(role: &str, trust: &Policy, account: &str, cli: &Cli) -> Vec<Exposure> {
    let all = trust.statements().iter().filter_map(|statement| {
        let who = open::lets_in(statement, account)?;
        let line = Policy::of([statement.clone()]).lines().join("; ");
        let rest = trust.only(|it| it != statement).document();
        let words =
            ["iam", "update-assume-role-policy", "--role-name", role, "--policy-document", rest.as_str()];
        Some(Exposure {
            what: format!("its trust policy lets in {who} ({line})"),
            close: cli.command(&words),
        })
    });
    all.collect()
}

/// The removed and the added statements.
pub fn changes(mut step: Step, field: &str, from: Option<&Policy>, to: &Policy) -> Step {
    let from = from.map(Policy::lines).unwrap_or_default();
    let to = to.lines();
    for line in from.iter().filter(|line| !to.contains(line)) {
        step = step.change(field, Some(line.clone()), None);
    }
    for line in to.iter().filter(|line| !from.contains(line)) {
        step = step.change(field, None, Some(line.clone()));
    }
    step
}

/// Reads the one policy.
pub async fn read(role: &str, aws: &Aws) -> Result<Option<Policy>, AwsError> {
    let ask = || aws.iam.get_role_policy().role_name(role).policy_name(NAME).send();
    let found = if_there(wait::read(&operations::GET_ROLE_POLICY, ask).await)?;
    let policy = found.map(|it| Policy::decode(&it.policy_document)).transpose();
    policy.map_err(|error| AwsError::unreadable(format!("the policy of the role {role}"), error))
}

/// The names of all inline policies.
pub async fn inline(role: &str, aws: &Aws) -> Result<BTreeSet<String>, AwsError> {
    let mut names = BTreeSet::new();
    let mut marker = None;
    loop {
        let ask = || aws.iam.list_role_policies().role_name(role).set_marker(marker.clone()).send();
        let page = wait::read(&operations::LIST_ROLE_POLICIES, ask).await?;
        names.extend(page.policy_names);
        marker = page.marker.filter(|_| page.is_truncated);
        if marker.is_none() {
            return Ok(names);
        }
    }
}

/// The names of attached managed policies, by ARN.
pub async fn attached(role: &str, aws: &Aws) -> Result<BTreeMap<Arn, String>, AwsError> {
    let mut all = BTreeMap::new();
    let mut marker = None;
    loop {
        let ask = || aws.iam.list_attached_role_policies().role_name(role).set_marker(marker.clone()).send();
        let page = wait::read(&operations::LIST_ATTACHED_ROLE_POLICIES, ask).await?;
        let policies = page.attached_policies.unwrap_or_default().into_iter();
        all.extend(policies.filter_map(|it| Some((Arn(it.policy_arn?), it.policy_name?))));
        marker = page.marker.filter(|_| page.is_truncated);
        if marker.is_none() {
            return Ok(all);
        }
    }
}

/// Writes the one policy.
pub async fn put(role: &str, policy: &Policy, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    wait::change(&operations::PUT_ROLE_POLICY, reporter, || {
        aws.iam.put_role_policy().role_name(role).policy_name(NAME).policy_document(policy.document()).send()
    })
    .await
    .map(drop)
}

/// Sets the permissions boundary.
pub async fn set_boundary(
    role: &str,
    boundary: &Arn,
    aws: &Aws,
    reporter: &Reporter,
) -> Result<(), AwsError> {
    wait::change(&operations::PUT_ROLE_PERMISSIONS_BOUNDARY, reporter, || {
        aws.iam.put_role_permissions_boundary().role_name(role).permissions_boundary(&boundary.0).send()
    })
    .await
    .map(drop)
}

/// Removes the permissions boundary; a role without one is success.
pub async fn remove_boundary(role: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let removed = wait::write(&operations::DELETE_ROLE_PERMISSIONS_BOUNDARY, reporter, || {
        aws.iam.delete_role_permissions_boundary().role_name(role).send()
    });
    if_there(removed.await).map(drop)
}

/// Deletes an inline policy; one that does not exist any more is success.
pub async fn delete(role: &str, policy: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let deleted = wait::write(&operations::DELETE_ROLE_POLICY, reporter, || {
        aws.iam.delete_role_policy().role_name(role).policy_name(policy).send()
    });
    if_there(deleted.await).map(drop)
}

/// Detaches a managed policy; one that is not attached any more is success.
pub async fn detach(role: &str, policy: &Arn, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let detached = wait::write(&operations::DETACH_ROLE_POLICY, reporter, || {
        aws.iam.detach_role_policy().role_name(role).policy_arn(&policy.0).send()
    });
    if_there(detached.await).map(drop)
}
