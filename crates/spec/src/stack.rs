//! A stack: what `stack.yaml` asks for, checked and complete.

use std::collections::BTreeMap;

use crate::{
    api::Api,
    bucket::Bucket,
    function::Function,
    names::{LogicalName, RegionName, StackName},
    user_pool::UserPool,
};

/// What `stack.yaml` asks for: every reference resolves, every name and number is one that AWS takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// The stack's name, with `-{env}` added when an environment was chosen.
    pub name: StackName,
    /// The region the stack lives in, unless the command line says otherwise.
    pub region: RegionName,
    /// Tags of the file, put on everything that can carry tags.
    pub tags: BTreeMap<String, String>,
    /// Private buckets.
    pub buckets: BTreeMap<LogicalName, Bucket>,
    /// Functions.
    pub functions: BTreeMap<LogicalName, Function>,
    /// User pools with their app clients.
    pub user_pools: BTreeMap<LogicalName, UserPool>,
    /// REST APIs.
    pub apis: BTreeMap<LogicalName, Api>,
}
