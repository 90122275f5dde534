//! The inputs of an earlier build: while none of them has changed, cargo does not run.
//!
//! A record goes as far as cargo itself does: every source that cargo's dep-info names, every manifest and lock file,
//! the settings and programs of cargo and rustup, and the environment. A workspace with a build script, which may
//! depend on anything, leaves no record.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::environment::is_credential;

/// The beginnings of the names of variables that no build depends on; a change of any other runs cargo.
const NOT_FOR_BUILDS: &[&str] = &[
    "_",
    "COLUMNS",
    "DISPLAY",
    "LINES",
    "NO_COLOR",
    "OLDPWD",
    "PWD",
    "SHLVL",
    "SSH_",
    "STACKCTL_",
    "TERM",
    "TMUX",
    "WINDOWID",
    "XDG_",
];

/// A build that was not used for so long is removed from the cache.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Where the record and the zip of one recipe are kept.
#[derive(Debug, Clone)]
pub struct Earlier {
    record: PathBuf,
    zip: PathBuf,
}

/// The file that lists a build's inputs.
#[derive(Debug)]
pub struct Origins {
    /// What cargo made.
    pub binary: PathBuf,
    /// Where cargo says what it was made from.
    pub dep_info: PathBuf,
    /// The folder of the workspace.
    pub root: PathBuf,
    /// The manifests of its packages.
    pub manifests: Vec<PathBuf>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    files: BTreeMap<PathBuf, Option<Stamp>>,
    environment: String,
    /// Of the zip: the two files are replaced one after the other.
    sha256: String,
}

/// What cargo too tells a file's change by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Stamp {
    /// Nanoseconds since 1970.
    modified: u128,
    bytes: u64,
}

impl Earlier {
    /// The record of a recipe in `folder`, kept in `cache`.
    pub fn of(cache: &Path, folder: &Path, recipe: &str) -> Earlier {
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let name = hex(format!("{recipe} in {}", folder.display()).as_bytes());
        Earlier { record: cache.join(format!("{name}.json")), zip: cache.join(format!("{name}.zip")) }
    }

    /// The zip of the earlier build, if nothing that it was made from has changed.
    pub fn recall(&self) -> Option<Vec<u8>> {
        let record: Record = serde_json::from_slice(&fs::read(&self.record).ok()?).ok()?;
        let same = record.environment == environment()
            && record.files.iter().all(|(path, then)| Stamp::of(path) == *then);
        let zip = same.then(|| fs::read(&self.zip).ok()).flatten()?;
        (hex(&zip) == record.sha256).then_some(zip)
    }

    /// Remembers a build in `folder` that began at `began`. Without a record the next one asks cargo.
    ///
    /// # Errors
    /// A cache that can't be written.
    pub fn remember(
        &self,
        folder: &Path,
        origins: &Origins,
        began: SystemTime,
        zip: &[u8],
    ) -> io::Result<()> {
        let Some(inputs) = inputs(folder, origins) else { return Ok(()) };
        let mut files: BTreeMap<PathBuf, Option<Stamp>> =
            inputs.into_iter().map(|path| (path.clone(), Stamp::of(&path))).collect();
        // A file that was saved while cargo ran may be in the build or not.
        if files.values().flatten().any(|it| it.modified >= nanoseconds(began)) {
            return Ok(());
        }
        files.insert(origins.binary.clone(), Stamp::of(&origins.binary));
        let record = Record { files, environment: environment(), sha256: hex(zip) };
        if let Some(cache) = self.record.parent() {
            fs::create_dir_all(cache)?;
            forget(cache, began)?;
        }
        replace(&self.zip, zip)?;
        replace(&self.record, &serde_json::to_vec(&record)?)
    }
}

impl Stamp {
    fn of(path: &Path) -> Option<Stamp> {
        let file = fs::metadata(path).ok()?;
        Some(Stamp { modified: nanoseconds(file.modified().ok()?), bytes: file.len() })
    }
}

