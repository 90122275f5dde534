//! The local cloud in the foreground: the gateway, and the emulator behind it.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use stackctl_gateway::{Backend, Emulator, Gateway, Layer, Recording, RequestLog, Rules, Upstream};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    emulator,
    error::{Doing, Error},
    install,
    instance::{Instance, Record},
    private,
    progress::{Progress, Tell},
};

/// The port everything talks to, unless another one is asked for.
pub const DEFAULT_PORT: u16 = 4599;

/// What a local cloud is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where emulators are installed, for all projects of the user.
    pub cache: PathBuf,
    /// Where this local cloud keeps its state.
    pub instance: Instance,
    /// The one port that everything talks to.
    pub port: u16,
    /// The region of requests that are not signed for one.
    pub region: String,
    /// Where stackctl's requests are recorded with what is in them, for tests.
    pub record: Option<PathBuf>,
}

impl Options {
    /// Where it will answer.
    pub fn url(&self) -> String {
        url(self.port)
    }
}

pub(crate) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Serves until SIGTERM or SIGINT; then the state is written and what has begun is finished. A layer stands before the
/// gateway's backend; it also says how long functions take to be made and changed.
///
/// # Errors
/// A local cloud that can't be installed, started or kept running.
pub async fn serve(options: &Options, layer: Option<Arc<dyn Layer>>, tell: Tell<'_>) -> Result<(), Error> {
    let Options { cache, instance, port, region, record } = options;
    instance.create()?;
    let _held = instance.hold().await?;
    // What a crash left behind says nothing about this run.
    instance.remove_record()?;
    instance.empty_temporary()?;
    let listener = bind(*port).await?;
    let run = new_word()?;
    instance.write_record(&Record {
        pid: std::process::id(),
        port: *port,
        run: run.clone(),
        region: region.clone(),
    })?;
    let installed = install::install(cache, tell).await?;
    let key = new_word()?;
    let root = instance.root_key()?;
    let upstream = Arc::new(Upstream::new(&key, &root.access_key_id));
    let functions_settle_at_once = layer.is_some();
    let gateway = Arc::new(Gateway {
        backend: Backend {
            upstream: upstream.clone(),
            rules: Rules::new(region.clone(), Emulator::MiniStack),
            region: region.clone(),
        },
        layer,
        log: open_log(&instance.requests())?,
        run,
        root: Some(root.clone()),
        recording: match record {
            Some(path) => {
                let file = private::to_append(path).doing(|| format!("open {}", path.display()))?;
                Some(Recording::new(file))
            }
            None => None,
        },
    });
    tell(Progress::Starting { url: options.url() });

    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(stackctl_gateway::serve(gateway, listener, stopped.clone()));
    let settings = emulator::Settings {
        installed,
        instance: instance.clone(),
        url: options.url(),
        region: region.clone(),
        key,
        root,
        functions_settle_at_once,
    };
    let (emulator_stop, emulator_stopped) = watch::channel(false);
    let emulator = emulator::supervise(&settings, &upstream, emulator_stopped, tell);
    tokio::pin!(emulator);
    let ended = tokio::select! {
        ended = &mut emulator => ended,
        asked = asked_to_stop() => {
            asked?;
            // The gateway first: whoever is being answered still needs the emulator.
            let _ = stop.send(true);
            let _ = serving.await;
            let _ = emulator_stop.send(true);
            emulator.await
        }
    };
    instance.remove_record()?;
    ended
}

/// Serves in front of another emulator, which only lacks the import of OpenAPI documents; ends with the caller.
pub async fn serve_imports(port: u16, emulator: SocketAddr, requests: &Path) -> Result<(), Error> {
    let upstream = Arc::new(Upstream::new(&new_word()?, "test"));
    upstream.found(emulator);
    let region = "us-east-1".to_owned();
    let rules = Rules::new(region.clone(), Emulator::Other);
    let gateway = Arc::new(Gateway {
        backend: Backend { upstream, rules, region },
        layer: None,
        log: open_log(requests)?,
        run: new_word()?,
        root: None,
        recording: None,
    });
    let (_stop, stopped) = watch::channel(false);
    stackctl_gateway::serve(gateway, bind(port).await?, stopped).await;
    Ok(())
}

fn open_log(path: &Path) -> Result<RequestLog, Error> {
    let file = private::log(path, "old.jsonl").doing(|| format!("open {}", path.display()))?;
    Ok(RequestLog::new(file))
}

/// Takes the port, or says who is in the way.
pub(crate) async fn bind(port: u16) -> Result<TcpListener, Error> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(it) => Ok(it),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(Error::TakenPort { port }),
        Err(error) => Err(error).doing(|| format!("listen on 127.0.0.1:{port}")),
    }
}

async fn asked_to_stop() -> Result<(), Error> {
    let listen = |kind| signal(kind).doing(|| "listen for signals".to_owned());
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    // A terminal that closes is no reason for a local cloud to end.
    let _hangup = listen(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// A word that nobody else has or guesses.
fn new_word() -> Result<String, Error> {
    let [left, right] = [getrandom::u64(), getrandom::u64()];
    let word = left.and_then(|left| Ok(format!("{left:016x}{:016x}", right?)));
    word.map_err(io::Error::other).doing(|| "get random bytes".to_owned())
}
