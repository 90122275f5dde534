//! A build's command, in a process group of its own: the build ends with everything that it started.

use std::{
    io,
    process::{Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Command;

/// The processes of a command. It kills all of them when it is dropped before the command ended.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Runs a command to its end, without input, and returns its output. Ctrl-C in a terminal goes to stackctl alone, which ends
/// the command, and what that started, by dropping the future.
///
/// # Errors
/// A program that can't be started, and the system's errors.
pub async fn output(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.process_group(0).kill_on_drop(true).spawn()?;
    let mut group = Group(child.id().and_then(|it| i32::try_from(it).ok()).and_then(Pid::from_raw));
    let output = child.wait_with_output().await;
    group.0 = None;
    output
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use tokio::time::{sleep, timeout};

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { timeout(Duration::from_secs(30), test).await.unwrap() });
    }

    /// Whether a process runs; a zombie does not.
    async fn runs(id: &str) -> bool {
        let mut ps = Command::new("ps");
        let said = ps.args(["-o", "stat=", "-p", id.trim()]).output().await.unwrap().stdout;
        let said = String::from_utf8(said).unwrap();
        !said.trim().is_empty() && !said.starts_with('Z')
    }

    #[test]
    fn what_a_command_started_ends_with_it() {
        run(async {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("id");
            let mut shell = Command::new("sh");
            shell.args(["-c", "sleep 600 & echo $! > id; wait"]).current_dir(folder.path());
            let ready = async {
                loop {
                    match fs::read_to_string(&file) {
                        Ok(id) if id.ends_with('\n') => return id,
                        Ok(_) | Err(_) => sleep(Duration::from_millis(10)).await,
                    }
                }
            };
            let id = tokio::select! {
                output = output(&mut shell) => panic!("it ended: {output:?}"),
                id = ready => id,
            };
            while runs(&id).await {
                sleep(Duration::from_millis(10)).await;
            }
        });
    }

    #[test]
    fn what_a_command_leaves_running_stays() {
        run(async {
            let mut shell = Command::new("sh");
            shell.args(["-c", "sleep 600 > /dev/null 2>&1 & echo $!"]);
            let output = output(&mut shell).await.unwrap();
            let id = String::from_utf8(output.stdout).unwrap();
            assert!(runs(&id).await, "{id}");
            Command::new("kill").arg(id.trim()).status().await.unwrap();
        });
    }
}
