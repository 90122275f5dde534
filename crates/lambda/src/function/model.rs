//! The desired function, its live state, and the actions between them.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_apigateway::rest_api::RestApi;
pub(super) use stackctl_aws_data::desired::function::{RUNS_AS, description as described};
use stackctl_aws_data::{
    account::{Account, Arn},
    invoke_permission::BucketSource,
    tags::{TagChange, Tags},
};
use stackctl_engine::Ref;
use stackctl_package::Code;
use stackctl_s3::bucket::Bucket;
use stackctl_stackfile::{
    function::Architecture,
    units::{Megabytes, Seconds},
};

use super::{asynchronous::Asynchronous, exposures::Attached};
use crate::{
    log_group::LogGroup,
    role::{self, Role},
    secret::Secret,
};

/// A function.
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Ref<Role>,
    /// The permissions boundary of its role and its interim role.
    pub boundary: Option<Arn>,
    /// Its log group, which is created before it (LOG-04).
    pub log_group: Ref<LogGroup>,
    /// The secret that it reads; it is deleted later.
    pub secret: Option<Ref<Secret>>,
    /// Its code.
    pub code: Code,
    /// Its settings.
    pub settings: FunctionSettings,
    /// The APIs that may invoke it.
    pub invokers: Vec<Invoker>,
    /// The bucket of failed events, where an event calls the function.
    pub failures: Option<Ref<Bucket>>,
    /// The ARN that this bucket has, or would have.
    pub failures_arn: Arn,
    /// The ids of the statements that let S3 invoke for the stack's buckets, whether they have events or not. The kind
    /// `notification` adds and removes them.
    pub bucket_statements: BTreeSet<String>,
    /// Its tags.
    pub tags: Tags,
    /// The account it is in.
    pub account: Account,
}

/// The fields of UpdateFunctionConfiguration without the role; the architecture, which is set with the code (LAM-34).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionSettings {
    /// The runtime, such as `nodejs22.x`; any text in a live function.
    pub runtime: String,
    /// What Lambda calls in the code; custom runtimes do not read it (LAM-42).
    pub handler: String,
    /// The processor architecture.
    pub architecture: Architecture,
    /// The memory.
    pub memory: Megabytes,
    /// The longest time that an invocation may take.
    pub timeout: Seconds,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
}

/// An API that may invoke the function.
pub struct Invoker {
    /// The API.
    pub api: Ref<RestApi>,
    /// Its stage.
    pub stage: String,
}

/// The live function.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) description: String,
    pub(super) settings: FunctionSettings,
    pub(super) code_sha256: String,
    pub(super) state: State,
    /// When its code or configuration last changed, as Lambda writes it; empty: not read.
    pub(super) modified: String,
    pub(super) tags: Tags,
    /// The permissions of API Gateway: source ARN by statement id; `None` for a statement of another form.
    pub(super) permissions: BTreeMap<String, Option<String>>,
    /// The permissions of S3: bucket by statement id; `None` for a statement of another form.
    pub(super) bucket_permissions: BTreeMap<String, Option<BucketSource>>,
    /// The configuration of asynchronous calls; `None` if there is none, or if it was not read.
    pub(super) asynchronous: Option<Asynchronous>,
    /// The attachments that others made; empty if they were not read.
    pub(super) attached: Attached,
}

/// The state of a function (LAM-33).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It can be invoked, also after a long idle time.
    Usable,
    /// It can't be invoked yet.
    Pending,
    /// Lambda could not create it, for this reason.
    Failed(String),
}

/// The values that other resources refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Arn,
    /// The permissions of S3: bucket by statement id; `None` for a statement of another form. Empty if they were not read.
    pub bucket_permissions: BTreeMap<String, Option<BucketSource>>,
}

/// One step, about one call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Create,
    SetCode { from: String, to: String, architecture: Architecture },
    Regrant { role: Option<role::Outputs>, was: String, is_adopted: bool },
    Configure { from: Box<Live>, role: Option<role::Outputs> },
    ChangeTags(TagChange),
    RemovePermission { statement: String, source: Option<String>, api: Option<usize> },
    AddPermission { statement: String, api: usize, source: Option<Arn> },
    SetAsynchronous { from: Option<Asynchronous>, to: Option<Asynchronous> },
    AwaitActive,
    Refuse { why: String },
}

impl Live {
    /// The id of the role that Lambda lets read the variables, if `role` is another role with the same ARN, or does not
    /// exist yet (LAM-40).
    pub(super) fn lost_role(&self, role: Option<&role::Outputs>, arn: &Arn) -> Option<String> {
        let was = self.description.strip_prefix(RUNS_AS).filter(|_| !self.settings.environment.is_empty())?;
        if self.role != arn.0 {
            return None;
        }
        role.is_none_or(|role| role.id != was).then(|| was.to_owned())
    }
}

/// The name of an architecture in the file and in Lambda.
pub(super) fn name_of(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::Arm64 => "arm64",
    }
}
