//! Starts and stops the local cloud of this user: one for all projects.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use stackctl_localcloud::{Cloud, Instance, Options, Progress};
use tokio::sync::mpsc;

use crate::{
    error::Error,
    report::Report,
    run::{follow, interrupt::Interrupt},
};

/// The environment variable that names another folder for the state.
const STATE: &str = "STACKCTL_LOCAL_STATE";

/// The environment variable that names a file to record whole requests in, for tests.
const RECORD: &str = "STACKCTL_LOCAL_RECORD";

/// The file that whole requests are recorded in.
pub fn record() -> Option<PathBuf> {
    env::var_os(RECORD).filter(|it| !it.is_empty()).map(PathBuf::from)
}

/// The folder that emulators are installed in.
pub fn cache() -> Result<PathBuf, Error> {
    Ok(folder("XDG_CACHE_HOME", ".cache")?.join("stackctl"))
}

/// The files of the local cloud.
pub fn instance() -> Result<Instance, Error> {
    let own = env::var_os(STATE).filter(|it| !it.is_empty()).map(PathBuf::from);
    let state = match own {
        Some(state) => state,
        None => folder("XDG_STATE_HOME", ".local/state")?.join("stackctl").join("local"),
    };
    // The process in the background runs in another folder.
    let here =
        || env::current_dir().map_err(|source| Error::Io { doing: "find this folder".to_owned(), source });
    Ok(Instance::at(if state.is_absolute() { state } else { here()?.join(state) }))
}

/// Starts the local cloud unless it runs.
///
/// # Errors
/// A local cloud that does not start, and Ctrl-C.
pub async fn up(
    port: Option<u16>,
    region: &str,
    report: &mut Report,
    interrupt: &mut Interrupt,
) -> Result<Cloud, Error> {
    let instance = instance()?;
    let port = instance.choose_port(port)?;
    let options = Options { cache: cache()?, instance, port, region: region.to_owned(), record: None };
    let program = env::current_exe()
        .map_err(|source| Error::Io { doing: "find the program stackctl itself".to_owned(), source })?;
    let mut daemon = Command::new(program);
    daemon.args(["local", "serve", "--port", &port.to_string(), "--region", region]);
    daemon.arg("--state").arg(options.instance.folder()).arg("--cache").arg(&options.cache);
    // The current folder may be deleted while the local cloud runs.
    daemon.current_dir(Path::new("/"));
    let (mut tell, mut told) = told();
    let work = stackctl_localcloud::up(&options, daemon, &mut tell);
    Ok(follow::listen("starting the local cloud", &mut told, report, interrupt, work).await??)
}

/// Stops the local cloud; returns false when it was not running.
///
/// # Errors
/// A local cloud that does not stop, and Ctrl-C.
pub async fn down(report: &mut Report, interrupt: &mut Interrupt) -> Result<bool, Error> {
    let instance = instance()?;
    let (mut tell, mut told) = told();
    let work = stackctl_localcloud::down(&instance, &mut tell);
    Ok(follow::listen("stopping the local cloud", &mut told, report, interrupt, work).await??)
}

/// A function that reports progress, and the channel that its text arrives in.
fn told() -> (impl FnMut(Progress) + Send, mpsc::UnboundedReceiver<String>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let tell = move |progress: Progress| {
        // A closed channel means that the report has ended.
        let _ = sender.send(progress.to_string());
    };
    (tell, receiver)
}

fn folder(variable: &str, below_home: &str) -> Result<PathBuf, Error> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    absolute(variable).or_else(|| Some(absolute("HOME")?.join(below_home))).ok_or_else(|| Error::Usage {
        what: "no home folder for the local cloud".to_owned(),
        hint: format!("set HOME, or {STATE} and XDG_CACHE_HOME"),
    })
}
