//! MiniStack in a virtual environment of its own, shared by all projects of this user.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use tokio::{process::Command, time::timeout};

use crate::{
    error::{Doing, Error},
    private,
    progress::{Progress, Reporter},
};

/// The version of MiniStack that stackctl is tested with.
pub const MINISTACK: &str = "1.5.33";

const REQUIREMENTS: &str = include_str!("requirements.txt");
const CANDIDATES: [&str; 7] =
    ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const OLDEST: (u32, u32) = (3, 10);

/// An installed emulator.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    /// The Python that has it.
    pub python: PathBuf,
}

/// The Python of the emulator's environment, which has AWS's service models.
///
/// # Errors
/// An installation that fails.
pub async fn python(cache: &Path, report: Reporter<'_>) -> Result<PathBuf, Error> {
    install(cache, report).await.map(|it| it.python)
}

/// The version of the Python that would run the emulator, as in `3.12`. Nothing is installed.
///
/// # Errors
/// No Python, or only an old one.
pub async fn python_version() -> Result<String, Error> {
    find_python().await.map(|it| dotted(it.version))
}

/// Finds the emulator in the cache folder, or installs it there.
pub(crate) async fn install(cache: &Path, report: Reporter<'_>) -> Result<Installed, Error> {
    let base = find_python().await?;
    let name = folder_name(&base.version);
    let folder = cache.join(&name);
    let done = folder.join("complete");
    let installed = Installed { python: folder.join("bin").join("python") };
    if done.exists() {
        return Ok(installed);
    }
    // Other users must not write there: stackctl runs what is in the folder.
    private::folder(cache).doing(|| format!("create {}", cache.display()))?;
    // The lock is held until this function returns; the file stays.
    let _lock = lock(&cache.join(format!("{name}.lock")), report).await?;
    if done.exists() {
        return Ok(installed);
    }
    let started = Instant::now();
    report(Progress::Installing { what: format!("MiniStack {MINISTACK}"), folder: folder.clone() });
    // A virtual environment contains its own path, so it is built in place. The file `complete` is written last;
    // without it the environment is built again.
    if folder.exists() {
        fs::remove_dir_all(&folder).doing(|| format!("remove the incomplete {}", folder.display()))?;
    }
    make_environment(&base, &folder).await?;
    pip(&installed.python, &folder).await?;
    fs::write(&done, MINISTACK).doing(|| format!("write {}", done.display()))?;
    report(Progress::Installed { took: started.elapsed() });
    Ok(installed)
}

struct Python {
    program: &'static str,
    version: (u32, u32),
}

async fn find_python() -> Result<Python, Error> {
    let mut oldest_seen = None;
    for program in CANDIDATES {
        let asked = Command::new(program)
            .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
            .stdin(Stdio::null())
            .output()
            .await;
        let Some(version) = asked.ok().and_then(|it| parse_version(&it)) else { continue };
        if version >= OLDEST {
            return Ok(Python { program, version });
        }
        oldest_seen.get_or_insert(version);
    }
    match oldest_seen {
        Some(it) => Err(Error::OldPython { found: dotted(it) }),
        None => Err(Error::NoPython),
    }
}

/// The folder of the Node.js that this user runs, which may be another than the system's; none without Node.js.
pub(crate) async fn node() -> Option<PathBuf> {
    const BOUND: Duration = Duration::from_secs(5);
    // Version managers put a launcher on PATH, which needs the user's environment; the emulator has none.
    let mut node = Command::new("node");
    node.args(["-p", "process.execPath"]).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = timeout(BOUND, node.output()).await.ok()?.ok()?;
    let path = PathBuf::from(str::from_utf8(&output.stdout).ok()?.trim_end());
    // A colon would end the entry of PATH.
    let is_usable = path.is_absolute() && path.is_file() && !path.to_str()?.contains(':');
    is_usable.then(|| path.parent().map(Path::to_owned)).flatten()
}

fn parse_version(output: &Output) -> Option<(u32, u32)> {
    let text = str::from_utf8(&output.stdout).ok()?;
    let (major, minor) = text.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn dotted((major, minor): (u32, u32)) -> String {
    format!("{major}.{minor}")
}

/// The folder of a set of versions: an upgrade of stackctl or of Python makes a new one.
fn folder_name(python: &(u32, u32)) -> String {
    format!("ministack-{MINISTACK}-{:08x}-py{}", fnv1a(REQUIREMENTS.as_bytes()), dotted(*python))
}

fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

async fn lock(path: &Path, report: Reporter<'_>) -> Result<fs::File, Error> {
    let file = fs::File::create(path).doing(|| format!("create {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(fs::TryLockError::WouldBlock) => report(Progress::WaitingForInstall),
        Err(fs::TryLockError::Error(source)) => {
            return Err(Error::Io { doing: format!("lock {}", path.display()), source });
        }
    }
    let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
    locked.unwrap_or_else(|it| Err(io::Error::other(it))).doing(|| format!("lock {}", path.display()))
}

/// A command that ignores the user's Python settings, but keeps those of the network.
fn alone(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in ["PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"]
    {
        command.env_remove(name);
    }
    command.kill_on_drop(true);
    command
}

async fn make_environment(python: &Python, folder: &Path) -> Result<(), Error> {
    let output = alone(python.program)
        .args(["-m", "venv"])
        .arg(folder)
        .stdin(Stdio::null())
        .output()
        .await
        .doing(|| format!("run {}", python.program))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::NoVenv { version: dotted(python.version), output: said(&output) })
}

async fn pip(python: &Path, folder: &Path) -> Result<(), Error> {
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).doing(|| format!("write {}", requirements.display()))?;
    let output = alone(python)
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-deps", "--require-hashes", "--requirement"])
        .arg(&requirements)
        .stdin(Stdio::null())
        .output()
        .await
        .doing(|| format!("run {}", python.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let output = said(&output);
    Err(if is_network_trouble(&output) { Error::NoNetwork { output } } else { Error::Pip { output } })
}

/// The last lines of a program's output, which have the reason of a failure.
fn said(output: &Output) -> String {
    let all = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&all).into_owned();
    let lines: Vec<_> = text.lines().filter(|it| !it.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}

fn is_network_trouble(output: &str) -> bool {
    const SIGNS: [&str; 8] = [
        "NewConnectionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "NameResolutionError",
        "ProxyError",
        "SSLError",
        "Could not find a version",
        "Connection refused",
    ];
    SIGNS.iter().any(|it| output.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_pins_the_version_told() {
        assert!(REQUIREMENTS.lines().any(|it| it.starts_with(&format!("ministack=={MINISTACK} "))));
    }

    #[test]
    fn what_pip_says_without_a_network() {
        assert!(is_network_trouble(
            "WARNING: Retrying … after connection broken by 'NewConnectionError(…)': /simple/botocore/\n\
             ERROR: Could not find a version that satisfies the requirement botocore==1.43.106"
        ));
        assert!(!is_network_trouble(
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space"
        ));
    }
}
