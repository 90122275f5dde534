//! The sources that change while `stackctl dev` runs.

use std::{
    collections::BTreeSet,
    fmt, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Instant, timeout_at},
};

use crate::tree;

/// An editor that saves a file sends several events: they are one change once none came for so long.
const QUIET: Duration = Duration::from_millis(80);
/// A change is reported after so long, even if events go on.
const AT_MOST: Duration = Duration::from_secs(1);

/// Watches the sources below some folders.
pub struct Watch {
    roots: Vec<PathBuf>,
    watched: BTreeSet<PathBuf>,
    watcher: RecommendedWatcher,
    events: UnboundedReceiver<notify::Result<Event>>,
    /// The paths of the events that were taken and not returned yet, and when the first one came.
    paths: BTreeSet<PathBuf>,
    since: Instant,
}

/// Why folders can't be watched.
#[derive(Debug)]
pub struct WatchError(notify::Error);

impl Watch {
    /// Begins to watch. Of folders within one another, the outer one counts.
    ///
    /// # Errors
    /// A folder that does not exist, and the system's limits.
    pub fn begin(roots: &[PathBuf]) -> Result<Watch, WatchError> {
        let roots =
            roots.iter().map(|it| it.canonicalize().map_err(failed)).collect::<Result<Vec<_>, _>>()?;
        let (sender, events) = unbounded_channel();
        let send = move |event| {
            // A closed channel means that nothing is watched any more.
            let _ = sender.send(event);
        };
        let watcher = RecommendedWatcher::new(send, Config::default()).map_err(WatchError)?;
        let (watched, paths) = Default::default();
        let mut watch = Watch { roots, watched, watcher, events, paths, since: Instant::now() };
        watch.follow_folders()?;
        Ok(watch)
    }

    /// Returns the sources that changed, once they are saved. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// The system's.
    pub async fn changed(&mut self) -> Result<BTreeSet<PathBuf>, WatchError> {
        loop {
            if self.paths.is_empty() {
                let Some(event) = self.events.recv().await else { return std::future::pending().await };
                self.take(event)?;
            }
            let changed = self.settled().await?;
            if !changed.is_empty() {
                return Ok(changed);
            }
        }
    }

    /// Returns the sources that changed until now, once they are saved; none when there are none. Nothing is lost when the
    /// future is dropped.
    ///
    /// # Errors
    /// The system's.
    pub async fn settled(&mut self) -> Result<BTreeSet<PathBuf>, WatchError> {
        loop {
            let quiet = Instant::now() + QUIET;
            let until = if self.paths.is_empty() { quiet } else { quiet.min(self.since + AT_MOST) };
            match timeout_at(until, self.events.recv()).await {
                Ok(Some(event)) => self.take(event)?,
                Ok(None) | Err(_) => break,
            }
        }
        let paths = std::mem::take(&mut self.paths);
        if paths.iter().any(|it| it.is_dir()) {
            self.follow_folders()?;
        }
        let mut sources = tree::sources(paths);
        sources.retain(|it| !is_own_output(it));
        Ok(sources)
    }

    fn take(&mut self, event: notify::Result<Event>) -> Result<(), WatchError> {
        let event = event.map_err(WatchError)?;
        if self.paths.is_empty() {
            self.since = Instant::now();
        }
        if !matches!(event.kind, EventKind::Access(_)) {
            self.paths.extend(event.paths);
        }
        Ok(())
    }

    /// Watches the folders that are not watched yet: each by itself, since those of dependencies are left out.
    fn follow_folders(&mut self) -> Result<(), WatchError> {
        let all: BTreeSet<PathBuf> = self.roots.iter().flat_map(|it| tree::folders(it)).collect();
        for folder in all.difference(&self.watched) {
            match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => {}
                // It was deleted since.
                Err(_) if !folder.exists() => {}
                Err(error) => return Err(WatchError(error)),
            }
        }
        // Deleted folders are forgotten: one that appears again under the name is watched again.
        self.watched = all;
        Ok(())
    }
}

/// Whether this program writes its output to the file, as in `stackctl dev > dev.log`: what it says there is no change.
fn is_own_output(path: &Path) -> bool {
    let file = |path: &Path| fs::metadata(path).ok().map(|it| (it.dev(), it.ino()));
    let found = file(path);
    found.is_some() && ["/dev/stdout", "/dev/stderr"].iter().any(|it| file(Path::new(it)) == found)
}

fn failed(source: io::Error) -> WatchError {
    WatchError(notify::Error::io(source))
}

impl fmt::Display for WatchError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            notify::ErrorKind::MaxFilesWatch => out.write_str(
                "the system watches no more folders (fs.inotify.max_user_watches); other programs, such as editors, use \
                 the rest",
            ),
            _ => self.0.fmt(out),
        }
    }
}

impl std::error::Error for WatchError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(30), test).await.unwrap() });
    }

    #[test]
    fn saved_files_are_one_change_and_reading_is_none() {
        alone(async {
            let project = tempfile::tempdir().unwrap();
            let root = project.path().canonicalize().unwrap();
            let (a, b) = (root.join("a.rs"), root.join("b.rs"));
            fs::write(&a, "1").unwrap();
            let mut watch = Watch::begin(std::slice::from_ref(&root)).unwrap();
            fs::read(&a).unwrap();
            assert_eq!(watch.settled().await.unwrap(), BTreeSet::new());
            // As an editor saves: another file takes the name.
            fs::write(root.join(".a.rs.swp"), "2").unwrap();
            fs::rename(root.join(".a.rs.swp"), &a).unwrap();
            fs::write(&b, "1").unwrap();
            assert_eq!(watch.changed().await.unwrap(), BTreeSet::from([a.clone(), b.clone()]));
            fs::remove_file(&b).unwrap();
            assert_eq!(watch.changed().await.unwrap(), BTreeSet::from([b]));
        });
    }

    #[test]
    fn nothing_is_lost_when_the_wait_is_dropped() {
        alone(async {
            let project = tempfile::tempdir().unwrap();
            let file = project.path().canonicalize().unwrap().join("a.rs");
            let mut watch = Watch::begin(&[project.path().to_owned()]).unwrap();
            fs::write(&file, "1").unwrap();
            // The wait ends after the event and before it is quiet.
            let dropped = tokio::time::timeout(QUIET / 2, watch.changed()).await;
            assert!(dropped.is_err());
            assert_eq!(watch.changed().await.unwrap(), BTreeSet::from([file]));
        });
    }

    #[test]
    fn new_folders_are_watched_and_ignored_ones_are_not() {
        alone(async {
            let project = tempfile::tempdir().unwrap();
            let root = project.path().canonicalize().unwrap();
            fs::write(root.join(".gitignore"), "dist/\n").unwrap();
            let mut watch = Watch::begin(std::slice::from_ref(&root)).unwrap();
            fs::create_dir_all(root.join("src/deep")).unwrap();
            watch.changed().await.unwrap();
            fs::create_dir(root.join("dist")).unwrap();
            fs::write(root.join("dist/index.js"), "").unwrap();
            let file = root.join("src/deep/new.rs");
            fs::write(&file, "").unwrap();
            assert_eq!(watch.changed().await.unwrap(), BTreeSet::from([file]));
        });
    }
}