/// Everything that a build in `folder` depends on; none when that can't be known.
fn inputs(
    folder: &Path,
    Origins { binary: _, dep_info, root, manifests }: &Origins,
) -> Option<BTreeSet<PathBuf>> {
    let sources = sources(&fs::read_to_string(dep_info).ok()?)?;
    let mut all: BTreeSet<PathBuf> = manifests.iter().cloned().collect();
    all.extend(["Cargo.toml", "Cargo.lock"].map(|it| root.join(it)));
    // A package outside of the workspace has a manifest too.
    all.extend(sources.iter().filter_map(|source| {
        source.ancestors().map(|it| it.join("Cargo.toml")).find(|manifest| manifest.is_file())
    }));
    all.extend(sources);
    const SETTINGS: &[&str] =
        &[".cargo/config.toml", ".cargo/config", "rust-toolchain.toml", "rust-toolchain"];
    let folder = fs::canonicalize(folder).ok()?;
    all.extend(folder.ancestors().flat_map(|it| SETTINGS.iter().map(|name| it.join(name))));
    let home = |variable: &str, folder: &str| {
        let own = env::var_os(variable).filter(|it| !it.is_empty()).map(PathBuf::from);
        own.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(folder)))
    };
    all.extend(
        ["config.toml", "config"].iter().filter_map(|it| Some(home("CARGO_HOME", ".cargo")?.join(it))),
    );
    let toolchains = ["settings.toml", "toolchains", "update-hashes"];
    all.extend(toolchains.iter().filter_map(|it| Some(home("RUSTUP_HOME", ".rustup")?.join(it))));
    let path = env::var_os("PATH").unwrap_or_default();
    let programs = ["cargo", "rustc", "cargo-lambda"];
    all.extend(env::split_paths(&path).flat_map(|folder| programs.map(|it| folder.join(it))));
    Some(all)
}

/// The sources in a dep-info file of cargo's, which is a rule of a makefile; none when it is of another form.
fn sources(dep_info: &str) -> Option<BTreeSet<PathBuf>> {
    let (_, listed) = dep_info.lines().next()?.split_once(": ")?;
    let mut sources = BTreeSet::new();
    let mut source = String::new();
    let mut rest = listed.chars();
    loop {
        match rest.next() {
            Some('\\') => source.push(rest.next()?),
            Some(it) if it != ' ' => source.push(it),
            end => {
                if !source.is_empty() {
                    sources.insert(PathBuf::from(std::mem::take(&mut source)));
                }
                if end.is_none() {
                    return Some(sources).filter(|it| !it.is_empty() && it.iter().all(|it| it.is_absolute()));
                }
            }
        }
    }
}

/// The variables that a build may depend on; no value can be read from it.
fn environment() -> String {
    let all: BTreeMap<_, _> = env::vars_os()
        .filter(|(name, _)| !NOT_FOR_BUILDS.iter().any(|it| name.to_string_lossy().starts_with(it)))
        .filter(|(name, _)| !is_credential(name))
        .collect();
    hex(format!("{all:?}").as_bytes())
}

/// Deletes what is too old.
fn forget(cache: &Path, now: SystemTime) -> io::Result<()> {
    for entry in fs::read_dir(cache)?.flatten() {
        let modified = entry.metadata().and_then(|it| it.modified());
        if modified.is_ok_and(|then| now.duration_since(then).is_ok_and(|age| age > KEPT)) {
            // Another run may do the same.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&new, bytes)?;
    fs::rename(&new, path)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn nanoseconds(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_records_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let keep = |name: &str, age: Duration| {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        keep("new.json", Duration::ZERO);
        keep("last.zip", KEPT / 2);
        keep("old.zip", KEPT * 2);
        forget(folder.path(), SystemTime::now()).unwrap();
        let left: BTreeSet<_> =
            fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(left, ["last.zip", "new.json"].map(Into::into).into());
    }

    #[test]
    fn dep_info() {
        let check = |text: &str, expected: Option<&[&str]>| {
            let expected = expected.map(|all| all.iter().map(PathBuf::from).collect());
            assert_eq!(sources(text), expected, "{text}");
        };
        check("/t/presign: /w/a b", None);
        check("/t/presign: /w/a /w/b\n", Some(&["/w/a", "/w/b"]));
        check("/t/presign: /w/my\\ file.rs /w/back\\\\slash", Some(&["/w/my file.rs", "/w/back\\slash"]));
        check("", None);
        check("/t/presign:\n", None);
        check("/t/presign: /w/a\\", None);
    }
}
