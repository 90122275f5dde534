//! A role that others made and a function of the stack runs as: what is read of it, and what the stack needs of it.

use std::collections::BTreeSet;

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, PolicyEvaluationDecisionType};
use serde_json::Value;
use stackctl_aws_client::{
    clients::Aws,
    existing::{Found, Used},
    request::{error::AwsError, wait},
};
use stackctl_aws_data::{
    account::Arn,
    desired::{
        existing::Need,
        existing_role::{Denied, RoleNeeds},
        role,
    },
    policy,
};
use stackctl_engine::Observed;
use stackctl_stackfile::grants::BucketGrants;

use crate::{
    function_listing::{self as listing, Listing},
    role::{Outputs, operations},
};

/// A role that others made.
pub struct ExistingRole {
    /// Its name.
    pub name: String,
    /// The grants of the function, by the ARN of the bucket.
    pub grants: Vec<(Arn, BucketGrants)>,
    /// The log group that the function writes to.
    pub log_group: Arn,
}

impl Used for ExistingRole {
    const KIND: &'static str = "role";
    type Listing = Listing;
    type Outputs = Outputs;

    fn name(&self) -> String {
        self.name.clone()
    }

    /// A destroy does not need the role's path and id.
    async fn outputs(&self, _: &Observed, aws: &Aws) -> Result<Outputs, AwsError> {
        Ok(Outputs { arn: aws.account.role_arn_at(&format!("/{}", self.name)), id: String::new() })
    }

    async fn find(&self, observed: &Observed, aws: &Aws) -> Result<Found<Outputs>, AwsError> {
        let needs = RoleNeeds { name: &self.name, cli: &aws.cli() };
        let Some(found) = listing::role(&self.name, aws).await? else {
            let outputs = self.outputs(observed, aws).await?;
            let missing = vec![needs.absent(&aws.account.id)];
            return Ok(Found { missing, ..Found::with(outputs) });
        };
        let outputs = Outputs { arn: Arn(found.arn), id: found.role_id };
        let trust = found.assume_role_policy_document.unwrap_or_default();
        let untrusting = needs.untrusting(&trust).map_err(|error| {
            AwsError::unreadable(format!("the trust policy of the role {}", self.name), error)
        })?;
        let mut missing: Vec<Need> = untrusting.into_iter().collect();
        let denied = self.denied(&outputs.arn, aws).await?;
        let unchecked = denied.is_none().then(|| UNCHECKED.to_owned());
        missing.extend(denied.flatten());
        Ok(Found { missing, unchecked, ..Found::with(outputs) })
    }
}

impl ExistingRole {
    /// What its policies do not allow of what the function does, by IAM's own simulation (IAM-32); `None`: the credentials
    /// may not simulate.
    async fn denied(&self, Arn(arn): &Arn, aws: &Aws) -> Result<Option<Option<Need>>, AwsError> {
        let policy = role::policy(&self.grants, None, &[], &self.log_group);
        let mut denied: Vec<Denied> = Vec::new();
        for statement in policy::statements(&policy.document()).unwrap_or_default() {
            let texts = |name: &str| -> Vec<String> {
                let all = statement.get(name).and_then(Value::as_array).into_iter().flatten();
                all.filter_map(Value::as_str).map(str::to_owned).collect()
            };
            let (actions, resources) = (texts("Action"), texts("Resource"));
            let prefix = &statement.get("Condition").unwrap_or(&Value::Null)["StringLike"]["s3:prefix"][0];
            let context = prefix.as_str().map(|it| {
                ContextEntry::builder()
                    .context_key_name("s3:prefix")
                    .context_key_type(ContextKeyTypeEnum::String)
                    .context_key_values(it.replace('*', "x"))
                    .build()
            });
            // A name stands for the pattern.
            let tried: Vec<String> = resources.iter().map(|it| it.replace('*', "x")).collect();
            let ask = || {
                let simulate = aws.iam.simulate_principal_policy().policy_source_arn(arn);
                let simulate = simulate.set_action_names(Some(actions.clone()));
                let simulate = simulate.set_resource_arns(Some(tried.clone()));
                simulate.set_context_entries(context.clone().map(|it| vec![it])).send()
            };
            let answer = match wait::read(&operations::SIMULATE_PRINCIPAL_POLICY, ask).await {
                Err(error) if error.answer().is_some_and(|it| it.status == 403) => return Ok(None),
                answer => answer?,
            };
            let results = answer.evaluation_results.unwrap_or_default();
            let refused =
                results.iter().filter(|it| it.eval_decision != PolicyEvaluationDecisionType::Allowed);
            let actions: BTreeSet<String> = refused.map(|it| it.eval_action_name.clone()).collect();
            if !actions.is_empty() {
                denied.push((actions, resources));
            }
        }
        let needs = RoleNeeds { name: &self.name, cli: &aws.cli() };
        Ok(Some(needs.not_allowed(&denied, &policy)))
    }
}

const UNCHECKED: &str = "not checked: whether its policies allow what the function does, because the credentials in use may \
                         not do iam:SimulatePrincipalPolicy on it";
