//! Reads live user pools.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};

use super::model::{Live, Named};
use crate::{
    user_pool::operations, user_pool_client::operations as clients_operations,
    user_pool_group::operations as groups_operations,
};

/// Reads the listed pools that still exist.
pub(super) async fn read_all(pools: impl Iterator<Item = &Named>, aws: &Aws) -> Result<Vec<Live>, AwsError> {
    let all = try_join_all(pools.map(|pool| read(&pool.id, aws))).await?;
    Ok(all.into_iter().flatten().collect())
}

/// Reads a pool and the names of its clients; `None` if it does not exist.
pub async fn read(id: &str, aws: &Aws) -> Result<Option<Live>, AwsError> {
    let describe = || aws.cognito.describe_user_pool().user_pool_id(id).send();
    let both = tokio::try_join!(wait::read(&operations::DESCRIBE_USER_POOL, describe), clients(id, aws));
    match both {
        Ok((found, clients)) => {
            let mut pool = found.user_pool;
            if let Some(pool) = &mut pool {
                let adopted = aws.adopted_tags("user_pool", id);
                pool.user_pool_tags.get_or_insert_default().extend(adopted);
            }
            Live::new(pool, clients).map(Some)
        }
        Err(error) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The ids of a pool's clients, by name.
pub async fn clients(pool: &str, aws: &Aws) -> Result<BTreeMap<String, Vec<String>>, AwsError> {
    let mut clients: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut next = None;
    loop {
        let list = aws.cognito.list_user_pool_clients().user_pool_id(pool).max_results(60);
        let ask = || list.clone().set_next_token(next.clone()).send();
        let page = wait::read(&clients_operations::LIST_USER_POOL_CLIENTS, ask).await?;
        for client in page.user_pool_clients.unwrap_or_default() {
            if let (Some(name), Some(id)) = (client.client_name, client.client_id) {
                clients.entry(name).or_default().push(id);
            }
        }
        next = page.next_token;
        if next.is_none() {
            return Ok(clients);
        }
    }
}

/// The descriptions of a pool's groups, by name; empty for a pool that never had groups of the file.
pub(super) async fn groups_if_any(live: &Live, aws: &Aws) -> Result<BTreeMap<String, String>, AwsError> {
    if live.settings.tags.has_groups() { groups(&live.id, aws).await } else { Ok(BTreeMap::new()) }
}

/// The descriptions of a pool's groups, by name.
pub async fn groups(pool: &str, aws: &Aws) -> Result<BTreeMap<String, String>, AwsError> {
    let mut groups = BTreeMap::new();
    let mut next = None;
    loop {
        let list = aws.cognito.list_groups().user_pool_id(pool).limit(60);
        let ask = || list.clone().set_next_token(next.clone()).send();
        let page = wait::read(&groups_operations::LIST_GROUPS, ask).await?;
        for group in page.groups.unwrap_or_default() {
            if let Some(name) = group.group_name {
                groups.insert(name, group.description.unwrap_or_default());
            }
        }
        next = page.next_token;
        if next.is_none() {
            return Ok(groups);
        }
    }
}

/// The number of users as text; `None` if there are none. The estimate in the pool's description is out of date.
pub async fn users(live: &Live, aws: &Aws) -> Result<Option<String>, AwsError> {
    let ask = || aws.cognito.list_users().user_pool_id(&live.id).limit(60).send();
    let page = match wait::read(&operations::LIST_USERS, ask).await {
        Err(error) if error.is_gone() => return Ok(None),
        page => page?,
    };
    let more = page.pagination_token.is_some();
    Ok(match page.users().len() {
        0 if !more => None,
        1 if !more => Some("1 user".to_owned()),
        some if !more => Some(format!("{some} users")),
        _ => Some(format!("about {} users", live.described.estimated_number_of_users.max(60))),
    })
}
