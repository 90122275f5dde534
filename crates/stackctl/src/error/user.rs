//! The errors of the commands about users.

use stackctl_aws_client::request::error::AwsError;
use stackctl_cognito::people::changes::Refusal;
use stackctl_engine::Fault;
use stackctl_stackfile::names::LogicalName;
use thiserror::Error;

use crate::exit;

/// An error of a command about users.
#[derive(Debug, Error)]
pub enum UserError {
    /// The user exists already.
    #[error("user pool `{pool}` has a user `{name}` already; nothing was changed")]
    Exists {
        /// The user's name.
        name: String,
        /// The logical name of the pool.
        pool: String,
    },
    /// The user does not exist.
    #[error("user pool `{pool}` has no user `{name}`")]
    NotFound {
        /// The user's name.
        name: String,
        /// The logical name of the pool.
        pool: String,
    },
    /// The group does not exist in AWS.
    #[error("user pool `{pool}` has no group `{group}`")]
    NoGroup {
        /// The group's name.
        group: String,
        /// The logical name of the pool.
        pool: String,
    },
    /// The password from stdin does not meet the pool's policy.
    #[error("the password does not meet the password policy of stack.yaml; nothing was changed")]
    WeakPassword {
        /// The requirements that it does not meet.
        lacks: Vec<String>,
    },
    /// Cognito would refuse the change of this user.
    #[error("{}; nothing was changed", .0.what)]
    Unfit(Refusal),
    /// Cognito refused the request, or could not be reached.
    #[error("could not {doing}")]
    Refused {
        /// The operation, as in `add ada to users`.
        doing: String,
        /// The error of the request.
        #[source]
        source: AwsError,
    },
    /// The user stopped the command before Cognito's response.
    #[error("stopped at once; it is unknown whether {what}")]
    Unclear {
        /// The fact that is unknown, as in `ada was added`.
        what: String,
    },
}

impl UserError {
    /// The error of a request about a group. `verb` is what was to be done with the user, or with the group.
    pub fn of_group(
        source: AwsError,
        pool: &LogicalName,
        group: &str,
        name: &str,
        verb: &'static str,
    ) -> UserError {
        let (pool, group) = (pool.to_string(), group.to_owned());
        match (source.is_gone(), source.code()) {
            (true, "UserNotFoundException") => UserError::NotFound { name: name.to_owned(), pool },
            (true, _) => UserError::NoGroup { group, pool },
            (false, _) => {
                UserError::Refused { doing: format!("{verb} {name} in group {group} of {pool}"), source }
            }
        }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            UserError::WeakPassword { .. } => exit::USAGE,
            UserError::Exists { .. }
            | UserError::NotFound { .. }
            | UserError::NoGroup { .. }
            | UserError::Unfit(_)
            | UserError::Refused { .. }
            | UserError::Unclear { .. } => exit::FAILED,
        }
    }

    /// The advice to the user.
    pub fn hint(&self) -> Option<String> {
        match self {
            UserError::Exists { .. } => {
                Some("--reset gives an existing user a new temporary password".to_owned())
            }
            UserError::NotFound { .. } => Some("`stackctl user list` shows the users".to_owned()),
            UserError::NoGroup { .. } => Some("`stackctl apply` makes the groups of stack.yaml".to_owned()),
            UserError::WeakPassword { lacks } => Some(format!("it needs {}", lacks.join(", "))),
            UserError::Unfit(refusal) => Some(refusal.hint.clone()),
            UserError::Refused { source, .. } => source.hint(),
            UserError::Unclear { .. } => Some("`stackctl user list` shows the users".to_owned()),
        }
    }
}
