//! The command that makes a function's code ready.

use std::{
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::ExitStatus,
};

use stackctl_stackfile::function::{Bundle, ShellCommand};
use tokio::process::Command;

use super::error::BundleError;
use crate::{environment, group};

/// The files that mark the folder of a project.
const MANIFESTS: [&str; 6] =
    ["package.json", "pyproject.toml", "requirements.txt", "Makefile", "go.mod", "Cargo.toml"];

/// The folder of a bundle's project: the nearest at or above its code that has a manifest, and not above the folder of
/// stack.yaml; that one if there is none.
pub fn project(bundle: &Bundle, folder: &Path) -> PathBuf {
    let code = folder.join(bundle.path.as_str());
    let mut all = code.ancestors().take_while(|it| it.starts_with(folder));
    let found = all.find(|it| MANIFESTS.iter().any(|name| it.join(name).is_file()));
    found.unwrap_or(folder).to_owned()
}

/// Runs a command with `sh` in the folder of a project. It gets no credentials of AWS.
///
/// # Errors
/// A command that fails, with the end of its output.
pub async fn run(command: &ShellCommand, project: &Path) -> Result<(), BundleError> {
    const LAST_LINES: usize = 60;
    let mut shell = Command::new("sh");
    // One stream for both keeps their order.
    shell.args(["-c", &format!("exec 2>&1\n{command}")]);
    shell.current_dir(project);
    for name in environment::credentials() {
        shell.env_remove(name);
    }
    let output = group::output(&mut shell).await;
    let output = output.map_err(|source| BundleError::NoShell { folder: project.to_owned(), source })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = said.trim_end().lines().collect();
    let said = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
    let how = ended(output.status);
    Err(BundleError::Build { command: command.to_string(), folder: project.to_owned(), how, said })
}

fn ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("failed with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "failed".to_owned(),
    }
}
