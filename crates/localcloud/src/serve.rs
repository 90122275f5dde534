//! The local cloud in the foreground: the gateway, and the emulator behind it.

use std::{
    fs, io,
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
    progress::{Progress, Reporter},
};

/// The default port.
pub const DEFAULT_PORT: u16 = 4599;

/// The options of a local cloud.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of installed emulators, for all projects of the user.
    pub cache: PathBuf,
    /// The state folder of this local cloud.
    pub instance: Instance,
    /// The port of the gateway.
    pub port: u16,
    /// The region of requests that are not signed for one.
    pub region: String,
    /// A file that whole requests of stackctl are recorded in, for tests.
    pub record: Option<PathBuf>,
}

impl Options {
    /// The URL of the local cloud.
    pub fn url(&self) -> String {
        url(self.port)
    }
}

pub(crate) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Serves until SIGTERM or SIGINT, then finishes the requests in flight and writes the state. A layer stands before the
/// gateway's backend. With a layer, the emulator creates and changes functions without a delay of its own.
///
/// # Errors
/// A local cloud that can't be installed, started or kept running.
pub async fn serve(
    options: &Options,
    layer: Option<Arc<dyn Layer>>,
    report: Reporter<'_>,
) -> Result<(), Error> {
    let Options { cache, instance, port, region, record } = options;
    instance.create()?;
    let _held = instance.hold().await?;
    // A crash may have left files of another run.
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
    let installed = install::install(cache, report).await?;
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
    // The emulator writes the file.
    drop(open_private_log(&instance.messages())?);
    report(Progress::Starting { url: options.url() });

    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(stackctl_gateway::serve(gateway, listener, stopped.clone()));
    let emulator_options = emulator::EmulatorOptions {
        installed,
        node: install::node().await,
        instance: instance.clone(),
        url: options.url(),
        region: region.clone(),
        key,
        root,
        functions_settle_at_once,
    };
    let (emulator_stop, emulator_stopped) = watch::channel(false);
    let emulator = emulator::supervise(&emulator_options, &upstream, emulator_stopped, report);
    tokio::pin!(emulator);
    let ended = tokio::select! {
        ended = &mut emulator => ended,
        asked = asked_to_stop() => {
            asked?;
            // The gateway stops first: requests in flight still need the emulator.
            let _ = stop.send(true);
            let _ = serving.await;
            let _ = emulator_stop.send(true);
            emulator.await
        }
    };
    instance.remove_record()?;
    ended
}

/// Serves in front of another emulator, to which it adds the import of OpenAPI documents. It never returns without an
/// error.
///
/// # Errors
/// A taken port, or a log that can't be opened.
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
    open_private_log(path).map(RequestLog::new)
}

fn open_private_log(path: &Path) -> Result<fs::File, Error> {
    private::log(path, "old.jsonl").doing(|| format!("open {}", path.display()))
}

/// Listens on the port.
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
    // The local cloud keeps running when its terminal closes.
    let _hangup = listen(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// A random word that can't be guessed.
fn new_word() -> Result<String, Error> {
    let [left, right] = [getrandom::u64(), getrandom::u64()];
    let word = left.and_then(|left| Ok(format!("{left:016x}{:016x}", right?)));
    word.map_err(io::Error::other).doing(|| "get random bytes".to_owned())
}
