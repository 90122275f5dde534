//! The command that serves the page while it is developed.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// The folder of a page beside stack.yaml.
const FOLDER: &str = "web";
/// The time that a page's server gets to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);
/// The programs that run the scripts of package.json, by the file that each leaves beside it; npm is the one without.
const RUNNERS: [(&str, &str); 4] = [
    ("pnpm-lock.yaml", "pnpm run dev"),
    ("yarn.lock", "yarn run dev"),
    ("bun.lock", "bun run dev"),
    ("bun.lockb", "bun run dev"),
];

/// A command of the shell, and the folder in which it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCommand {
    /// The command.
    pub command: String,
    /// The folder.
    pub folder: PathBuf,
}

impl PageCommand {
    /// The command of the file, or the script `dev` of `web/package.json`; none when there is neither.
    pub fn find(folder: &Path, of_file: Option<&str>) -> Option<PageCommand> {
        let command = |command: &str, folder| PageCommand { command: command.to_owned(), folder };
        if let Some(of_file) = of_file {
            return Some(command(of_file, folder.to_owned()));
        }
        let page = folder.join(FOLDER);
        let package = fs::read(page.join("package.json")).ok()?;
        let package: serde_json::Value = serde_json::from_slice(&package).ok()?;
        package["scripts"]["dev"].as_str()?;
        let runner = RUNNERS.iter().find(|(file, _)| page.join(file).exists());
        Some(command(runner.map_or("npm run dev", |(_, command)| command), page))
    }

    /// The folder of the page's project.
    pub fn project(&self) -> PathBuf {
        let page = self.folder.join(FOLDER);
        let of_file = !self.folder.join("package.json").exists() && page.join("package.json").exists();
        if of_file { page } else { self.folder.clone() }
    }
}

/// A page that is served.
pub struct Page {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// What a page's server did.
#[derive(Debug)]
pub enum PageEvent {
    /// It wrote a line.
    Line(String),
    /// It ended.
    Ended(ExitStatus),
}

impl Page {
    /// Starts a page's server, without the given environment variables.
    ///
    /// # Errors
    /// The system's.
    pub fn start(command: &PageCommand, without: impl Iterator<Item = OsString>) -> io::Result<Page> {
        let mut shell = Command::new("sh");
        // One stream for both keeps their order.
        shell.args(["-c", &format!("exec 2>&1\n{}", command.command)]).current_dir(&command.folder);
        shell.stdin(Stdio::null()).stdout(Stdio::piped());
        // Ctrl-C in a terminal goes to stackctl alone, which ends the whole group.
        shell.process_group(0).kill_on_drop(true);
        for name in without {
            shell.env_remove(name);
        }
        let mut child = shell.spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("the page's output is not there"))?;
        Ok(Page { child, lines: BufReader::new(output).lines() })
    }

    /// Returns what it does next. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// The system's.
    pub async fn next(&mut self) -> io::Result<PageEvent> {
        match self.lines.next_line().await {
            Ok(Some(line)) => Ok(PageEvent::Line(line)),
            // A line that is no text is left out.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(PageEvent::Line(String::new())),
            Ok(None) => self.child.wait().await.map(PageEvent::Ended),
            Err(error) => Err(error),
        }
    }

    /// Ends it and what it started.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        if timeout(PATIENCE, self.child.wait()).await.is_err() {
            self.signal(Signal::KILL);
            let _ = self.child.wait().await;
        }
    }

    /// Sends a signal to it and to what it started. One that ended has no group any more.
    fn signal(&self, signal: Signal) {
        let group = self.child.id().and_then(|it| i32::try_from(it).ok()).and_then(Pid::from_raw);
        if let Some(group) = group {
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_comes_from() {
        let project = tempfile::tempdir().unwrap();
        let folder = project.path();
        let find = |of_file| PageCommand::find(folder, of_file).map(|it| (it.command.clone(), it.project()));
        assert_eq!(find(None), None);
        assert_eq!(find(Some("make page")), Some(("make page".to_owned(), folder.to_owned())));
        fs::create_dir(folder.join("web")).unwrap();
        fs::write(folder.join("web/package.json"), r#"{ "scripts": { "build": "vite build" } }"#).unwrap();
        assert_eq!(find(None), None);
        fs::write(folder.join("web/package.json"), r#"{ "scripts": { "dev": "vite" } }"#).unwrap();
        assert_eq!(find(None), Some(("npm run dev".to_owned(), folder.join("web"))));
        assert_eq!(find(Some("make page")), Some(("make page".to_owned(), folder.join("web"))));
        fs::write(folder.join("web/yarn.lock"), "").unwrap();
        assert_eq!(find(None), Some(("yarn run dev".to_owned(), folder.join("web"))));
        fs::write(folder.join("package.json"), "{}").unwrap();
        assert_eq!(find(Some("npm run dev")), Some(("npm run dev".to_owned(), folder.to_owned())));
    }

    #[test]
    fn a_page_speaks_and_ends_with_what_it_started() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let run =
                |command: &str| PageCommand { command: command.to_owned(), folder: folder.path().into() };
            let hidden = ["STACKCTL_TEST_HIDDEN".into()];
            let mut page =
                Page::start(&run("echo ready; sleep 600 & echo $!; wait"), hidden.into_iter()).unwrap();
            let mut lines = Vec::new();
            for _ in 0..2 {
                match page.next().await.unwrap() {
                    PageEvent::Line(line) => lines.push(line),
                    PageEvent::Ended(status) => panic!("{status}"),
                }
            }
            let sleeper: i32 = lines[1].parse().unwrap();
            assert_eq!(lines[0], "ready");
            page.stop().await;
            ends(sleeper).await;
            // Also one that is not stopped, as when stackctl fails.
            let mut page = Page::start(&run("sleep 600 & echo $!; wait"), std::iter::empty()).unwrap();
            let PageEvent::Line(sleeper) = page.next().await.unwrap() else { panic!("it ended") };
            drop(page);
            ends(sleeper.parse().unwrap()).await;
            let mut page = Page::start(&run("exit 3"), std::iter::empty()).unwrap();
            match page.next().await.unwrap() {
                PageEvent::Ended(status) => assert_eq!(status.code(), Some(3)),
                PageEvent::Line(line) => panic!("{line}"),
            }
        });
    }

    async fn ends(id: i32) {
        let began = std::time::Instant::now();
        while is_alive(id) {
            assert!(began.elapsed() < PATIENCE, "what a page started goes on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether a process runs; a zombie does not.
    fn is_alive(id: i32) -> bool {
        let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        status.rsplit(") ").next().is_some_and(|it| !it.is_empty() && !it.starts_with('Z'))
    }
}
