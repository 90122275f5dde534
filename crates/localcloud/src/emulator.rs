//! The process of MiniStack: start, supervision, restart, stop.

use std::{
    ffi::OsString,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use stackctl_gateway::{RootKey, Upstream};
use tokio::{
    process::{Child, Command},
    sync::watch,
    time::{Instant, sleep, timeout},
};

use crate::{
    error::{Doing, Error},
    install::Installed,
    instance::Instance,
    private,
    progress::{Progress, Reporter},
};

const RUN: &str = concat!(
    include_str!("callers.py"),
    include_str!("permissions.py"),
    include_str!("logs.py"),
    include_str!("accounts.py"),
    include_str!("second_factor.py"),
    include_str!("failures.py"),
    include_str!("parameters.py"),
    include_str!("run_ministack.py")
);
const HEALTHY_WITHIN: Duration = Duration::from_secs(30);
const ENDS_WITHIN: Duration = Duration::from_secs(15);
/// Changes come in groups: the state is written this long after the first one.
const SETTLES_WITHIN: Duration = Duration::from_millis(500);
/// When an emulator ran this long before it ended, the count of failures begins anew.
const RAN_WELL: Duration = Duration::from_secs(60);
const RESTARTS: u32 = 5;

/// The options of the emulator.
pub(crate) struct EmulatorOptions {
    pub installed: Installed,
    /// The folder of this machine's Node.js, which runs functions for it.
    pub node: Option<PathBuf>,
    pub instance: Instance,
    /// The URL of the gateway, for functions and browsers.
    pub url: String,
    pub region: String,
    /// The key by which the emulator recognises the gateway.
    pub key: String,
    /// The root key.
    pub root: RootKey,
    /// The emulator makes and changes functions without a delay of its own.
    pub functions_settle_at_once: bool,
}

/// A port that is free at this moment.
pub(crate) fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing(|| "find a free port".to_owned())?;
    Ok(listener.local_addr().doing(|| "find a free port".to_owned())?.port())
}

/// Runs the emulator until `stop` turns true; starts it again when it ends by itself.
pub(crate) async fn supervise(
    emulator_options: &EmulatorOptions,
    upstream: &Upstream,
    mut stop: watch::Receiver<bool>,
    report: Reporter<'_>,
) -> Result<(), Error> {
    let mut failures = 0;
    loop {
        let started = Instant::now();
        let port = free_port()?;
        let mut child = start(emulator_options, port)?;
        let group = child.id();
        let ended = tokio::select! {
            ended = run_one(&mut child, upstream, port) => Some(ended?),
            _ = stop.wait_for(|it| *it) => None,
        };
        upstream.lose();
        let Some(ended) = ended else {
            let ended = end(child).await;
            kill_rest(group);
            return ended;
        };
        kill_rest(group);
        let ended = match ended {
            Ended::OnDemand => continue,
            Ended::ByItself(how) => how,
        };
        failures = if started.elapsed() > RAN_WELL { 1 } else { failures + 1 };
        if failures > RESTARTS {
            return Err(Error::EmulatorEnds { times: failures, ended });
        }
        report(Progress::Restarting { ended });
        sleep(Duration::from_millis(200) * failures).await;
    }
}

fn start(emulator_options: &EmulatorOptions, port: u16) -> Result<Child, Error> {
    let EmulatorOptions { installed, node, instance, url, region, key, root, functions_settle_at_once } =
        emulator_options;
    let log = || private::to_append(&instance.log()).doing(|| format!("open {}", instance.log().display()));
    Command::new(&installed.python)
        .args(["-c", RUN])
        // Functions inherit the emulator's environment: it has no variables of the user.
        .env_clear()
        .env("PATH", path(node.as_deref()))
        .env("HOME", instance.temporary())
        .env("TMPDIR", instance.temporary())
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("STACKCTL_KEY", key)
        .env("STACKCTL_ROOT_KEY", &root.access_key_id)
        .env("STACKCTL_ROOT_SECRET", &root.secret_access_key)
        .env("STACKCTL_MESSAGES", instance.messages())
        .envs(functions_settle_at_once.then_some(("STACKCTL_FUNCTIONS_SETTLE_AT_ONCE", "1")))
        .env("AUTH", "true")
        .env("LOG_LEVEL", "WARNING")
        .env("AWS_ENDPOINT_URL", url)
        .env("MINISTACK_REGION", region)
        .env("IOT_MTLS_ENABLED", "0")
        .env("SFTP_ENABLED", "0")
        .env("PERSIST_STATE", "1")
        .env("STATE_DIR", instance.emulator_state())
        .env("S3_PERSIST", "1")
        .env("S3_DATA_DIR", instance.objects())
        .current_dir(instance.temporary())
        // A process group of its own: Ctrl-C in the terminal stops the gateway, which then stops the emulator.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(log()?)
        .stderr(log()?)
        .kill_on_drop(true)
        .spawn()
        .doing(|| format!("start {}", installed.python.display()))
}

