//! The errors of the local cloud, each with a hint.

use std::{io, path::PathBuf};

/// A local cloud that could not be installed, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no Python at all.
    #[error("the local cloud needs Python 3.10 or newer, and there is no python3 on this machine")]
    NoPython,
    /// There is a Python, but too old a one.
    #[error("the local cloud needs Python 3.10 or newer, and python3 is {found}")]
    OldPython {
        /// Its version.
        found: String,
    },
    /// Python cannot make virtual environments.
    #[error("Python {version} cannot make a virtual environment: {output}")]
    NoVenv {
        /// Its version.
        version: String,
        /// Its output.
        output: String,
    },
    /// PyPI could not be reached.
    #[error("could not download the local cloud's emulator: {output}")]
    NoNetwork {
        /// The output of pip.
        output: String,
    },
    /// pip failed otherwise.
    #[error("could not install the local cloud's emulator: {output}")]
    Pip {
        /// The output of pip.
        output: String,
    },
    /// Something else listens on the port.
    #[error("port {port} on 127.0.0.1 is taken by another program")]
    TakenPort {
        /// The port.
        port: u16,
    },
    /// The folder's local cloud runs already.
    #[error("this local cloud runs already{}", at(.pid, .port))]
    AlreadyRunning {
        /// Its process.
        pid: Option<u32>,
        /// Its port.
        port: Option<u16>,
    },
    /// It does not run.
    #[error("the local cloud does not run")]
    NotRunning,
    /// It was started by an old stackctl, whose root key was the same everywhere.
    #[error("this local cloud was started by an older stackctl, which had no root key of its own")]
    NoRootKey,
    /// The file of the root key is not valid.
    #[error("{} holds no root key", .path.display())]
    BrokenRootKey {
        /// The file.
        path: PathBuf,
    },
    /// It was started and did not become healthy.
    #[error("the local cloud did not start; the end of {}:\n{tail}", .log.display())]
    NotHealthy {
        /// Its log.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// It got SIGTERM and still runs.
    #[error("the local cloud (process {pid}) did not stop within {seconds} seconds")]
    DoesNotStop {
        /// Its process.
        pid: u32,
        /// How long stackctl waited.
        seconds: u64,
    },
    /// The emulator ends again and again.
    #[error("the emulator ended {times} times in a row, last: {ended}")]
    EmulatorEnds {
        /// How often.
        times: u32,
        /// How it ended last.
        ended: String,
    },
    /// An operation of the operating system failed.
    #[error("could not {doing}")]
    Io {
        /// The operation that failed.
        doing: String,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl Error {
    /// A hint for the user: how to continue.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::NoPython | Error::OldPython { .. } => Some(
                "install Python (Debian, Ubuntu: `sudo apt install python3 python3-venv`; Fedora: \
                 `sudo dnf install python3`; macOS: `brew install python`) and run this again"
                    .to_owned(),
            ),
            Error::NoVenv { version, .. } => Some(format!(
                "Debian and Ubuntu keep this in a package of its own: `sudo apt install python{version}-venv`"
            )),
            Error::NoNetwork { .. } => Some(
                "the first start needs pypi.org, later ones do not; behind a proxy set HTTPS_PROXY, for a \
                 mirror PIP_INDEX_URL"
                    .to_owned(),
            ),
            Error::Pip { .. } | Error::Io { .. } => None,
            Error::TakenPort { port } => Some(format!(
                "choose another one with `--port`, or find the program that has it: `lsof -i :{port}` or `ss -ltnp 'sport = :{port}'`"
            )),
            Error::AlreadyRunning { .. } | Error::NoRootKey => {
                Some("stop it first: `stackctl local down`".to_owned())
            }
            Error::NotRunning => Some("start it: `stackctl local up`".to_owned()),
            Error::BrokenRootKey { path } => Some(format!(
                "`stackctl local down`, delete {}, and start the local cloud: it makes a new key",
                path.display()
            )),
            Error::NotHealthy { log, .. } => Some(format!("all of it is in {}", log.display())),
            Error::DoesNotStop { pid, .. } => {
                Some(format!("`kill -9 {pid}` ends it; changes since its start may be lost"))
            }
            Error::EmulatorEnds { .. } => Some("`stackctl local logs` shows its output".to_owned()),
        }
    }
}

/// Adds the operation that failed to an I/O error.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Error>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|source| Error::Io { doing: what(), source })
    }
}

fn at(pid: &Option<u32>, port: &Option<u16>) -> String {
    let pid = pid.map(|it| format!(" as process {it}")).unwrap_or_default();
    let port = port.map(|it| format!(" on port {it}")).unwrap_or_default();
    format!("{pid}{port}")
}
