//! The listing that functions, roles and log groups share: the names of all three follow from the function's.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::{Role, Tag};
use aws_sdk_lambda::{operation::get_function::GetFunctionOutput, types::EventSourceMappingConfiguration};
use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::Clients,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::account::{
    log_group_name, log_group_prefix, role_name, role_path, role_path_without_region,
};
use stackctl_stackfile::names::{FunctionName, RegionName};
use tokio::sync::OnceCell;

use crate::{
    function::operations, log_group::operations as logs_operations, role::operations as iam_operations,
};

/// The functions, roles and log groups that may belong to the stack.
#[derive(Debug)]
pub struct Listing {
    /// The names of the roles at the stack's path.
    pub roles_at_path: BTreeSet<String>,
    /// The names of roles without a region, which earlier versions of stackctl created; each is its function's name.
    pub roles_without_region: BTreeSet<String>,
    /// The roles with the names of the file's functions, at any path: role names are unique in the account.
    pub roles: BTreeMap<String, Role>,
    /// The functions of the file.
    pub functions: BTreeMap<String, GetFunctionOutput>,
    /// The retention in days of the log groups that have the stack's prefix or belong to a function of the file.
    pub log_groups: BTreeMap<String, Option<i32>>,
    /// The event source mappings of the region, once they were listed.
    sources: OnceCell<Vec<EventSourceMappingConfiguration>>,
}

impl Listing {
    /// Reads all of it concurrently.
    ///
    /// # Errors
    /// The errors of IAM, Lambda and CloudWatch Logs.
    pub async fn read(clients: &Clients) -> Result<Listing, AwsError> {
        let names = &clients.functions;
        let role_names: Vec<String> = names.iter().map(|it| role_name(it, &clients.region)).collect();
        let ((roles_at_path, roles_without_region), roles, functions, log_groups) = tokio::try_join!(
            listed_roles(clients),
            try_join_all(role_names.iter().map(|name| role(name, clients))),
            try_join_all(names.iter().map(|name| function(name, clients))),
            log_groups(clients),
        )?;
        Ok(Listing {
            roles_at_path,
            roles_without_region,
            roles: found(&role_names, roles),
            functions: found(names, functions),
            log_groups,
            sources: OnceCell::new(),
        })
    }

    /// The event source mappings of the region. The first function that is observed lists them for all.
    ///
    /// # Errors
    /// The errors of Lambda.
    pub async fn sources(&self, clients: &Clients) -> Result<&[EventSourceMappingConfiguration], AwsError> {
        self.sources.get_or_try_init(|| sources(clients)).await.map(Vec::as_slice)
    }

    /// The possible names of the stack's functions. A log group's name may contain no function name (LOG-07).
    pub fn function_names(&self, region: &RegionName) -> BTreeSet<&str> {
        let end = format!("-{region}");
        let roles = self.roles_at_path.iter().filter(|it| !self.roles.contains_key(*it));
        let roles = roles.filter_map(|it| it.strip_suffix(&end));
        let roles = roles.chain(self.roles_without_region.iter().map(String::as_str));
        let log_groups = self.log_groups.keys().filter_map(|it| it.strip_prefix(&log_group_name("")));
        roles.chain(log_groups).filter(|it| it.parse::<FunctionName>().is_ok()).collect()
    }
}

fn found<T>(names: &[String], all: Vec<Option<T>>) -> BTreeMap<String, T> {
    names.iter().zip(all).filter_map(|(name, it)| Some((name.clone(), it?))).collect()
}

