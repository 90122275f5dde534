//! Why a command did not do what it was asked.

pub mod user;

use std::{error::Error as StdError, io, path::PathBuf};

use stackctl_aws::session::NoSession;
use stackctl_aws_client::{lock::lease::Loss, request::error::AwsError};
use stackctl_engine::{Address, Failure, Fault};
use thiserror::Error;

use self::user::UserError;
use crate::exit;

/// Why a command did not do what it was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// The arguments do not fit together, or not to the file.
    #[error("{what}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to do about it.
        hint: String,
    },
    /// `stack.yaml` could not be read.
    #[error("could not read {}", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// `stack.yaml` has problems, which were told already.
    #[error("{} has {count} {}", path.display(), if *count == 1 { "problem" } else { "problems" })]
    Problems {
        /// The file.
        path: PathBuf,
        /// How many.
        count: usize,
    },
    /// The stack could not be looked at.
    #[error(transparent)]
    NoSession(#[from] NoSession),
    /// The lock was not to be had.
    #[error("could not lock the stack; nothing was changed")]
    Lock(#[source] AwsError),
    /// Another run may write now.
    #[error(
        "this run lost the lock of the stack and was ended before its next write{}",
        if steps.is_empty() { String::new() } else { format!(", during: {}", steps.join(", ")) }
    )]
    LockLost {
        /// What was under way.
        steps: Vec<String>,
        /// Who has it now.
        #[source]
        loss: Loss,
    },
    /// The local cloud has trouble.
    #[error(transparent)]
    Local(#[from] stackctl_localcloud::Error),
    /// The plan has things that must not be done.
    #[error("the plan holds what can't be done; nothing was changed")]
    Refused,
    /// The person did not agree.
    #[error("nothing was changed")]
    Declined,
    /// The person stopped the command before it changed anything.
    #[error("stopped; the stack was not changed")]
    Stopped,
    /// The person did not wait for the end of what had begun.
    #[error("left at once, while {} {} under way", steps.join(", "), if steps.len() == 1 { "was" } else { "were" })]
    Left {
        /// What was under way.
        steps: Vec<String>,
    },
    /// Not everything was done; what failed was told already.
    #[error("not everything was done; what was: {done} {}", if *done == 1 { "step" } else { "steps" })]
    Incomplete {
        /// How many steps were done.
        done: usize,
    },
    /// What the plan leaves out, be it that the rest was done.
    #[error("left as {}: {}", if addresses.len() == 1 { "it is" } else { "they are" }, list(addresses))]
    LeftOut {
        /// What is left out.
        addresses: Vec<Address>,
    },
    /// There are no outputs yet.
    #[error("{} not there yet: {}", if missing.len() == 1 { "this is" } else { "these are" }, missing.join(", "))]
    NotApplied {
        /// What is missing.
        missing: Vec<String>,
    },
    /// Something about a user.
    #[error(transparent)]
    User(#[from] UserError),
    /// Checks of a verification failed; each was told already.
    #[error("{failed} of {all} checks failed: something is open or broken")]
    Broken {
        /// How many failed.
        failed: usize,
        /// How many were made.
        all: usize,
    },
    /// The system refused something.
    #[error("could not {doing}")]
    Io {
        /// What was tried.
        doing: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Error::Usage { .. } | Error::NoFile { .. } | Error::Problems { .. } => exit::USAGE,
            Error::User(error) => error.code(),
            Error::NoSession(NoSession::Credentials(none)) if none.wrong_argument => exit::USAGE,
            Error::NoSession(_)
            | Error::Lock(_)
            | Error::LockLost { .. }
            | Error::Local(_)
            | Error::Refused
            | Error::Declined
            | Error::Stopped
            | Error::Left { .. }
            | Error::Incomplete { .. }
            | Error::LeftOut { .. }
            | Error::NotApplied { .. }
            | Error::Broken { .. }
            | Error::Io { .. } => exit::FAILED,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Usage { hint, .. } => Some(hint.clone()),
            Error::NoFile { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("go to the folder of your stack.yaml, or name it with --file".to_owned())
            }
            Error::NoSession(NoSession::Credentials(none)) => Some(none.cure.clone()),
            Error::NoSession(NoSession::Account(error)) => error.hint(),
            Error::Lock(error) => error.hint(),
            Error::LockLost { loss, .. } => Some(loss.hint()),
            Error::Local(error) => error.hint(),
            Error::User(error) => error.hint(),
            Error::Refused | Error::LeftOut { .. } => Some("what to do is said in the plan, beside what is marked with !".to_owned()),
            Error::Left { .. } => Some(
                "the next run carries on from here; the lock of the stack was not given back and lapses by itself \
                 within a minute"
                    .to_owned(),
            ),
            Error::Incomplete { .. } => Some("the next run carries on from here".to_owned()),
            Error::NotApplied { .. } => Some("run `stackctl apply` first".to_owned()),
            Error::NoFile { .. }
            | Error::Problems { .. }
            | Error::NoSession(NoSession::Unseen(_))
            | Error::Declined
            | Error::Stopped
            | Error::Broken { .. }
            | Error::Io { .. } => None,
        }
    }

    /// The failures that it consists of, each with its own reason.
    pub fn failures(&self) -> &[Failure] {
        match self {
            Error::NoSession(NoSession::Unseen(failures)) => failures,
            Error::Usage { .. }
            | Error::NoFile { .. }
            | Error::Problems { .. }
            | Error::NoSession(NoSession::Credentials(_) | NoSession::Account(_))
            | Error::Lock(_)
            | Error::LockLost { .. }
            | Error::Local(_)
            | Error::User(_)
            | Error::Refused
            | Error::Declined
            | Error::Stopped
            | Error::Left { .. }
            | Error::Incomplete { .. }
            | Error::LeftOut { .. }
            | Error::NotApplied { .. }
            | Error::Broken { .. }
            | Error::Io { .. } => &[],
        }
    }
}

fn list(addresses: &[Address]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The texts of the errors below `error`, from the nearest to the first cause.
pub fn causes(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut below = error.source();
    let mut texts = Vec::new();
    while let Some(cause) = below {
        texts.push(cause.to_string());
        below = cause.source();
    }
    texts
}
