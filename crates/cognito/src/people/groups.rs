//! The people of a group of a user pool.

use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_engine::Reporter;

use crate::{
    people::{
        operations,
        person::{Person, person},
    },
    user_pool_group::operations as groups_operations,
};

/// The people of one group.
#[derive(Debug, Clone, Copy)]
pub struct Members<'a> {
    /// The clients.
    pub aws: &'a Aws,
    /// The pool's id.
    pub pool: &'a str,
    /// The group's name.
    pub group: &'a str,
}

impl Members<'_> {
    /// All of them, in Cognito's order.
    ///
    /// # Errors
    /// Cognito's; that the group does not exist among them.
    pub async fn list(self) -> Result<Vec<Person>, AwsError> {
        let mut people = Vec::new();
        let mut next = None;
        loop {
            let list = self.aws.cognito.list_users_in_group().user_pool_id(self.pool);
            let list = list.group_name(self.group).limit(60);
            let ask = || list.clone().set_next_token(next.clone()).send();
            let page = wait::read(&groups_operations::LIST_USERS_IN_GROUP, ask).await?;
            people.extend(page.users.unwrap_or_default().into_iter().map(person));
            next = page.next_token;
            if next.is_none() {
                return Ok(people);
            }
        }
    }

    /// Their number as text; `None` if there are none, or there is no such group.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn count(self) -> Result<Option<String>, AwsError> {
        Ok(match self.list().await {
            Err(error) if error.is_gone() => None,
            all => match all?.len() {
                0 => None,
                1 => Some("1 person".to_owned()),
                some => Some(format!("{some} people")),
            },
        })
    }

    /// Adds a user of the pool; one who is in the group already stays in it (COG-94).
    ///
    /// # Errors
    /// Cognito's; that the user or the group does not exist among them.
    pub async fn add(self, name: &str, reporter: &Reporter) -> Result<(), AwsError> {
        let send = || {
            let add = self.aws.cognito.admin_add_user_to_group().user_pool_id(self.pool);
            add.group_name(self.group).username(name).send()
        };
        wait::write(&operations::ADMIN_ADD_USER_TO_GROUP, reporter, send).await.map(drop)
    }

    /// Takes a user out of the group; one who is not in it stays out.
    ///
    /// # Errors
    /// Cognito's; that the user or the group does not exist among them.
    pub async fn remove(self, name: &str, reporter: &Reporter) -> Result<(), AwsError> {
        let send = || {
            let remove = self.aws.cognito.admin_remove_user_from_group().user_pool_id(self.pool);
            remove.group_name(self.group).username(name).send()
        };
        wait::write(&operations::ADMIN_REMOVE_USER_FROM_GROUP, reporter, send).await.map(drop)
    }
}
