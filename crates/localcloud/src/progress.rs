//! The progress of an installation, a start or a stop.

use std::{fmt, path::PathBuf, time::Duration};

/// One step of an installation, a start or a stop of the local cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Another process installs the same emulator at this moment.
    WaitingForInstall,
    /// The emulator is not on this machine yet.
    Installing {
        /// Name and version of the software.
        what: String,
        /// The folder of the installation.
        folder: PathBuf,
    },
    /// The emulator is on this machine now.
    Installed {
        /// How long it took.
        took: Duration,
    },
    /// The local cloud is being started.
    Starting {
        /// The URL it will have.
        url: String,
    },
    /// The local cloud answers.
    Started {
        /// Its URL.
        url: String,
        /// How long it took.
        took: Duration,
    },
    /// The emulator ended by itself and is started again.
    Restarting {
        /// How it ended.
        ended: String,
    },
    /// The local cloud writes its state and ends.
    Stopping,
    /// The local cloud has ended.
    Stopped {
        /// How long it took.
        took: Duration,
    },
}

/// Receives progress.
pub type Reporter<'a> = &'a mut (dyn FnMut(Progress) + Send);

impl fmt::Display for Progress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Progress::WaitingForInstall => {
                write!(out, "waiting for another stackctl that installs the local cloud")
            }
            Progress::Installing { what, folder } => write!(
                out,
                "installing {what} for the local cloud into {} (once; some 20 seconds)",
                folder.display()
            ),
            Progress::Installed { took } => write!(out, "installed in {:.1} s", took.as_secs_f32()),
            Progress::Starting { url } => write!(out, "starting the local cloud at {url}"),
            Progress::Started { url, took } => {
                write!(out, "the local cloud answers at {url} after {:.1} s", took.as_secs_f32())
            }
            Progress::Restarting { ended } => write!(out, "the emulator ended ({ended}): starting it again"),
            Progress::Stopping => write!(out, "stopping the local cloud"),
            Progress::Stopped { took } => write!(out, "stopped in {:.1} s", took.as_secs_f32()),
        }
    }
}
