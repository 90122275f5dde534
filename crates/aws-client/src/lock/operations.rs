//! The operations of Systems Manager about the lock, and how it answers.

use std::collections::BTreeSet;

use crate::request::operation::{APPLY, Class, Meaning, Scope, Service, Target, operations};

/// AWS Systems Manager.
static SSM: Service = Service {
    meanings: &[
        Meaning::of("ParameterAlreadyExists", "", Class::Exists),
        Meaning::of("TooManyUpdates", "", Class::Busy),
        Meaning::of("ParameterNotFound", "", Class::Gone),
    ],
    ..Service::new()
};

/// The stack's lock.
static LOCK: Target = Target {
    resources: |Scope { account, .. }| BTreeSet::from([account.lock_arn().0]),
    ..Target::new("Lock")
};

operations! {
    &SSM;
    GET_PARAMETER = "ssm:GetParameter": APPLY ["ssm:GetParameter"] LOCK;
    PUT_PARAMETER = "ssm:PutParameter": APPLY ["ssm:PutParameter", "ssm:AddTagsToResource"] LOCK;
    DELETE_PARAMETER = "ssm:DeleteParameter": APPLY ["ssm:DeleteParameter"] LOCK;
}
