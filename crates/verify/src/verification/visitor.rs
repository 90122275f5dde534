//! The throw-away user that signs in as a person would.

use std::time::{Duration, SystemTime};

use aws_smithy_types::{DateTime, date_time::Format};
use stackctl_aws_client::{clients::Aws, request::error::AwsError};
use stackctl_cognito::{
    password::Password,
    people::{Newcomer, People},
};
use stackctl_engine::{Fault, Reporter};
use stackctl_stackfile::user_pool::{UserPool, UsernameAttribute};

use super::check::Finding;
use crate::sign_in::{NotSignedIn, SignIn, Tokens};

/// The beginning of the names of temporary users.
const PREFIX: &str = "stackctl-verify-";
/// A throw-away user that is older was left by a run that was killed.
const STALE: Duration = Duration::from_secs(3600);

/// A throw-away user.
#[derive(Debug)]
pub struct Visitor {
    /// The pool's id.
    pub pool: String,
    name: String,
    attributes: Vec<(&'static str, String)>,
    first: Password,
    second: Password,
}

impl Visitor {
    /// One for a pool, who is not there yet.
    ///
    /// # Errors
    /// The system's, which has no randomness to give.
    pub fn new(id: &str, pool: &UserPool) -> Result<Visitor, getrandom::Error> {
        let number = getrandom::u64()?;
        let takes = |attribute| pool.sign_in_with.contains(&attribute);
        let mut attributes = Vec::new();
        let name = if takes(UsernameAttribute::Email) {
            let address = format!("{PREFIX}{number:016x}@example.com");
            attributes.push(("email", address.clone()));
            address
        } else if takes(UsernameAttribute::PhoneNumber) {
            let phone = format!("+1555{:07}", number % 10_000_000);
            attributes.push(("phone_number", phone.clone()));
            phone
        } else {
            format!("{PREFIX}{number:016x}")
        };
        let (first, second) = (Password::random(&pool.password)?, Password::random(&pool.password)?);
        Ok(Visitor { pool: id.to_owned(), name, attributes, first, second })
    }

    /// Is added, signs in, and changes the password.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn arrive(&self, client: &str, aws: &Aws, reporter: &Reporter) -> Result<Tokens, Finding> {
        let Visitor { pool, name, attributes, first, second } = self;
        let newcomer = Newcomer { name, attributes: attributes.clone(), password: first };
        let people = People { aws, pool };
        if let Err(error) = people.add(&newcomer, reporter).await
            && !error.is_there_already()
        {
            return Err(refused(&error, "the throw-away user could not be added"));
        }
        let door = SignIn { cognito: &aws.cognito, pool, client };
        match door.sign_in(name, first.reveal(), None).await {
            Err(NotSignedIn::Challenged(by)) if by == "NEW_PASSWORD_REQUIRED" => {}
            Err(error) => return Err(stranger(&error)),
            Ok(_) => {
                return Err(Finding {
                    saw: "a temporary password was accepted like a permanent one".to_owned(),
                    cause: "something changes new users as they sign in, such as a trigger of the pool"
                        .to_owned(),
                    help: "see which Lambda triggers the user pool has in the AWS console".to_owned(),
                });
            }
        }
        let tokens = door.sign_in(name, first.reveal(), Some(second.reveal())).await;
        tokens.map_err(|error| stranger(&error))
    }

    /// Goes, whether they came or not.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn leave(&self, aws: &Aws) -> Result<(), AwsError> {
        People { aws, pool: &self.pool }.remove(&self.name).await.map(drop)
    }

    /// What they are called.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Removes the throw-away users of runs that were killed, and says how many they were.
///
/// # Errors
/// Cognito's.
pub async fn sweep(id: &str, pool: &UserPool, aws: &Aws) -> Result<usize, AwsError> {
    let attribute = match pool.sign_in_with.contains(&UsernameAttribute::Email) {
        true => "email",
        // Phone numbers begin like other people's.
        false if !pool.sign_in_with.is_empty() => return Ok(0),
        false => "username",
    };
    let people = People { aws, pool: id };
    let limit = DateTime::from(SystemTime::now() - STALE);
    let is_stale = |created: &Option<String>| {
        let created = created.as_deref().and_then(|it| DateTime::from_str(it, Format::DateTime).ok());
        created.is_some_and(|it| it < limit)
    };
    let mut removed = 0;
    for person in people.whose(attribute, PREFIX).await? {
        if is_stale(&person.created) && people.remove(&person.name).await? {
            removed += 1;
        }
    }
    Ok(removed)
}

fn refused(error: &AwsError, what: &str) -> Finding {
    Finding {
        saw: format!("{what}: {error}"),
        cause: "Cognito, or the rights of the credentials in use".to_owned(),
        help: error.hint().unwrap_or_else(|| "see what Cognito says".to_owned()),
    }
}

fn stranger(error: &NotSignedIn) -> Finding {
    let (saw, cause, help) = match error {
        NotSignedIn::Refused(source) => (
            source.to_string(),
            "the app client does not take SRP, or has a secret",
            "`stackctl plan` shows what differs from the file, `stackctl apply` puts it right",
        ),
        NotSignedIn::Challenged(by) => (
            format!("Cognito asked for {by}"),
            "the pool wants more than a password, such as MFA or a trigger's own challenge",
            "people's own sign-in can't be tried here; the page has to handle this challenge",
        ),
        NotSignedIn::Unanswerable(_) | NotSignedIn::NoRandomness(_) => {
            (error.to_string(), "Cognito, or something in between, answers in another way", "verify again")
        }
    };
    Finding { saw, cause: cause.to_owned(), help: help.to_owned() }
}
