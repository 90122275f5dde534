//! People: the users of a user pool, as its administrator sees them.

pub mod attributes;
pub mod changes;
pub mod groups;
pub mod operations;
mod person;
pub mod profile;

pub use self::person::Person;

use std::time::SystemTime;

use aws_sdk_cognitoidentityprovider::types::{AttributeType, MessageActionType};
use aws_smithy_types::{DateTime, date_time::Format};
use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_engine::Reporter;
use stackctl_stackfile::units::Seconds;

use self::person::person;
use crate::{password::Password, user_pool::operations as pools_operations};

/// A person to be added.
#[derive(Debug)]
pub struct Newcomer<'a> {
    /// What they sign in with.
    pub name: &'a str,
    /// Attributes that an administrator vouches for, by name.
    pub attributes: Vec<(&'static str, String)>,
    /// The password of the first sign-in.
    pub password: &'a Password,
}

/// When a temporary password that is given now stops working, as in `2026-12-01T03:17:00Z`.
pub fn works_until(validity: Seconds) -> String {
    let now = DateTime::from(SystemTime::now()).secs();
    let end = DateTime::from_secs(now.saturating_add(i64::from(validity.0)));
    end.fmt(Format::DateTime).unwrap_or_default()
}

/// The users of one pool.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// The clients.
    pub aws: &'a Aws,
    /// The pool's id.
    pub pool: &'a str,
}

impl People<'_> {
    /// All of them, in Cognito's order.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn list(self) -> Result<Vec<Person>, AwsError> {
        self.listed(None).await
    }

    /// Those with an attribute, or `username`, that begins so.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn whose(self, attribute: &str, begins: &str) -> Result<Vec<Person>, AwsError> {
        self.listed(Some(format!("{attribute} ^= \"{begins}\""))).await
    }

    async fn listed(self, filter: Option<String>) -> Result<Vec<Person>, AwsError> {
        let mut people = Vec::new();
        let mut next = None;
        loop {
            let list = self.aws.cognito.list_users().user_pool_id(self.pool).limit(60);
            let list = list.set_filter(filter.clone());
            let ask = || list.clone().set_pagination_token(next.clone()).send();
            let page = wait::read(&pools_operations::LIST_USERS, ask).await?;
            people.extend(page.users.unwrap_or_default().into_iter().map(person));
            next = page.pagination_token;
            if next.is_none() {
                return Ok(people);
            }
        }
    }

    /// The one with this name, or with this email address or phone number where people sign in with it.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn find(self, name: &str) -> Result<Option<Person>, AwsError> {
        Ok(self.profile(name).await?.map(|it| it.person))
    }

    /// Adds a user who must change the password at the first sign-in. The user gets no message (COG-50).
    ///
    /// # Errors
    /// Cognito's; that there is such a user among them.
    pub async fn add(self, newcomer: &Newcomer<'_>, reporter: &Reporter) -> Result<Person, AwsError> {
        let Newcomer { name, attributes, password } = newcomer;
        let attributes: Vec<AttributeType> = attributes
            .iter()
            .filter_map(|(name, value)| AttributeType::builder().name(*name).value(value).build().ok())
            .collect();
        let send = async || {
            let made = self
                .aws
                .cognito
                .admin_create_user()
                .user_pool_id(self.pool)
                .username(*name)
                .temporary_password(password.reveal())
                .message_action(MessageActionType::Suppress)
                .set_user_attributes(Some(attributes.clone()).filter(|it| !it.is_empty()))
                .send();
            Ok(made.await?.user.map(person))
        };
        let made = wait::create(
            &operations::ADMIN_CREATE_USER,
            reporter,
            async || Ok(self.find(name).await?.map(Some)),
            send,
        );
        match made.await? {
            Some(person) => Ok(person),
            None => Ok(Person {
                name: (*name).to_owned(),
                email: None,
                phone: None,
                status: "FORCE_CHANGE_PASSWORD".to_owned(),
                enabled: true,
                created: None,
            }),
        }
    }

    /// Sets a new temporary password for a user (COG-51).
    ///
    /// # Errors
    /// Cognito's.
    pub async fn reset(self, name: &str, password: &Password, reporter: &Reporter) -> Result<(), AwsError> {
        let send = || {
            let set = self.aws.cognito.admin_set_user_password().user_pool_id(self.pool).username(name);
            set.password(password.reveal()).permanent(false).send()
        };
        wait::write(&operations::ADMIN_SET_USER_PASSWORD, reporter, send).await?;
        Ok(())
    }

    /// Removes a user; returns false when the pool has no user of this name.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn remove(self, name: &str) -> Result<bool, AwsError> {
        // Not ended by Ctrl-C: what has begun to go should go.
        let send = || self.aws.cognito.admin_delete_user().user_pool_id(self.pool).username(name).send();
        match wait::read(&operations::ADMIN_DELETE_USER, send).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_gone() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
