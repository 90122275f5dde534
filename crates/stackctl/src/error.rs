//! The errors that end a command.

pub mod user;

use std::{io, path::PathBuf, sync::Arc};

use stackctl_adoption::NoAdoption;
use stackctl_aws::session::NoSession;
use stackctl_aws_client::{lock::lease::Loss, request::error::AwsError};
use stackctl_dev::watch::WatchError;
use stackctl_engine::{Address, Failure, Fault};
use stackctl_export::NoExport;
use stackctl_formats::{NoUpdate, Unfit};
use stackctl_init::NoInit;
use stackctl_package::PackageError;
use stackctl_results::reviewed::NoReview;
use thiserror::Error;

use self::user::UserError;
use crate::{exit, stack_file::place::NotFound};

/// An error that ends a command.
#[derive(Debug, Error)]
pub enum Error {
    /// The arguments contradict each other or the file.
    #[error("{what}")]
    Usage {
        /// The problem.
        what: String,
        /// The advice.
        hint: String,
    },
    /// The outputs do not fit the format.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The outputs could not be written to a file.
    #[error(transparent)]
    NoUpdate(#[from] NoUpdate),
    /// The stack could not be exported.
    #[error(transparent)]
    NoExport(#[from] NoExport),
    /// The files of a project could not be written.
    #[error(transparent)]
    NoInit(#[from] NoInit),
    /// No stack file was found.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// `stack.yaml` could not be read.
    #[error("could not read {}", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// `stack.yaml` has problems, which were reported before.
    #[error("{} has {count} {}", path.display(), if *count == 1 { "problem" } else { "problems" })]
    Problems {
        /// The file.
        path: PathBuf,
        /// The number of problems.
        count: usize,
    },
    /// The stack could not be read from AWS.
    #[error(transparent)]
    NoSession(#[from] NoSession),
    /// A resource could not be adopted or released.
    #[error(transparent)]
    NoAdoption(#[from] NoAdoption),
    /// The lock could not be taken.
    #[error("could not lock the stack; nothing was changed")]
    Lock(#[source] AwsError),
    /// The lock was lost, and another run may write now.
    #[error(
        "this run lost the lock of the stack and stopped before its next write{}",
        if steps.is_empty() { String::new() } else { format!(", during: {}", steps.join(", ")) }
    )]
    LockLost {
        /// The steps under way.
        steps: Vec<String>,
        /// The new holder of the lock.
        #[source]
        loss: Loss,
    },
    /// The logs could not be read.
    #[error("could not read the logs")]
    Logs(#[source] AwsError),
    /// The local cloud failed.
    #[error(transparent)]
    Local(#[from] stackctl_localcloud::Error),
    /// The plan contains refused actions.
    #[error("the plan contains refused actions; nothing was changed")]
    Refused,
    /// The sources could not be watched.
    #[error("could not watch the sources")]
    Watch(#[source] WatchError),
    /// A function's code could not be built.
    #[error("the code of the functions is not ready")]
    Code(#[source] Arc<PackageError>),
    /// A plan could not be written to a file, or read from it.
    #[error(transparent)]
    NoReview(#[from] NoReview),
    /// The plan is not the reviewed one; the differences were reported before.
    #[error("the plan is not the one of {}; no step of it was done", file.display())]
    NotReviewed {
        /// The file of the reviewed plan.
        file: PathBuf,
    },
    /// The user did not confirm.
    #[error("Cancelled. Nothing was changed.")]
    Declined,
    /// The user stopped the command before its first change.
    #[error("Stopped. The stack was not changed.")]
    Stopped,
    /// The user stopped the command while steps were under way.
    #[error("stopped at once, while {} {} under way", steps.join(", "), if steps.len() == 1 { "was" } else { "were" })]
    Left {
        /// The steps under way.
        steps: Vec<String>,
    },
    /// Some steps were not done; the failures were reported before.
    #[error("the run is incomplete: {done} {} done", if *done == 1 { "step was" } else { "steps were" })]
    Incomplete {
        /// The number of steps that were done.
        done: usize,
    },
    /// The plan leaves resources out; the other steps were done.
    #[error("not changed, because the plan leaves {} out: {}", if addresses.len() == 1 { "it" } else { "them" }, list(addresses))]
    LeftOut {
        /// The resources that are left out.
        addresses: Vec<Address>,
    },
    /// Resources with outputs are missing.
    #[error("not applied yet: {}", missing.join(", "))]
    NotApplied {
        /// The addresses of the missing resources.
        missing: Vec<String>,
    },
    /// A command about a user failed.
    #[error(transparent)]
    User(#[from] UserError),
    /// A secret could not be read or replaced.
    #[error("could not read or replace the secret")]
    Secret(#[source] AwsError),
    /// Checks of a verification failed; each was reported before.
    #[error("{failed} of {all} checks failed: something is open or broken")]
    Broken {
        /// The number of failed checks.
        failed: usize,
        /// The number of checks that ran.
        all: usize,
    },
    /// A system call failed.
    #[error("could not {doing}")]
    Io {
        /// The operation, as in `read the answer`.
        doing: String,
        /// The system's error.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Error::Usage { .. }
            | Error::Unfit(_)
            | Error::NotFound(_)
            | Error::NoFile { .. }
            | Error::Problems { .. } => exit::USAGE,
            Error::NoUpdate(NoUpdate::Unfit(_)) => exit::USAGE,
            Error::NoReview(
                NoReview::Unread { .. }
                | NoReview::Absent { .. }
                | NoReview::InTheWay { .. }
                | NoReview::NoPlan { .. }
                | NoReview::Unfit { .. },
            ) => exit::USAGE,
            Error::NoInit(NoInit::Invalid { .. }) => exit::USAGE,
            Error::User(error) => error.code(),
            Error::NoAdoption(error) if error.is_of_arguments() => exit::USAGE,
            Error::NoSession(NoSession::Credentials(none)) if none.wrong_argument => exit::USAGE,
            Error::NoUpdate(NoUpdate::Unread { .. } | NoUpdate::Refused { .. })
            | Error::NoExport(_)
            | Error::NoInit(
                NoInit::Exists { .. }
                | NoInit::OtherProject { .. }
                | NoInit::NoPackage { .. }
                | NoInit::Io { .. },
            )
            | Error::NoSession(_)
            | Error::NoAdoption(_)
            | Error::Lock(_)
            | Error::Logs(_)
            | Error::Secret(_)
            | Error::LockLost { .. }
            | Error::Local(_)
            | Error::Refused
            | Error::Watch(_)
            | Error::Code(_)
            | Error::NoReview(NoReview::Unwritten { .. })
            | Error::NotReviewed { .. }
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

    /// Whether the user ended the command, so that nothing went wrong.
    pub fn is_users_choice(&self) -> bool {
        matches!(self, Error::Declined | Error::Stopped)
    }

    /// The advice to the user.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Usage { hint, .. } => Some(hint.clone()),
            Error::Unfit(unfit) => Some(unfit.hint.clone()),
            Error::NoUpdate(error) => error.hint(),
            Error::NotFound(error) => error.hint(),
            Error::NoReview(error) => error.hint(),
            Error::NoInit(error) => error.hint(),
            Error::NoExport(error) => error.hint(),
            Error::NoFile { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("without --file, stackctl searches this folder and its parents for stack.yaml".to_owned())
            }
            Error::NoSession(NoSession::Credentials(none)) => Some(none.cure.clone()),
            Error::NoSession(NoSession::Account(error)) => error.hint(),
            Error::NoSession(NoSession::Logs(error)) | Error::Lock(error) | Error::Logs(error) | Error::Secret(error) => error.hint(),
            Error::LockLost { loss, .. } => Some(loss.hint()),
            Error::Local(error) => error.hint(),
            Error::User(error) => error.hint(),
            Error::NoAdoption(error) => error.hint(),
            Error::Refused | Error::LeftOut { .. } => Some("the plan says what to do below each line that is marked with !".to_owned()),
            Error::Code(error) => error.hint(),
            Error::NotReviewed { file } => {
                Some(format!("write and review a new plan: `stackctl plan --out {}`", file.display()))
            }
            Error::Left { .. } => Some(
                "the next run continues from here; the lock of the stack was not released and expires within a minute"
                    .to_owned(),
            ),
            Error::Incomplete { .. } => Some("the next run continues from here".to_owned()),
            Error::NotApplied { .. } => Some("run `stackctl apply` first".to_owned()),
            Error::NoFile { .. }
            | Error::Problems { .. }
            | Error::Watch(_)
            | Error::NoSession(NoSession::Unseen(_))
            | Error::Declined
            | Error::Stopped
            | Error::Broken { .. }
            | Error::Io { .. } => None,
        }
    }

    /// The failures of single resources that the error consists of.
    pub fn failures(&self) -> &[Failure] {
        match self {
            Error::NoSession(NoSession::Unseen(failures)) => failures,
            Error::NoAdoption(error) => error.failures(),
            Error::Usage { .. }
            | Error::Unfit(_)
            | Error::NoUpdate(_)
            | Error::NotFound(_)
            | Error::NoInit(_)
            | Error::NoExport(_)
            | Error::NoFile { .. }
            | Error::Problems { .. }
            | Error::NoSession(NoSession::Credentials(_) | NoSession::Account(_) | NoSession::Logs(_))
            | Error::Lock(_)
            | Error::Logs(_)
            | Error::Secret(_)
            | Error::LockLost { .. }
            | Error::Local(_)
            | Error::User(_)
            | Error::Refused
            | Error::Watch(_)
            | Error::Code(_)
            | Error::NoReview(_)
            | Error::NotReviewed { .. }
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
