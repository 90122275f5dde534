//! A stack: what `stack.yaml` asks for, checked and complete.

use std::collections::BTreeMap;

use crate::{
    api::Api,
    bucket::{Bucket, BucketKey},
    checks::existing_functions::OwnFunctions,
    function::{Function, ShellCommand},
    overlay::Overlay,
    read::record::record,
    tags::Tags,
    user_pool::{UserPool, UserPoolKey},
    values::names::{EnvironmentName, FunctionName, LogicalName, PolicyArn, RegionName, StackName},
};

record! {
    "a stack";
    /// What `stack.yaml` asks for: every reference resolves, every name and number is one that AWS takes.
    pub struct Stack {
        /// The stack's name, with `-{env}` added when an environment was chosen.
        pub name("stack"): StackName,
        /// The region the stack lives in, unless the command line says otherwise.
        pub region: RegionName,
        /// Tags of the file, put on everything that can carry tags.
        pub tags: BTreeMap<String, String> as Tags,
        /// The permissions boundary of every role that stackctl makes: the ARN of an IAM policy, which limits
        /// what the role's own policy can allow. Default: none.
        pub boundary: Option<PolicyArn>,
        /// Private buckets.
        pub buckets: BTreeMap<LogicalName, Bucket> as BTreeMap<BucketKey, Bucket>,
        /// Functions.
        pub functions: BTreeMap<LogicalName, Function> as OwnFunctions,
        /// User pools with their app clients.
        pub user_pools: BTreeMap<LogicalName, UserPool> as BTreeMap<UserPoolKey, UserPool>,
        /// REST APIs.
        pub apis: BTreeMap<LogicalName, Api>,
        /// The command of the shell that serves the page while `stackctl dev` runs, in the folder of the file.
        /// Default: the script `dev` of `web/package.json`, if there is one.
        pub dev: Option<ShellCommand>,
    }
    also {
        /// Overlays by environment: what `--env NAME` merges over the rest.
        envs: BTreeMap<EnvironmentName, Overlay<Stack>>,
    }
    later {
        /// The functions that others made: those under `functions` with `existing`, by their names in AWS.
        pub existing_functions: BTreeMap<LogicalName, FunctionName>,
    }
}