/// Where functions find programs: the system's folders, and that of Node.js.
fn path(node: Option<&Path>) -> OsString {
    const SYSTEM: &str = "/usr/local/bin:/usr/bin:/bin";
    match node {
        Some(folder) => {
            let mut path = folder.as_os_str().to_owned();
            path.push(":");
            path.push(SYSTEM);
            path
        }
        None => SYSTEM.into(),
    }
}

/// Why an emulator has ended.
enum Ended {
    /// The gateway's layer asked to kill it.
    OnDemand,
    /// It ended by itself; the text says how.
    ByItself(String),
}

/// Connects the gateway to the emulator once it is healthy; returns why it ended.
async fn run_one(child: &mut Child, upstream: &Upstream, port: u16) -> Result<Ended, Error> {
    // `wait` would close the pipe, and the emulator ends when the pipe closes.
    let _pipe = child.stdin.take();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let healthy = timeout(HEALTHY_WITHIN, async {
        while !upstream.is_healthy(address).await {
            sleep(Duration::from_millis(25)).await;
        }
    });
    tokio::select! {
        in_time = healthy => match in_time {
            Ok(()) => upstream.found(address),
            Err(_elapsed) => {
                let _ = child.start_kill();
                return Ok(Ended::ByItself(format!("not healthy within {} s", HEALTHY_WITHIN.as_secs())));
            }
        },
        status = child.wait() => return described(status),
    }
    let pid = child.id();
    tokio::select! {
        status = child.wait() => described(status),
        () = upstream.kill.notified() => {
            upstream.lose();
            child.kill().await.doing(|| "kill the emulator".to_owned())?;
            Ok(Ended::OnDemand)
        }
        never = save_after_changes(upstream, pid) => never,
    }
}

/// Makes the emulator write its state after changes.
async fn save_after_changes<T>(upstream: &Upstream, pid: Option<u32>) -> T {
    loop {
        upstream.written.notified().await;
        sleep(SETTLES_WITHIN).await;
        // The emulator may have ended.
        let _ = send(pid, Signal::USR1);
    }
}

fn send(pid: Option<u32>, signal: Signal) -> std::io::Result<()> {
    match pid.and_then(|it| Pid::from_raw(it.cast_signed())) {
        Some(pid) => Ok(kill_process(pid, signal)?),
        None => Ok(()),
    }
}

fn described(status: std::io::Result<ExitStatus>) -> Result<Ended, Error> {
    Ok(Ended::ByItself(status.doing(|| "wait for the emulator".to_owned())?.to_string()))
}

/// Kills the rest of the emulator's process group: functions and their processes.
fn kill_rest(group: Option<u32>) {
    if let Some(group) = group.and_then(|it| Pid::from_raw(it.cast_signed())) {
        // Usually there is no process left.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Sends SIGTERM, after which the emulator writes its state and ends.
async fn end(mut child: Child) -> Result<(), Error> {
    send(child.id(), Signal::TERM).doing(|| "stop the emulator".to_owned())?;
    match timeout(ENDS_WITHIN, child.wait()).await {
        Ok(_ended) => Ok(()),
        Err(_elapsed) => child.kill().await.doing(|| "kill the emulator".to_owned()),
    }
}
