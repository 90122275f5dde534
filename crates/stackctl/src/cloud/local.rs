//! The local cloud of this user: one for all projects, as AWS is one.

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

/// The variable that names another folder for its state.
const STATE: &str = "STACKCTL_LOCAL_STATE";

/// The variable that names a file for whole requests, for tests.
const RECORD: &str = "STACKCTL_LOCAL_RECORD";

/// Where requests are recorded with what is in them.
pub fn record() -> Option<PathBuf> {
    env::var_os(RECORD).filter(|it| !it.is_empty()).map(PathBuf::from)
}

/// Where emulators are installed.
pub fn cache() -> Result<PathBuf, Error> {
    Ok(folder("XDG_CACHE_HOME", ".cache")?.join("stackctl"))
}

/// The local cloud's files.
pub fn instance() -> Result<Instance, Error> {
    let own = env::var_os(STATE).filter(|it| !it.is_empty()).map(PathBuf::from);
    let state = match own {
        Some(state) => state,
        None => folder("XDG_STATE_HOME", ".local/state")?.join("stackctl").join("local"),
    };
    // The process in the background has no folder of its own.
    let here =
        || env::current_dir().map_err(|source| Error::Io { doing: "find this folder".to_owned(), source });
    Ok(Instance::at(if state.is_absolute() { state } else { here()?.join(state) }))
}

/// Starts it unless it runs.
///
/// # Errors
/// Why it does not run, and Ctrl-C meanwhile.
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
    // The folder it is started in may be deleted while it runs.
    daemon.current_dir(Path::new("/"));
    let (mut tell, mut told) = told();
    let work = stackctl_localcloud::up(&options, daemon, &mut tell);
    Ok(follow::listen("starting the local cloud", &mut told, report, interrupt, work).await??)
}

/// Stops it; false when it was not running.
///
/// # Errors
/// Why it still runs, and Ctrl-C meanwhile.
pub async fn down(report: &mut Report, interrupt: &mut Interrupt) -> Result<bool, Error> {
    let instance = instance()?;
    let (mut tell, mut told) = told();
    let work = stackctl_localcloud::down(&instance, &mut tell);
    Ok(follow::listen("stopping the local cloud", &mut told, report, interrupt, work).await??)
}

/// A way to tell progress, and where it arrives as text.
fn told() -> (impl FnMut(Progress) + Send, mpsc::UnboundedReceiver<String>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let tell = move |progress: Progress| {
        // Nobody listens any more: then nobody wants to know.
        let _ = sender.send(progress.to_string());
    };
    (tell, receiver)
}

fn folder(variable: &str, below_home: &str) -> Result<PathBuf, Error> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    absolute(variable).or_else(|| Some(absolute("HOME")?.join(below_home))).ok_or_else(|| Error::Usage {
        what: "there is no home folder for the local cloud".to_owned(),
        hint: format!("set HOME, or {STATE} and XDG_CACHE_HOME"),
    })
}
