//! The desired role, its live state, and the actions between them.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_aws_data::{
    account::Arn,
    desired::role::KeyUse,
    policy::Policy,
    tags::{TagChange, Tags},
};
use stackctl_stackfile::grants::BucketGrants;

/// A role that Lambda may assume, with one inline policy.
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Tags,
    /// Its permissions boundary.
    pub boundary: Option<Arn>,
    /// The grants of the function, by the ARN of the bucket.
    pub grants: Vec<(Arn, BucketGrants)>,
    /// The keys that the grants need.
    pub keys: Option<KeyUse>,
    /// The parameters that the function reads.
    pub parameters: Vec<Arn>,
    /// The log group that the function writes to.
    pub log_group: Arn,
}

/// The live role.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) name: String,
    pub(super) arn: Arn,
    /// Its id, which differs from that of an earlier or later role of the same name (IAM-10).
    pub(super) id: String,
    pub(super) settings: RoleSettings,
}

/// The fields that a diff compares.
#[derive(Debug, Clone)]
pub(super) struct RoleSettings {
    /// Its path, if it is not the stack's.
    pub(super) elsewhere: Option<String>,
    /// The permissions boundary.
    pub(super) boundary: Option<Arn>,
    pub(super) trust: Policy,
    pub(super) policy: Option<Policy>,
    /// The names of all other inline policies.
    pub(super) surplus: BTreeSet<String>,
    /// The names of attached managed policies, by ARN.
    pub(super) attached: BTreeMap<Arn, String>,
    pub(super) tags: Tags,
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its ARN.
    pub arn: Arn,
    /// Its `AROA…` id, which a role that is recreated under its name does not keep (IAM-10).
    pub id: String,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Refuse { path: String },
    Create,
    SetBoundary { from: Option<Arn>, to: Arn },
    RemoveBoundary { from: Arn },
    SetTrust { from: Policy, to: Policy },
    PutPolicy { from: Option<Policy> },
    DeletePolicy { name: String },
    DetachPolicy { arn: Arn, name: String },
    ChangeTags(TagChange),
}
