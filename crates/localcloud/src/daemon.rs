//! The local cloud in the background: start, status, stop.

use std::{
    fs,
    io::{Read, Seek, SeekFrom},
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use stackctl_gateway::RootKey;
use tokio::time::sleep;

use crate::{
    error::{Doing, Error},
    health, install,
    instance::{Instance, Record},
    private,
    progress::{Progress, Reporter},
    serve::{DEFAULT_PORT, Options, bind, url},
};

const UP_WITHIN: Duration = Duration::from_secs(40);
const DOWN_WITHIN: Duration = Duration::from_secs(25);
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// A local cloud that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloud {
    /// Its URL.
    pub url: String,
    /// Its port.
    pub port: u16,
    /// Its process.
    pub pid: u32,
    /// The region of requests that are not signed for one; signed ones are served in theirs.
    pub region: String,
    /// Its root key.
    pub root: RootKey,
    /// The log of the gateway and the emulator.
    pub log: PathBuf,
    /// One JSON line for each request.
    pub requests: PathBuf,
}

/// The state of a local cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It answers requests.
    Running(Cloud),
    /// It starts, or its emulator restarts.
    Starting,
    /// It does not run.
    Stopped,
}

impl Instance {
    /// The port to start it on: the given one, or the last one, or the default, or any free one.
    pub fn choose_port(&self, asked: Option<u16>) -> Result<u16, Error> {
        if let Some(port) = asked.or_else(|| self.last_port()) {
            return Ok(port);
        }
        match TcpListener::bind((Ipv4Addr::LOCALHOST, DEFAULT_PORT)) {
            Ok(_free) => Ok(DEFAULT_PORT),
            Err(_taken) => crate::emulator::free_port(),
        }
    }

    fn cloud(&self, record: Record) -> Result<Cloud, Error> {
        let Record { pid, port, run: _, region } = record;
        // A new key would not be the key of the running gateway.
        if !self.root_key_path().exists() {
            return Err(Error::NoRootKey);
        }
        let (root, url, log, requests) = (self.root_key()?, url(port), self.log(), self.requests());
        Ok(Cloud { url, port, pid, region, root, log, requests })
    }
}

/// Starts the local cloud, unless it runs. `daemon` runs in the background and must call `serve` with the same options.
///
/// # Errors
/// A local cloud that can't be installed or started, or does not become healthy.
pub async fn up(options: &Options, mut daemon: Command, report: Reporter<'_>) -> Result<Cloud, Error> {
    let instance = &options.instance;
    if instance.running()?.is_some() {
        return healthy(instance, None, 0).await;
    }
    instance.create()?;
    drop(bind(options.port).await?);
    // Here and not in the daemon, so that the caller sees the progress.
    install::install(&options.cache, report).await?;
    let started = Instant::now();
    report(Progress::Starting { url: options.url() });
    let log = open_log(instance)?;
    let said_before = log.metadata().map(|it| it.len()).unwrap_or_default();
    let second = log.try_clone().doing(|| format!("open {}", instance.log().display()))?;
    let child = daemon
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(second)
        // A process group of its own: Ctrl-C in this terminal does not stop it.
        .process_group(0)
        .spawn()
        .doing(|| format!("start {}", daemon.get_program().to_string_lossy()))?;
    let cloud = healthy(instance, Some(child), said_before).await?;
    report(Progress::Started { url: cloud.url.clone(), took: started.elapsed() });
    Ok(cloud)
}

/// Stops the local cloud, which writes its state first; false when it did not run.
///
/// # Errors
/// A process that can't be stopped, or does not end.
pub async fn down(instance: &Instance, report: Reporter<'_>) -> Result<bool, Error> {
    let started = Instant::now();
    let mut told = None;
    loop {
        if !instance.is_held()? {
            if told.is_some() {
                report(Progress::Stopped { took: started.elapsed() });
            }
            return Ok(told.is_some());
        }
        // The holder of the lock writes the record soon after it took the lock.
        if let (None, Some(Record { pid, .. })) = (told, instance.running()?) {
            report(Progress::Stopping);
            let process = Pid::from_raw(pid.cast_signed());
            if let Some(process) = process {
                match kill_process(process, Signal::TERM) {
                    // It has ended since.
                    Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                    Err(error) => return Err(error.into()).doing(|| format!("stop process {pid}")),
                }
            }
            told = Some(pid);
        }
        if started.elapsed() > DOWN_WITHIN {
            return Err(Error::DoesNotStop { pid: told.unwrap_or_default(), seconds: DOWN_WITHIN.as_secs() });
        }
        sleep(LOOK_EVERY).await;
    }
}

/// Returns the state of the local cloud.
///
/// # Errors
/// Files that can't be read, or a missing root key.
pub async fn status(instance: &Instance) -> Result<Status, Error> {
    if !instance.is_held()? {
        return Ok(Status::Stopped);
    }
    Ok(match instance.running()? {
        Some(record) if health::answers(&record).await => Status::Running(instance.cloud(record)?),
        _ => Status::Starting,
    })
}

/// Waits until the local cloud answers; the error has the end of its log.
async fn healthy(
    instance: &Instance,
    mut child: Option<std::process::Child>,
    said_before: u64,
) -> Result<Cloud, Error> {
    let started = Instant::now();
    loop {
        if let Status::Running(cloud) = status(instance).await? {
            return Ok(cloud);
        }
        let ended = match &mut child {
            Some(child) => child.try_wait().doing(|| "wait for the local cloud".to_owned())?.is_some(),
            None => !instance.is_held()?,
        };
        if ended || started.elapsed() > UP_WITHIN {
            let log = instance.log();
            return Err(Error::NotHealthy { tail: tail(&log, said_before), log });
        }
        sleep(LOOK_EVERY).await;
    }
}

fn open_log(instance: &Instance) -> Result<fs::File, Error> {
    let path = instance.log();
    private::log(&path, "old").doing(|| format!("open {}", path.display()))
}

/// The last lines of the log after the offset `since`.
fn tail(log: &std::path::Path, since: u64) -> String {
    let mut text = Vec::new();
    if let Ok(mut file) = fs::File::open(log) {
        let _ = file.seek(SeekFrom::Start(since)).and_then(|_| file.read_to_end(&mut text));
    }
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
