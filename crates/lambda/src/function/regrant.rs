//! Gives a function whose role was recreated an interim role and then its own: Lambda lets a role read the function's
//! variables when the function changes to that role from another (LAM-40). The rest of the function does not change.
//!
//! A run that ends in between leaves a function with the interim role, which the next run replaces, and that role
//! as an orphan, which the next run deletes.

use std::collections::BTreeMap;

use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::{account::log_group_name, tags::Tags};
use stackctl_engine::{Aim, Known, Reporter, Resource};

use super::{
    calls::delete,
    model::{Function, Live, described},
    permission,
};
use crate::{
    function::operations,
    role::{Outputs, Role},
};

impl Function {
    /// Assigns the function its role again; recreates the function if KMS refuses that, unless it was adopted.
    pub(super) async fn regrant(
        &self,
        live: Live,
        known: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let Some(own) = known.get(&self.role) else { return Ok(live) };
        // The interim role is new, so Lambda may not accept it yet.
        let reporter = &reporter.of_new();
        let interim = self.interim_role(aws);
        let made = interim.create(aws, reporter).await?;
        let renewed = async {
            self.assign(&interim.outputs(&made), aws, reporter).await?;
            self.assign(own, aws, reporter).await
        };
        let live = match renewed.await {
            Ok(()) => Live { role: own.arn.0.clone(), description: described(&own.id), ..live },
            // An adopted function is never deleted: the error says what KMS refused.
            Err(AwsError::Answer(answer))
                if operations::is_of_key(&answer) && !live.tags.are_of_adopted() =>
            {
                let permissions = live.bucket_permissions;
                delete(&self.name, aws, reporter).await?;
                let created = self.create(known, aws, reporter).await?;
                // Nothing else of this run adds them again.
                for (statement, source) in &permissions {
                    if let Some(source) = source {
                        permission::add_bucket(&self.name, statement, source, aws, reporter).await?;
                    }
                }
                Live { bucket_permissions: permissions, ..created }
            }
            Err(error) => return Err(error),
        };
        Role::delete(made, None, Aim::Apply, aws, reporter).await?;
        Ok(live)
    }

    /// A role without grants. Its name is not one of a function's role, so no function is searched by it.
    fn interim_role(&self, aws: &Aws) -> Role {
        let tags = Tags::desired(aws.account.stack.as_str(), "role.interim", &BTreeMap::new());
        Role {
            name: aws.account.interim_role_name(&self.name),
            tags: tags.of_region(aws.account.region.as_str()),
            boundary: self.boundary.clone(),
            grants: Vec::new(),
            keys: None,
            parameters: Vec::new(),
            log_group: aws.account.log_group_arn(&log_group_name(&self.name)),
        }
    }

    async fn assign(&self, role: &Outputs, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        let answer = wait::change(&operations::UPDATE_FUNCTION_CONFIGURATION, reporter, || {
            aws.lambda
                .update_function_configuration()
                .function_name(&self.name)
                .role(&role.arn.0)
                .description(described(&role.id))
                .send()
        });
        self.updated(answer.await?.last_update_status, aws, reporter).await
    }
}
