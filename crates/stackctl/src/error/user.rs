//! Why something about a user was not done.

use stackctl_aws_client::request::error::AwsError;
use stackctl_engine::Fault;
use thiserror::Error;

use crate::exit;

/// Why something about a user was not done.
#[derive(Debug, Error)]
pub enum UserError {
    /// There is such a user already.
    #[error("{name} is in the user pool {pool} already; nothing was changed")]
    Exists {
        /// Their name.
        name: String,
        /// The logical name of the pool.
        pool: String,
    },
    /// There is no such user.
    #[error("nobody in the user pool {pool} is called {name}")]
    Nobody {
        /// The name.
        name: String,
        /// The logical name of the pool.
        pool: String,
    },
    /// The password from stdin does not fit the pool.
    #[error("the password does not fit what stack.yaml says of passwords; nothing was changed")]
    WeakPassword {
        /// What it lacks.
        lacks: Vec<String>,
    },
    /// Cognito, or the way to it.
    #[error("could not {doing}")]
    Refused {
        /// What was tried.
        doing: String,
        /// What was said.
        #[source]
        source: AwsError,
    },
    /// The person did not wait for the answer.
    #[error("left at once; it is unclear whether {what}")]
    Unclear {
        /// What may be so.
        what: String,
    },
}

impl UserError {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            UserError::WeakPassword { .. } => exit::USAGE,
            UserError::Exists { .. }
            | UserError::Nobody { .. }
            | UserError::Refused { .. }
            | UserError::Unclear { .. } => exit::FAILED,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            UserError::Exists { .. } => Some("--reset gives somebody another temporary password".to_owned()),
            UserError::Nobody { .. } => Some("`stackctl user list` shows who is there".to_owned()),
            UserError::WeakPassword { lacks } => Some(format!("it needs {}", lacks.join(", "))),
            UserError::Refused { source, .. } => source.hint(),
            UserError::Unclear { .. } => Some("`stackctl user list` shows who is there".to_owned()),
        }
    }
}