/// The names of the roles at the stack's path in this region, and of those at its path without a region.
async fn listed_roles(clients: &Clients) -> Result<(BTreeSet<String>, BTreeSet<String>), AwsError> {
    let path = role_path(&clients.stack, &clients.region);
    let without_region = role_path_without_region(&clients.stack);
    let (mut here, mut others) = (BTreeSet::new(), BTreeSet::new());
    let mut marker = None;
    loop {
        let page = wait::read(&iam_operations::LIST_ROLES, || {
            clients.iam.list_roles().path_prefix(&without_region).set_marker(marker.clone()).send()
        })
        .await?;
        for role in page.roles() {
            match role.path() {
                it if it == path => drop(here.insert(role.role_name().to_owned())),
                it if it == without_region => drop(others.insert(role.role_name().to_owned())),
                // Another region's.
                _ => {}
            }
        }
        marker = page.marker.filter(|_| page.is_truncated);
        if marker.is_none() {
            return Ok((here, others));
        }
    }
}

/// Reads a role without its policies; `None` if it does not exist.
pub async fn role(name: &str, clients: &Clients) -> Result<Option<Role>, AwsError> {
    let ask = || clients.iam.get_role().role_name(name).send();
    let mut role = if_there(wait::read(&iam_operations::GET_ROLE, ask).await)?.and_then(|it| it.role);
    if let Some(role) = &mut role {
        let adopted = clients.adopted_tags("role", name).into_iter();
        let adopted = adopted.map(|(key, value)| Tag::builder().key(key).value(value).build());
        let adopted: Result<Vec<Tag>, _> = adopted.collect();
        let adopted = adopted.map_err(|error| AwsError::unreadable("tags", error))?;
        role.tags.get_or_insert_default().extend(adopted);
    }
    Ok(role)
}

/// Reads a function without its policy; `None` if it does not exist.
pub async fn function(name: &str, clients: &Clients) -> Result<Option<GetFunctionOutput>, AwsError> {
    let ask = || clients.lambda.get_function().function_name(name).send();
    let mut function = if_there(wait::read(&operations::GET_FUNCTION, ask).await)?;
    if let Some(function) = &mut function {
        function.tags.get_or_insert_default().extend(clients.adopted_tags("function", name));
    }
    Ok(function)
}

async fn log_groups(clients: &Clients) -> Result<BTreeMap<String, Option<i32>>, AwsError> {
    let prefix = log_group_prefix(&clients.stack);
    let others = clients.functions.iter().map(|it| log_group_name(it)).filter(|it| !it.starts_with(&prefix));
    let others = try_join_all(others.map(async |name| {
        let mut listed = list_log_groups(&name, clients).await?;
        Ok(listed.remove_entry(&name))
    }));
    let (mut all, others) = tokio::try_join!(list_log_groups(&prefix, clients), others)?;
    all.extend(others.into_iter().flatten());
    Ok(all)
}

/// Lists the event source mappings of the region: one call returns those of all functions (LAM-61).
///
/// # Errors
/// The errors of Lambda.
async fn sources(clients: &Clients) -> Result<Vec<EventSourceMappingConfiguration>, AwsError> {
    let mut all = Vec::new();
    let mut marker = None;
    loop {
        let list = clients.lambda.list_event_source_mappings();
        let ask = || list.clone().set_marker(marker.clone()).send();
        let page = wait::read(&operations::LIST_EVENT_SOURCE_MAPPINGS, ask).await?;
        all.extend(page.event_source_mappings.unwrap_or_default());
        marker = page.next_marker.filter(|it| !it.is_empty());
        if marker.is_none() {
            return Ok(all);
        }
    }
}

/// The retention in days of all log groups whose names begin with `prefix`.
pub async fn list_log_groups(
    prefix: &str,
    clients: &Clients,
) -> Result<BTreeMap<String, Option<i32>>, AwsError> {
    let mut groups = BTreeMap::new();
    let mut next = None;
    loop {
        let ask = || {
            clients
                .logs
                .describe_log_groups()
                .log_group_name_prefix(prefix)
                .set_next_token(next.clone())
                .send()
        };
        let page = wait::read(&logs_operations::DESCRIBE_LOG_GROUPS, ask).await?;
        let found = page.log_groups.unwrap_or_default().into_iter();
        groups.extend(found.filter_map(|group| Some((group.log_group_name?, group.retention_in_days))));
        next = page.next_token;
        if next.is_none() {
            return Ok(groups);
        }
    }
}
