//! MiniStack as a process: started, watched, started again, stopped.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
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
    progress::{Progress, Tell},
};

const RUN: &str =
    concat!(include_str!("callers.py"), include_str!("permissions.py"), include_str!("run_ministack.py"));
const HEALTHY_WITHIN: Duration = Duration::from_secs(30);
const ENDS_WITHIN: Duration = Duration::from_secs(15);
/// A change is rarely alone: the state is written when others have had the time to follow.
const SETTLES_WITHIN: Duration = Duration::from_millis(500);
/// An emulator that ran this long before it ended is a new story, not the same trouble again.
const RAN_WELL: Duration = Duration::from_secs(60);
const RESTARTS: u32 = 5;

/// What the emulator is started with.
pub(crate) struct Settings {
    pub installed: Installed,
    pub instance: Instance,
    /// Where the gateway listens: what functions sign for and browsers reach.
    pub url: String,
    pub region: String,
    /// What the gateway says to be let in.
    pub key: String,
    /// The one key with all rights.
    pub root: RootKey,
    /// The emulator makes and changes functions without a delay of its own.
    pub functions_settle_at_once: bool,
}

/// A port that is free at this moment.
pub(crate) fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing(|| "find a free port".to_owned())?;
    Ok(listener.local_addr().doing(|| "find a free port".to_owned())?.port())
}

/// Runs the emulator until `stop` turns true, and again when it ends by itself.
pub(crate) async fn supervise(
    settings: &Settings,
    upstream: &Upstream,
    mut stop: watch::Receiver<bool>,
    tell: Tell<'_>,
) -> Result<(), Error> {
    let mut failures = 0;
    loop {
        let started = Instant::now();
        let port = free_port()?;
        let mut child = start(settings, port)?;
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
        tell(Progress::Restarting { ended });
        sleep(Duration::from_millis(200) * failures).await;
    }
}

fn start(settings: &Settings, port: u16) -> Result<Child, Error> {
    let Settings { installed, instance, url, region, key, root, functions_settle_at_once } = settings;
    let log = || private::to_append(&instance.log()).doing(|| format!("open {}", instance.log().display()));
    Command::new(&installed.python)
        .args(["-c", RUN])
        // Functions inherit the emulator's environment: nothing of the user's own may be in it.
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", instance.temporary())
        .env("TMPDIR", instance.temporary())
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("STACKCTL_KEY", key)
        .env("STACKCTL_ROOT_KEY", &root.access_key_id)
        .env("STACKCTL_ROOT_SECRET", &root.secret_access_key)
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
        // A group of its own: a Ctrl-C in the terminal is for the gateway, which then ends this one in order.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(log()?)
        .stderr(log()?)
        .kill_on_drop(true)
        .spawn()
        .doing(|| format!("start {}", installed.python.display()))
}

/// Why an emulator is not there any more.
enum Ended {
    /// It was killed because the gateway's layer wanted that.
    OnDemand,
    /// It ended by itself, like this.
    ByItself(String),
}

/// Opens the way to the emulator once it is healthy; returns how it ended.
async fn run_one(child: &mut Child, upstream: &Upstream, port: u16) -> Result<Ended, Error> {
    // `wait` closes the pipe, and the open pipe is what tells the emulator that the gateway lives.
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

/// Has the emulator write its state when a change has settled.
async fn save_after_changes<T>(upstream: &Upstream, pid: Option<u32>) -> T {
    loop {
        upstream.written.notified().await;
        sleep(SETTLES_WITHIN).await;
        // Gone already: then there is nobody to tell.
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

/// Kills what is left of the emulator's process group: functions, and what they started.
fn kill_rest(group: Option<u32>) {
    if let Some(group) = group.and_then(|it| Pid::from_raw(it.cast_signed())) {
        // There is nothing left in the ordinary case.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// SIGTERM, which is what makes it write its state and end.
async fn end(mut child: Child) -> Result<(), Error> {
    send(child.id(), Signal::TERM).doing(|| "stop the emulator".to_owned())?;
    match timeout(ENDS_WITHIN, child.wait()).await {
        Ok(_ended) => Ok(()),
        Err(_elapsed) => child.kill().await.doing(|| "kill the emulator".to_owned()),
    }
}
