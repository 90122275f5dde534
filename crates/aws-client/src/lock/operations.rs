//! The operations of Systems Manager about the values of parameters: the lock and the secrets of webhooks. How Systems
//! Manager answers.

use std::collections::BTreeSet;

use crate::request::operation::{
    APPLY, APPLY_OR_ADOPT, Class, Meaning, SECRET, Scope, Service, Target, operations,
};

/// AWS Systems Manager.
pub static SSM: Service = Service {
    meanings: &[
        Meaning::of("ParameterAlreadyExists", "", Class::Exists),
        Meaning::of("TooManyUpdates", "", Class::Busy),
        Meaning::of("ParameterNotFound", "", Class::Gone),
        // What ListTagsForResource answers (SSM-08).
        Meaning::of("InvalidResourceId", "", Class::Gone),
    ],
    ..Service::new()
};

/// The stack's lock.
static LOCK: Target = Target {
    resources: |Scope { account, .. }| BTreeSet::from([account.lock_arn().0]),
    ..Target::new("Lock")
};

/// The secrets of the webhooks of a stack that has one, with those of webhooks that left the file.
pub static SECRETS: Target = Target {
    resources: |Scope { stack, account, .. }| {
        let has_webhook = stack.buckets.values().any(|it| it.webhook.is_some());
        let all = || account.parameter_arn(&account.webhook_secret_name("*")).0;
        has_webhook.then(all).into_iter().collect()
    },
    ..Target::new("Secrets")
};

operations! {
    &SSM;
    GET_PARAMETER = "ssm:GetParameter": APPLY_OR_ADOPT ["ssm:GetParameter"] LOCK SECRET ["ssm:GetParameter"] SECRETS;
    PUT_PARAMETER = "ssm:PutParameter":
        APPLY_OR_ADOPT ["ssm:PutParameter", "ssm:AddTagsToResource"] LOCK
        APPLY ["ssm:PutParameter", "ssm:AddTagsToResource"] SECRETS
        SECRET ["ssm:PutParameter"] SECRETS;
    DELETE_PARAMETER = "ssm:DeleteParameter":
        APPLY_OR_ADOPT ["ssm:DeleteParameter"] LOCK
        APPLY ["ssm:DeleteParameter"] SECRETS;
}
